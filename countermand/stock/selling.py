"""Verbs of what is offered at all: articles taken off sale on every channel, put back, and looked over (RK-6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.record import event, record
from countermand.merchants.models import Merchant
from countermand.refusals import Refusal, fits
from countermand.stock.models import Item

MOST_ITEMS = 1_000
MOST_DAYS = 365
MOST_ORDERS = 250

# Units that people have ordered of these articles and that nobody has sent; oldest first.
WAITED_FOR = """
SELECT o.id, o.number, o.placed_at, l.sku, (l.quantity - l.cancelled - l.shipped) AS open
FROM order_line l JOIN "order" o ON o.id = l.order_id AND o.status <> 'refused'
WHERE l.merchant_id = %(m)s AND l.item_id = ANY(%(items)s) AND l.quantity > l.cancelled + l.shipped
ORDER BY o.placed_at, o.id, l.position LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Waited:
    """Units of an article that an order still waits for."""

    id: UUID
    number: str
    placed_at: datetime
    sku: str
    open: int


@dataclass(frozen=True, slots=True)
class Changed:
    """What a wish for many articles came to: those changed, those that were so before, and skus that are none.

    `open_orders`: orders that wait for units of those taken off sale, at most `MOST_ORDERS`.
    """

    skus: list[str]
    before: list[str]
    unknown: list[str]
    open_orders: list[Waited] = field(default_factory=list)


@sql.verb
def take_off_sale(*, merchant_id: int, skus: Sequence[str], why: str = "", by: str, at: datetime) -> Changed:
    """This will take articles off sale on every channel at once: nothing of them can be sold any more.

    What was ordered stays ordered; `open_orders` says by whom. Skus that are no article are told and change nothing.
    Refuses `skus_required`, `too_many_items`, `text_too_long`, and `not_found` where none of them is an article.
    """
    fits(why, field="why")
    found, unknown = _locked(merchant_id, skus)
    off = [item for item in found if item.active]
    for item in off:
        item.active, item.off_sale_at, item.off_sale_by, item.off_sale_why = False, at, by, why.strip()
    _write(off)
    record([_event("item.off_sale", item, by=by, at=at) for item in off])
    waited = waited_for(merchant_id=merchant_id, item_ids=[item.id for item in off])
    return Changed(
        [item.sku for item in off], [item.sku for item in found if item not in off], unknown, waited
    )


@sql.verb
def put_on_sale(*, merchant_id: int, skus: Sequence[str], by: str, at: datetime) -> Changed:
    """This will put articles on sale again. Refuses as `take_off_sale` does."""
    found, unknown = _locked(merchant_id, skus)
    on = [item for item in found if not item.active]
    for item in on:
        item.active, item.off_sale_at, item.off_sale_by, item.off_sale_why = True, None, "", ""
        item.reviewed_at = at  # who puts it back has looked at it
    _write(on)
    record([_event("item.on_sale", item, by=by, at=at) for item in on])
    return Changed([item.sku for item in on], [item.sku for item in found if item not in on], unknown)


@sql.verb
def review(*, merchant_id: int, skus: Sequence[str], by: str, at: datetime) -> Changed:
    """This will note that somebody has looked at articles and found their stock right. Refuses as `take_off_sale` does."""
    found, unknown = _locked(merchant_id, skus)
    for item in found:
        item.reviewed_at = at
    _write(found)
    record([_event("item.reviewed", item, by=by, at=at) for item in found])
    return Changed([item.sku for item in found], [], unknown)


@sql.verb
def remind_every(*, merchant_id: int, days: int, by: str, at: datetime) -> None:
    """This will set after how many days without a look an article is to be looked at; 0: never.

    Refuses `invalid_days` outside 0 to 365.
    """
    if not 0 <= days <= MOST_DAYS:
        raise Refusal("invalid_days", f"0 to {MOST_DAYS} days", field="days")
    if Merchant.objects.filter(id=merchant_id).exclude(review_days=days).update(review_days=days):
        record(
            [
                event(
                    kind="item.review_days_changed",
                    merchant_id=merchant_id,
                    at=at,
                    by=by,
                    subject=("merchant", UUID(int=merchant_id)),
                    days=days,
                )
            ]
        )


def waited_for(*, merchant_id: int, item_ids: Sequence[UUID], limit: int = MOST_ORDERS) -> list[Waited]:
    """This will list the orders that still wait for units of these articles, oldest first. One statement."""
    asked = {"m": merchant_id, "items": list(item_ids), "limit": limit}
    return [Waited(**row) for row in sql.rows(WAITED_FOR, asked)] if item_ids else []


def read_skus(text: str) -> list[str]:
    """This will read skus as people paste them: one a line, or a column of a table, the first cell of each line.

    Refuses `too_many_items`.
    """
    skus = []
    for line in text.splitlines():
        cell = line.split("\t")[0].split(";")[0].strip().strip('"').strip()
        if cell:
            skus.append(cell)
    if len(skus) > MOST_ITEMS:
        raise Refusal("too_many_items", f"at most {MOST_ITEMS} articles at once", field="skus")
    if skus and skus[0].casefold() in ("sku", "référence", "reference", "article"):
        skus = skus[1:]  # the heading of a column
    return list(dict.fromkeys(skus))


def _locked(merchant_id: int, skus: Sequence[str]) -> tuple[list[Item], list[str]]:
    """The articles of these skus, locked in the house's order, and the skus that are none."""
    wanted = list(dict.fromkeys(sku.strip() for sku in skus if sku.strip()))
    if not wanted:
        raise Refusal("skus_required", "name at least one article", field="skus")
    if len(wanted) > MOST_ITEMS:
        raise Refusal("too_many_items", f"at most {MOST_ITEMS} articles at once", field="skus")
    found = list(Item.of(merchant_id).filter(sku__in=wanted).order_by("id").select_for_update(no_key=True))
    if not found:
        raise Refusal("not_found", "none of these is an article", field="skus")
    there = {item.sku for item in found}
    return sorted(found, key=lambda item: item.sku), [sku for sku in wanted if sku not in there]


def _write(items: Sequence[Item]) -> None:
    fields = ["active", "off_sale_at", "off_sale_by", "off_sale_why", "reviewed_at"]
    Item.across_merchants.bulk_update(items, fields)


def _event(kind: str, item: Item, *, by: str, at: datetime) -> dict[str, object]:
    return event(kind=kind, merchant_id=item.merchant_id, at=at, by=by, subject=("item", item.id))
