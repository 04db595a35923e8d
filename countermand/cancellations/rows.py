"""Several rows of a file that make one cancellation together: what part of it is each row's. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from countermand.cancellations.planned import Plan


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: its identity for ever, and the references of the lines that it calls off."""

    source: str
    lines: tuple[str, ...]


def amounts_by_row(*, plan: Plan, rows: Sequence[FileRow]) -> list[tuple[str, int]]:
    """This will share out what goes back over the rows: (identity, minor units), in their order.

    Each row gets what its units are worth; the last one what goes back beside units (carriage, fees), and
    bears what is kept of it. Where less goes back than the units are worth, earlier rows are served first.
    The parts sum to the whole.
    """
    worth = {planned.line.reference: planned.amount for planned in plan.lines}
    left = plan.refund
    amounts = []
    for row in rows[:-1]:
        amount = min(left, sum(worth.get(line, 0) for line in row.lines))
        left -= amount
        amounts.append((row.source, amount))
    return [*amounts, (rows[-1].source, left)] if rows else []
