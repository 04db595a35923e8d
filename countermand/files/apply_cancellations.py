"""Running a cancellation file: chunk by chunk, each one transaction, what became of each row in the file's order.

Memory is that of a chunk, whatever the file's length. A run that was killed is run again: rows done before
are known by their identity.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from countermand import ids, money
from countermand.cancellations.actions import Confirmed, Wish
from countermand.cancellations.queries import AlreadyDone, done_by_source
from countermand.cancellations.rows import amounts_by_row
from countermand.channels.queries import channels
from countermand.files.cancel_engines import Answer, Confirming, Failed, Judging, scattered_orders
from countermand.files.cancel_runs import Run, runs, source_of
from countermand.files.cancellation_rows import CancellationFile, CancelRow, State
from countermand.files.reused_references import reused_references
from countermand.files.row_results import RowRefused
from countermand.files.statistics import FIRST
from countermand.orders.by_number import KnownOrder, find_by_number
from countermand.refusals import Refusal

CHUNK_ROWS = 500
MOST_ROWS_OF_ONE_ORDER = 2_000  # an order's lines at most: rows of one order are held together up to here

Judged = CancelRow | RowRefused


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row. `amount_minor` is the row's part of what goes back, `cancellation` what it made."""

    raw: dict[str, str]
    row_number: int
    state: State
    code: str = ""
    detail: str = ""
    cancellation: str = ""
    amount_minor: int | None = None
    currency: str = ""

    @property
    def amount(self) -> Decimal | None:
        """This will give the amount in major units, with the currency's decimals."""
        return None if self.amount_minor is None else Decimal(money.plain(self.amount_minor, self.currency))


def apply_cancellations(
    *, merchant_id: int, file: CancellationFile, by: str, at: datetime, dry_run: bool = False
) -> Iterator[Outcome]:
    """This will run a cancellation file row by row and yield what became of each, in the file's order.

    A chunk is one transaction: what was yielded is committed. With `dry_run` nothing is written, and each
    row is judged on what the rows before it would have done.
    """
    known = {channel.code: channel.id for channel in channels(merchant_id=merchant_id)}
    engine: Confirming | Judging = (
        Judging(merchant_id, at, scattered_orders(file=file)) if dry_run else Confirming(merchant_id, by, at)
    )
    for rows in _chunks(file):
        yield from _run(merchant_id, rows, known, engine)


def _run(
    merchant_id: int, rows: list[Judged], known: dict[str, UUID], engine: Confirming | Judging
) -> Iterator[Outcome]:
    asked = [row for row in rows if isinstance(row, CancelRow)]
    sources = {row.row_number: source_of(row) for row in asked}
    done = done_by_source(merchant_id=merchant_id, sources=list(sources.values()))
    to_do = [row for row in asked if sources[row.row_number] not in done]
    made, refused = runs(rows=to_do, orders=_orders(merchant_id, to_do, known), channels=known)
    before = [row for row in asked if sources[row.row_number] in done]
    refused |= reused_references(merchant_id=merchant_id, rows=before)
    answers = dict(_answers(made, engine))
    engine.finished()
    for row in rows:
        if isinstance(row, RowRefused):
            yield Outcome(row.raw, row.row_number, "refused", row.code, row.detail)
        elif (refusal := refused.get(row.row_number)) is not None:
            yield _refused(row, refusal)
        elif (earlier := done.get(sources[row.row_number])) is not None:
            yield _already(row, earlier)
        else:
            yield answers[row.row_number]


def _orders(
    merchant_id: int, rows: Sequence[CancelRow], known: dict[str, UUID]
) -> dict[tuple[str, str], KnownOrder]:
    wanted: dict[tuple[UUID, str], bool] = {}
    for row in rows:
        if channel := known.get(row.channel):
            key = (channel, row.order)
            wanted[key] = wanted.get(key, False) or bool(row.line or row.sku)
    codes = {channel: code for code, channel in known.items()}
    found = find_by_number(merchant_id=merchant_id, wanted=wanted)
    return {(codes[channel], number): order for (channel, number), order in found.items()}


def _answers(made: list[Run], engine: Confirming | Judging) -> Iterator[tuple[int, Outcome]]:
    """What became of each row of each run; a run that was refused as a whole is judged row by row."""
    again: list[Run] = []
    for run, wish, answer in engine.ask(made):
        if len(run.rows) > 1 and not isinstance(answer, Confirmed):
            again.extend(run.apart())
        else:
            yield from _outcomes(engine.merchant_id, run, wish, answer)
    for run, wish, answer in engine.ask(again):
        yield from _outcomes(engine.merchant_id, run, wish, answer)


def _outcomes(merchant_id: int, run: Run, wish: Wish, answer: Answer) -> Iterator[tuple[int, Outcome]]:
    if isinstance(answer, Confirmed):
        made = "" if answer.id == ids.NONE else str(answer.id)
        currency = answer.plan.ledger.order.currency
        amounts = [answer.plan.refund]
        if wish.rows:
            amounts = [amount for _, amount in amounts_by_row(plan=answer.plan, rows=wish.rows)]
        for row, amount in zip(run.rows, amounts, strict=True):
            yield row.row_number, Outcome(row.raw, row.row_number, "done", "", "", made, amount, currency)
        return
    [row] = run.rows
    if isinstance(answer, AlreadyDone):
        # Another run was faster with this reference: was it with this row?
        reused = reused_references(merchant_id=merchant_id, rows=[row]).get(row.row_number)
        yield row.row_number, _refused(row, reused) if reused else _already(row, answer)
    else:
        state: State = "error" if isinstance(answer, Failed) else "refused"
        yield row.row_number, Outcome(row.raw, row.row_number, state, answer.code, answer.detail)


def _refused(row: CancelRow, refusal: Refusal) -> Outcome:
    return Outcome(row.raw, row.row_number, "refused", refusal.code, refusal.detail)


def _already(row: CancelRow, before: AlreadyDone) -> Outcome:
    return Outcome(
        row.raw, row.row_number, "already_done", "", "", str(before.id), before.refund_minor, before.currency
    )


def _chunks(file: CancellationFile) -> Iterator[list[Judged]]:
    """Rows in chunks that do not part rows of one order that follow each other."""
    chunk: list[Judged] = []
    last: tuple[str, str] | None = None
    full = FIRST
    for row in file:
        if isinstance(row, CancelRow):
            key = (row.channel, row.order)
            if len(chunk) >= full and key != last:
                yield chunk
                chunk, full = [], CHUNK_ROWS
            last = key
        chunk.append(row)
        if len(chunk) >= CHUNK_ROWS + MOST_ROWS_OF_ONE_ORDER:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
