"""What every command on a file shows: progress, refused rows on stderr, counts, and how it ended."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

SHOWN = 100  # refused rows that are shown; a result file has them all
UNREADABLE, SOME_REFUSED = 1, 3


@dataclass
class Rows:
    """Counts what became of rows, and shows the first that were refused."""

    what: str
    total: int
    states: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def count(self, *, state: str, row_number: int, code: str, detail: str) -> None:
        """This will count one row."""
        self.states[state] += 1
        if state in ("refused", "error") and len(self.refused) < SHOWN:
            self.refused.append(f"row {row_number}: {code}: {detail}")

    @property
    def bad(self) -> int:
        """This will say how many were not done."""
        return self.states["refused"] + self.states["error"]


def finish(*rows: Rows) -> None:
    """This will show what was refused and the counts, and end the command: 0 all done, 3 some refused."""
    for one in rows:
        for line in one.refused:
            click.echo(line, err=True)
        if one.bad > len(one.refused):
            click.echo(f"… and {one.bad - len(one.refused):,} more", err=True)
        counts = ", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in one.states.items())
        click.echo(f"{one.what}: {counts or 'none'}.")
    if any(one.bad for one in rows):
        raise SystemExit(SOME_REFUSED)


@contextmanager
def progress(*, length: int, label: str) -> Iterator[Any]:
    """This will show a bar on stderr where a person looks; call `update(n)` on it."""
    with click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), update_min_steps=500
    ) as bar:
        yield bar


@contextmanager
def readable(*, path: Path) -> Iterator[None]:
    """This will end the command with 1 where the file as a whole cannot be read."""
    from countermand.files.opening import UnreadableFile

    try:
        yield
    except UnreadableFile as unreadable:
        where = f", row {unreadable.row_number}" if unreadable.row_number else ""
        click.echo(f"{path}{where}: {unreadable.code}: {unreadable.detail}", err=True)
        raise SystemExit(UNREADABLE) from unreadable


def written_by(*, path: Path) -> str:
    """This will name a file as the author of what it made."""
    return f"file:{path.name}"[:100]
