"""Verbs on articles: describing one, counting it, and taking it off sale for some days."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, transaction
from psycopg.errors import LockNotAvailable

from countermand import money, sql
from countermand.events.record import event, record
from countermand.refusals import Refusal, fits, named
from countermand.stock import queries, rules
from countermand.stock.models import Item, Movement
from countermand.stock.queries import ShortOrder

MOST_UNITS = 1_000_000_000
KEEPERS = ("", "manual", "automatic")
LENGTHS = {"title": 500, "product": 200, "range": 200, "barcode": 64}
PLAIN = (
    "title",
    "product",
    "options",
    "interchangeable",
    "range",
    "active",
    "restock_default",
    "barcode",
    "stock_kept_by",
)

ITS_ORDERS = """
SELECT o.id FROM "order" o WHERE o.merchant_id = %(m)s AND o.status <> 'refused' AND o.id IN (
    SELECT order_id FROM order_line WHERE merchant_id = %(m)s AND item_id = %(item)s
) ORDER BY o.id FOR NO KEY UPDATE NOWAIT
"""
OPEN_UNITS = """
SELECT coalesce(sum(l.quantity - l.cancelled - l.shipped), 0)::int
FROM order_line l JOIN "order" o ON o.id = l.order_id
WHERE l.merchant_id = %(m)s AND l.item_id = %(item)s AND o.status <> 'refused'
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """An article after its stock changed, and the open orders that the stock now leaves short."""

    item: Item
    open_orders: list[ShortOrder]


@sql.verb
def put_item(
    *, merchant_id: int, sku: str, fields: dict[str, Any], by: str, at: datetime
) -> tuple[Item, bool]:
    """This will describe an article, making it when new; what is left out or None stays. True when it was made.

    `fields` are docs/api.md's: `price` is text in major units with `currency`; `on_hand` sets stock on creation;
    `restock_default` None says that the shop's setting applies.
    Refuses `invalid_text`, `use_stock`, `invalid_quantity`, `text_too_long`, `currency_required`,
    `price_required` and what `money.parse` refuses.
    """
    named(sku, field="sku")
    fields = {name: value for name, value in fields.items() if value is not None or name == "restock_default"}
    on_hand = fields.get("on_hand")
    if on_hand is not None:
        can_be_on_hand(on_hand, field="on_hand")
    item, made = Item.across_merchants.get_or_create(merchant_id=merchant_id, sku=sku)
    if not made:
        if on_hand is not None:
            raise Refusal(
                "use_stock", "stock of an article that exists is counted or added to", field="on_hand"
            )
        item = _locked(merchant_id, sku)
    changes = {
        name: value for name, value in read_fields(item, fields).items() if getattr(item, name) != value
    }
    for name, value in changes.items():
        setattr(item, name, value)
    if "active" in changes:  # who took it off sale stands with it, by whatever door (RK-6)
        item.off_sale_at, item.off_sale_by = (None, "") if item.active else (at, by)
        item.off_sale_why = ""
    if made and on_hand is not None:
        item.on_hand = on_hand
        _moved(item, "opening", on_hand=on_hand, by=by, at=at)
    if made or changes:
        item.save()
        kind = "item.created" if made else "item.changed"
        record([_event(kind, item, by=by, at=at, **({} if made else {"changed": sorted(changes)}))])
    return item, made


@sql.verb
def count_stock(
    *, merchant_id: int, sku: str, on_hand: int, note: str = "", by: str, at: datetime
) -> Counted:
    """This will set what is on hand to what was counted; an article without stock keeping is kept with stock from now.

    Refuses `not_found`, `invalid_quantity`, `text_too_long`, and `in_progress` while an order of such an article is being changed.
    """
    fits(note, field="note")
    can_be_on_hand(on_hand, field="set")
    item = _locked(merchant_id, sku)
    if item.on_hand is None:
        item = _begin(merchant_id, item, on_hand=on_hand, note=note, by=by, at=at)
        return _counted(item, kind="stock.counted", delta=on_hand, by=by, at=at)
    delta = on_hand - item.on_hand
    item.on_hand, item.reviewed_at = on_hand, at
    item.save(update_fields=["on_hand", "reviewed_at", "updated_at"])
    _moved(item, "counted", on_hand=delta, note=note, by=by, at=at)
    return _counted(item, kind="stock.counted", delta=delta, by=by, at=at)


@sql.verb
def add_stock(*, merchant_id: int, sku: str, quantity: int, note: str = "", by: str, at: datetime) -> Counted:
    """This will add to what is on hand, or take away with a number below 0.

    Refuses `not_found`, `invalid_quantity`, `text_too_long`, `without_stock_keeping`, and `stock_below_zero`.
    """
    fits(note, field="note")
    if not 0 < abs(quantity) <= MOST_UNITS:
        raise Refusal("invalid_quantity", "a number of units, not 0", field="add")
    item = _locked(merchant_id, sku)
    if item.on_hand is None:
        raise Refusal("without_stock_keeping", "count it first: it is kept without stock", field="add")
    if item.on_hand + quantity < 0:
        raise Refusal("stock_below_zero", f"{item.on_hand} on hand", field="add")
    if item.on_hand + quantity > MOST_UNITS:
        raise Refusal("invalid_quantity", "more than can be counted", field="add")
    item.on_hand, item.reviewed_at = item.on_hand + quantity, at
    item.save(update_fields=["on_hand", "reviewed_at", "updated_at"])
    _moved(item, "added", on_hand=quantity, note=note, by=by, at=at)
    return _counted(item, kind="stock.added", delta=quantity, by=by, at=at)


@sql.verb
def make_unavailable(*, merchant_id: int, sku: str, days: int, by: str, at: datetime) -> Counted:
    """This will take an article off sale for some days, today being the first (EM-5).

    Refuses `not_found`, and `invalid_days` outside 1 to 365.
    """
    item = _locked(merchant_id, sku)
    item.unavailable_until = rules.back_on(days=days, today=queries.today(merchant_id=merchant_id, at=at))
    item.save(update_fields=["unavailable_until", "updated_at"])
    back = item.unavailable_until.isoformat()
    record([_event("item.unavailable", item, by=by, at=at, days=days, until=back)])
    return Counted(item, queries.short_orders(merchant_id=merchant_id, item_id=item.id))


@sql.verb
def make_available(*, merchant_id: int, sku: str, by: str, at: datetime) -> Counted:
    """This will put an article on sale again before its time. Refuses `not_found`."""
    item = _locked(merchant_id, sku)
    if item.unavailable_until is not None:
        item.unavailable_until = None
        item.save(update_fields=["unavailable_until", "updated_at"])
        record([_event("item.available", item, by=by, at=at)])
    return Counted(item, queries.short_orders(merchant_id=merchant_id, item_id=item.id))


def _locked(merchant_id: int, sku: str, *, no_key: bool = True) -> Item:
    item = Item.of(merchant_id).select_for_update(no_key=no_key).filter(sku=sku).first()
    if item is None:
        raise Refusal("not_found", f"no article {sku!r}")
    return item


def _begin(merchant_id: int, item: Item, *, on_hand: int, note: str, by: str, at: datetime) -> Item:
    """Units of orders that came in before are allocated now. Nothing may pass meanwhile: the full lock
    keeps new lines of the article out (their foreign key), and locks on the orders keep its units still."""
    item = _locked(merchant_id, item.sku, no_key=False)
    if item.on_hand is not None:
        raise Refusal("in_progress", "the article is being counted elsewhere")
    try:
        with transaction.atomic():
            sql.execute(ITS_ORDERS, {"m": merchant_id, "item": item.id})
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        # Waiting would turn the house's lock order round (articles come last).
        raise Refusal("in_progress", "an order of this article is being changed") from error
    open_units = sql.tuples(OPEN_UNITS, {"m": merchant_id, "item": item.id})[0][0]
    item.on_hand, item.allocated = on_hand, open_units
    item.save(update_fields=["on_hand", "allocated", "updated_at"])
    _moved(item, "opening", on_hand=on_hand, allocated=open_units, note=note, by=by, at=at)
    return item


def _counted(item: Item, *, kind: str, delta: int, by: str, at: datetime) -> Counted:
    record([_event(kind, item, by=by, at=at, on_hand=item.on_hand, delta=delta)])
    return Counted(item, queries.short_orders(merchant_id=item.merchant_id, item_id=item.id))


def can_be_on_hand(units: int, *, field: str) -> None:
    """This will refuse (`invalid_quantity`) fewer units than none, and more than can be counted."""
    if units < 0:
        raise Refusal("invalid_quantity", "what is on hand is never below 0", field=field)
    if units > MOST_UNITS:
        raise Refusal("invalid_quantity", f"at most {MOST_UNITS:,} units", field=field)


def read_fields(item: Item, fields: dict[str, Any]) -> dict[str, Any]:
    """This will judge what describes an article and give it as columns; stock is none of it."""
    for name, length in LENGTHS.items():
        fits(fields.get(name, ""), field=name, longest=length)
    read = {name: fields[name] for name in PLAIN if name in fields}
    if read.get("stock_kept_by", "") not in KEEPERS:
        raise Refusal("unknown_keeper", "manual or automatic", field="stock_kept_by")
    for sku in read.get("interchangeable", ()):
        fits(sku, field="interchangeable", longest=64)
    if "price" in fields or "currency" in fields:
        read |= _price(item, price=fields.get("price"), currency=fields.get("currency") or "")
    return read


def _price(item: Item, *, price: str | None, currency: str) -> dict[str, Any]:
    if price is None:
        if currency != item.currency:
            raise Refusal("price_required", "a currency goes with a price", field="price")
        return {}
    currency = currency or item.currency
    if not currency:
        raise Refusal("currency_required", "a price goes with a currency", field="currency")
    return {"price_minor": money.parse(price, currency=currency, field="price"), "currency": currency}


def _moved(
    item: Item, kind: str, *, on_hand: int, allocated: int = 0, note: str = "", by: str, at: datetime
) -> None:
    Movement.across_merchants.create(
        merchant_id=item.merchant_id,
        item=item,
        kind=kind,
        on_hand_delta=on_hand,
        allocated_delta=allocated,
        at=at,
        by=by,
        note=note,
    )


def _event(kind: str, item: Item, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return event(kind=kind, merchant_id=item.merchant_id, at=at, by=by, subject=("item", item.id), **facts)
