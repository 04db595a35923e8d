"""An order comes in, once, with its lines, payments and parcels.

One path for one order and for a hundred thousand: read and judge in Python, then COPY into every
table in one transaction. What meets a row that is there already is taken again by itself.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from countermand import sql
from countermand.channels.models import Channel
from countermand.channels.presets import clock_of, effective
from countermand.intake.reading import OrderRead, read
from countermand.intake.rows import Batch
from countermand.refusals import Refusal, there_are


@dataclass(frozen=True, slots=True)
class Received:
    """The order that stands now; `created` False when the same one had come in before."""

    order_id: UUID
    created: bool


def receive(*, merchant_id: int, body: dict[str, Any], by: str, at: datetime) -> Received:
    """This will take one order in.

    Refuses `order_differs` when the channel has that number with other content, and whatever
    `intake.reading` finds wrong, naming the field.
    """
    [answer] = receive_many(merchant_id=merchant_id, bodies=[body], by=by, at=at)
    if isinstance(answer, Refusal):
        raise answer
    return answer


def receive_many(
    *, merchant_id: int, bodies: Sequence[dict[str, Any]], by: str, at: datetime
) -> list[Received | Refusal]:
    """This will take orders in as one transaction, each judged by itself: a refused one holds up no other."""
    channels = {channel.code: channel for channel in Channel.of(merchant_id).select_related("merchant")}
    clocks = {code: _clock(channel) for code, channel in channels.items()}
    judged: list[tuple[Channel, OrderRead] | Refusal] = []
    for body in bodies:
        try:
            channel = channels.get(body["channel"])
            if channel is None:
                detail = f"no channel {body['channel']!r}; {there_are(sorted(channels))}"
                raise Refusal("unknown_channel", detail, field="channel")
            judged.append((channel, read(body, timezone=clocks[channel.code], mode=channel.mode)))
        except Refusal as refusal:
            judged.append(refusal)
    readable = [entry for entry in judged if not isinstance(entry, Refusal)]
    written = iter(_write(merchant_id, readable, by=by, at=at))
    return [entry if isinstance(entry, Refusal) else next(written) for entry in judged]


def _clock(channel: Channel) -> str:
    """The time zone in which the channel's terms count days: an order's day is that of the rate's window."""
    terms = effective(channel.terms, channel.overrides)
    return clock_of(terms, merchant=channel.merchant.timezone, channel=channel.timezone)


def _write(
    merchant_id: int, entries: list[tuple[Channel, OrderRead]], *, by: str, at: datetime
) -> list[Received | Refusal]:
    if not entries:
        return []
    # Articles that nobody described yet are made first and on their own: waiting for another
    # intake's new article while holding orders could turn into a circle.
    items = _ensure_items(
        merchant_id, sorted({line["sku"] for _, order in entries for line in order.body["lines"]})
    )
    try:
        with _undone_alone():
            return _write_together(merchant_id=merchant_id, entries=entries, items=items, by=by, at=at)
    except IntegrityError as error:
        if len(entries) > 1:  # somebody else wrote one of them meanwhile: judge each by itself
            return [one for entry in entries for one in _write(merchant_id, [entry], by=by, at=at)]
        if "order_number" in str(error):  # just now, and committed: it is found this time
            return _write_together(merchant_id=merchant_id, entries=entries, items=items, by=by, at=at)
        if "payment_reference" in str(error):
            detail = "this payment of the provider belongs to another order"
            return [Refusal("payment_reference_taken", detail, field="payments")]
        raise


def _undone_alone() -> AbstractContextManager[Any]:
    """Inside a caller's transaction, a failure must leave that one usable: it is undone to here only."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


NEW_ITEMS = """
INSERT INTO item (id, merchant_id, sku, title, product, options, interchangeable, range, currency, allocated,
    active, barcode, updated_at)
SELECT gen_random_uuid(), %(m)s, sku, '', '', '{}', '{}', '', '', 0, true, '', now()
FROM unnest(%(skus)s::text[]) AS sku
ON CONFLICT (merchant_id, sku) DO NOTHING
"""


def _ensure_items(merchant_id: int, skus: list[str]) -> dict[str, UUID]:
    """sku -> item; unknown articles are made without stock keeping."""
    find = "SELECT sku, id FROM item WHERE merchant_id = %s AND sku = ANY(%s)"
    found = dict(sql.tuples(find, (merchant_id, skus)))
    missing = [sku for sku in skus if sku not in found]
    if missing:
        sql.execute(NEW_ITEMS, {"m": merchant_id, "skus": missing})
        found |= dict(sql.tuples(find, (merchant_id, missing)))
    return found


@sql.verb
def _write_together(
    *,
    merchant_id: int,
    entries: list[tuple[Channel, OrderRead]],
    items: dict[str, UUID],
    by: str,
    at: datetime,
) -> list[Received | Refusal]:
    there = _already_there(merchant_id, entries)
    batch = Batch(merchant_id=merchant_id, by=by, at=at)
    answers: list[Received | Refusal] = []
    for channel, order in entries:
        known = there.get((channel.id, order.number))
        if known is None:
            order_id = batch.add(channel=channel, order=order, items=items)
            there[channel.id, order.number] = (order_id, order.digest)
            answers.append(Received(order_id, created=True))
        elif known[1] == order.digest:
            answers.append(Received(known[0], created=False))
        else:
            detail = f"order {order.number} is there with other content"
            answers.append(Refusal("order_differs", detail, field="number"))
    batch.write()
    return answers


def _already_there(
    merchant_id: int, entries: list[tuple[Channel, OrderRead]]
) -> dict[tuple[UUID, str], tuple[UUID, bytes]]:
    found = sql.tuples(
        'SELECT channel_id, number, id, content_digest FROM "order" '
        "WHERE merchant_id = %s AND channel_id = ANY(%s) AND number = ANY(%s)",
        (merchant_id, list({channel.id for channel, _ in entries}), [order.number for _, order in entries]),
    )
    return {(channel, number): (order, bytes(digest)) for channel, number, order, digest in found}
