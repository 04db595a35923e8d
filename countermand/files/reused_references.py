"""A reference that was done before for something else: the row is no repetition and must not pass for one."""

from collections.abc import Sequence

from countermand.cancellations.queries import Made, made_by_source
from countermand.files.cancel_runs import reference_of, source_of
from countermand.files.cancellation_rows import CancelRow
from countermand.refusals import Refusal


def reused_references(*, merchant_id: int, rows: Sequence[CancelRow]) -> dict[int, Refusal]:
    """This will refuse, by row number, which rows done before stood for another order, lines or units then.

    Rows without a reference are not asked about: their identity is their file's content.
    """
    named = {row.row_number: source_of(row) for row in rows if reference_of(row)}
    made = made_by_source(merchant_id=merchant_id, sources=list(named.values()))
    return {
        row.row_number: _reused(row, made[named[row.row_number]])
        for row in rows
        if row.row_number in named and not _is_what_was_made(row, made[named[row.row_number]])
    }


def _reused(row: CancelRow, made: Made) -> Refusal:
    what = f"order {made.order}"
    if row.order == made.order:
        what = f"other lines or units of {what}"
    detail = f"{reference_of(row)} cancelled {what} before"
    return Refusal("reference_reused", detail, field="reference")


def _is_what_was_made(row: CancelRow, made: Made) -> bool:
    """Units are compared as far as they are known: what several rows took together is known line by line only."""
    if row.order != made.order:
        return False
    meant = [
        line
        for line in made.lines
        if (not row.line or line.reference == row.line) and (not row.sku or line.sku == row.sku)
    ]
    taken = sum(line.quantity for line in meant)
    if not taken or (made.alone and taken != sum(line.quantity for line in made.lines)):
        return False
    if row.quantity is None:  # all that was open, or the whole order, which never joins others
        return not any(line.left for line in meant) and (made.alone or bool(row.line or row.sku))
    return taken == row.quantity or (not row.line and not made.alone and taken > row.quantity)
