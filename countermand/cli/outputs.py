"""What a command on a file writes beside it: tried before anything is done, and cleaned up when it is ended."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click


def try_outputs(*, source: Path, outputs: Mapping[str, Path | None]) -> None:
    """This will refuse, by option, outputs that cannot be written or would take the place of the file that is read.

    Raises: click.ClickException (exit 1), before anything of the file was done.
    """
    from countermand.files.placing import try_place

    taken: dict[Path, str] = {}
    for option, path in outputs.items():
        if path is None:
            continue
        if path.exists() and path.samefile(source):
            raise click.ClickException(f"{option}: {path} is the file that is read: name another.")
        if path.is_file() or not path.exists():  # two may well go to one pipe
            other = taken.setdefault(path.resolve(), option)
            if other != option:
                raise click.ClickException(f"{option}: {path} is what {other} names too: name another.")
        try:
            try_place(path=path)
        except OSError as refused:
            why = refused.strerror or refused
            raise click.ClickException(f"{option}: cannot write {path}: {why}.") from refused


@contextmanager
def ended_in_order() -> Iterator[None]:
    """This will let a command that is told to end (SIGTERM, a closed terminal) put its things away first."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {
        number: signal.signal(number, end)
        for number in (signal.SIGTERM, signal.SIGHUP)
        if signal.getsignal(number) == signal.SIG_DFL  # under nohup it stays unheard
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
