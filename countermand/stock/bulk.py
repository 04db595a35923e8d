"""Many articles described at once: what a file of items becomes. New ones are written as sets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection

from countermand import sql
from countermand.events.record import event, record
from countermand.refusals import Refusal, named
from countermand.stock.actions import can_be_on_hand, put_item, read_fields
from countermand.stock.models import Item, Movement

ITEM = (
    "id", "merchant_id", "sku", "title", "product", "options", "interchangeable", "range", "price_minor",
    "currency", "on_hand", "allocated", "active", "restock_default", "barcode", "updated_at",
)  # fmt: skip
MOVEMENT = ("merchant_id", "item_id", "kind", "on_hand_delta", "allocated_delta", "at", "by", "note")


def put_items(
    *, merchant_id: int, items: Sequence[tuple[str, dict[str, Any]]], by: str, at: datetime
) -> list[bool | Refusal]:
    """This will describe articles, (sku, fields) each, as `put_item` does: True where one was made, False where it stood.

    The stock that an article was opened with may be said again: it is the same fact, so a file can be loaded
    twice. Any other refuses `use_stock`.
    """
    answers: list[bool | Refusal] = [False] * len(items)
    there = _there(merchant_id, [sku for sku, _ in items])
    fresh: dict[str, tuple[int, Item]] = {}
    again: list[int] = []
    for i, (sku, given) in enumerate(items):
        fields = {name: value for name, value in given.items() if value is not None}
        try:
            if sku in fresh:
                again.append(i)
            elif sku in there:
                answers[i] = _described(*there[sku], fields, by=by, at=at)
            else:
                fresh[sku] = (i, _made(merchant_id, sku, fields, at=at))
        except Refusal as refusal:
            answers[i] = refusal
    if fresh:
        try:
            _write([item for _, item in fresh.values()], by=by, at=at)
        except IntegrityError:  # somebody described one of them just now: it is found this time
            if connection.in_atomic_block:
                raise
            return put_items(merchant_id=merchant_id, items=items, by=by, at=at)
        for i, _ in fresh.values():
            answers[i] = True
    if again:
        later = put_items(merchant_id=merchant_id, items=[items[i] for i in again], by=by, at=at)
        for i, answer in zip(again, later, strict=True):
            answers[i] = answer
    return answers


def _there(merchant_id: int, skus: list[str]) -> dict[str, tuple[Item, int | None]]:
    """The articles that stand, each with the stock that it was opened with."""
    items = {item.id: item for item in Item.of(merchant_id).filter(sku__in=skus)}
    openings = Movement.of(merchant_id).filter(item_id__in=list(items), kind="opening").order_by("-id")
    opened = dict(openings.values_list("item_id", "on_hand_delta"))
    return {item.sku: (item, opened.get(item.id)) for item in items.values()}


def _described(item: Item, opened: int | None, fields: dict[str, Any], *, by: str, at: datetime) -> bool:
    on_hand = fields.get("on_hand")
    if on_hand is not None and on_hand != opened:
        raise Refusal("use_stock", "stock of an article that exists is counted or added to", field="on_hand")
    described = {name: value for name, value in fields.items() if name != "on_hand"}
    if any(getattr(item, name) != value for name, value in read_fields(item, described).items()):
        put_item(merchant_id=item.merchant_id, sku=item.sku, fields=described, by=by, at=at)
    return False


def _made(merchant_id: int, sku: str, fields: dict[str, Any], *, at: datetime) -> Item:
    named(sku, field="sku")
    item = Item(merchant_id=merchant_id, sku=sku, on_hand=fields.get("on_hand"), updated_at=at)
    if item.on_hand is not None:
        can_be_on_hand(item.on_hand, field="on_hand")
    for name, value in read_fields(item, fields).items():
        setattr(item, name, value)
    return item


@sql.verb
def _write(items: list[Item], *, by: str, at: datetime) -> None:
    rows = []
    for item in items:
        row = {name: getattr(item, name) for name in ITEM} | {"options": sql.json(item.options)}
        rows.append([row[name] for name in ITEM])
    sql.copy("item", ITEM, rows)
    openings = [
        (item.merchant_id, item.id, "opening", item.on_hand, 0, at, by, "")
        for item in items
        if item.on_hand is not None
    ]
    if openings:
        sql.copy("movement", MOVEMENT, openings)
    record(
        event(kind="item.created", merchant_id=item.merchant_id, at=at, by=by, subject=("item", item.id))
        for item in items
    )
