"""Loading orders from a file: chunk by chunk, each one transaction, what became of each order in the file's order."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from countermand.files.body_types import check_order
from countermand.files.importing import Imported, Writing, together
from countermand.files.order_rows import OrderBody
from countermand.files.row_identity import SeenRows, fingerprint
from countermand.files.row_results import RowRefused
from countermand.files.statistics import FIRST, ORDERS, refresh
from countermand.intake.actions import Received, receive_many
from countermand.refusals import Refusal

CHUNK_ORDERS = 1_000
CHUNK_LINES = 10_000  # whichever comes first: an order may have 2,000 lines


def import_orders(
    *,
    merchant_id: int,
    orders: Iterable[OrderBody | RowRefused],
    by: str,
    at: datetime,
    dry_run: bool = False,
    before: Callable[[], None] | None = None,
) -> Iterator[Imported]:
    """This will take the orders of a file in and yield what became of each, in the file's order.

    A chunk is one transaction: what was yielded is committed. With `dry_run` each chunk is rolled back; an
    order that stands twice in the file is judged as it would be, and `before` makes what the orders need: it
    is rolled back with the chunk too.
    """
    write = _rehearsal(merchant_id, by, at, before) if dry_run else _writing(merchant_id, by, at)
    for chunk in _chunks(orders, most=FIRST if dry_run else CHUNK_ORDERS):
        yield from together(chunk, read=_read, write=write)
        if not dry_run:
            refresh(tables=ORDERS)


def _read(found: OrderBody) -> dict[str, Any]:
    return check_order(found.body)


def _writing(merchant_id: int, by: str, at: datetime) -> Writing:
    def write(bodies: list[dict[str, Any]]) -> list[bool | Refusal]:
        answers = receive_many(merchant_id=merchant_id, bodies=bodies, by=by, at=at)
        return [_made(answer) for answer in answers]

    return write


def _rehearsal(merchant_id: int, by: str, at: datetime, before: Callable[[], None] | None) -> Writing:
    write = _writing(merchant_id, by, at)
    differs = _other_content()

    def rehearse(bodies: list[dict[str, Any]]) -> list[bool | Refusal]:
        with transaction.atomic():
            if before is not None:
                before()
            answers = write(bodies)
            transaction.set_rollback(True)
        return [
            _differing(body) if answer is True and differs(body) else answer
            for body, answer in zip(bodies, answers, strict=True)
        ]

    return rehearse


def _made(answer: Received | Refusal) -> bool | Refusal:
    return answer if isinstance(answer, Refusal) else answer.created


def _other_content() -> Callable[[dict[str, Any]], bool]:
    """Tells an order whose number was in an earlier chunk with other content, at some 50 bytes an order."""
    numbers, contents = SeenRows(), SeenRows()

    def differs(body: dict[str, Any]) -> bool:
        known = numbers.first(fingerprint=fingerprint(parts=(body["channel"], body["number"])), row_number=1)
        content = fingerprint(parts=(json.dumps(body, sort_keys=True),))
        return contents.first(fingerprint=content, row_number=1) is None and known is not None

    return differs


def _differing(body: dict[str, Any]) -> Refusal:
    return Refusal("order_differs", f"order {body['number']} is there with other content", field="number")


def _chunks(orders: Iterable[OrderBody | RowRefused], *, most: int) -> Iterator[list[OrderBody | RowRefused]]:
    chunk: list[OrderBody | RowRefused] = []
    lines, full = 0, FIRST
    for found in orders:
        chunk.append(found)
        if isinstance(found, OrderBody):
            named = found.body.get("lines")
            lines += len(named) if isinstance(named, list) else 1
        if len(chunk) >= full or lines >= CHUNK_LINES:
            yield chunk
            chunk, lines, full = [], 0, most
    if chunk:
        yield chunk
