"""Questions about articles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from countermand import sql
from countermand.merchants.models import Merchant
from countermand.refusals import Refusal
from countermand.stock import rules
from countermand.stock.facts import Article
from countermand.stock.models import Item, Movement
from countermand.stock.rules import Alternative

MOST_CANDIDATES = 500
MOST_SHORT = 250

# Oldest orders are served first; what then is missing is short. Asked in SQL: the room of orders
# stands above this one.
SHORT = """
SELECT * FROM (
    SELECT o.id, o.number, o.placed_at, l.open,
        least(l.open, sum(l.open) OVER (ORDER BY o.placed_at, o.id) - i.on_hand)::int AS short
    FROM item i
    JOIN (
        SELECT order_id, sum(quantity - cancelled - shipped)::int AS open FROM order_line
        WHERE merchant_id = %(m)s AND item_id = %(item)s AND quantity > cancelled + shipped GROUP BY 1
    ) l ON true
    JOIN "order" o ON o.id = l.order_id AND o.status <> 'refused'
    WHERE i.merchant_id = %(m)s AND i.id = %(item)s AND i.on_hand IS NOT NULL
) served
WHERE short > 0 ORDER BY placed_at, id LIMIT %(limit)s
"""


# A shortage whose last day this is. Who counted the article today has dealt with it; an extended one ends later.
ENDING = """
SELECT i.id, i.sku, i.title, i.unavailable_until AS until, i.on_hand, i.allocated, d.begins AS since
FROM item i JOIN merchant m ON m.id = i.merchant_id
CROSS JOIN LATERAL (
    SELECT (%(at)s::timestamptz AT TIME ZONE m.timezone)::date AS today,
        (%(at)s::timestamptz AT TIME ZONE m.timezone)::date::timestamp AT TIME ZONE m.timezone AS begins
) d
WHERE i.merchant_id = %(m)s AND i.unavailable_until = d.today + 1
    AND NOT EXISTS (
        SELECT 1 FROM movement v WHERE v.merchant_id = %(m)s AND v.item_id = i.id AND v.kind = 'counted' AND v.at >= d.begins
    )
ORDER BY i.sku LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ShortageEnding:
    """An article that is back at 00:00 on `until`, which is tomorrow; to be dealt with since `since` (today, 00:00)."""

    id: UUID
    sku: str
    title: str
    until: date
    on_hand: int | None
    allocated: int
    since: datetime


@dataclass(frozen=True, slots=True)
class ShortOrder:
    """An order that stock does not cover: `open` units still to send, of which `short` are missing."""

    id: UUID
    number: str
    placed_at: datetime
    open: int
    short: int


def item(*, merchant_id: int, sku: str) -> Item:
    """This will find an article. Refuses `not_found`."""
    found = Item.of(merchant_id).filter(sku=sku).first()
    if found is None:
        raise Refusal("not_found", f"no article {sku!r}")
    return found


def items_named(*, merchant_id: int, skus: Iterable[str]) -> dict[str, Item]:
    """This will find articles by their sku: sku -> article."""
    return {found.sku: found for found in Item.of(merchant_id).filter(sku__in=list(skus))}


def short_skus(*, merchant_id: int, skus: Iterable[str]) -> list[str]:
    """This will say which of these articles are short: promised more than there is, or off sale for some days."""
    found = Item.of(merchant_id).filter(sku__in=list(skus), short_since__isnull=False)
    return list(found.values_list("sku", flat=True))


def skus_by_barcode(*, merchant_id: int, barcodes: Sequence[str]) -> dict[str, list[str]]:
    """This will say which articles carry these barcodes: barcode in lower case -> sku. Two may share one (colours)."""
    found = sql.tuples(
        "SELECT lower(barcode), array_agg(sku ORDER BY sku) FROM item WHERE merchant_id = %s AND barcode <> '' "
        "AND barcode = ANY(%s) GROUP BY 1",
        (merchant_id, [*barcodes, *(code.upper() for code in barcodes)]),
    )
    return dict(found)


def items(
    *,
    merchant_id: int,
    text: str = "",
    after: str = "",
    limit: int = 50,
    oversold: bool = False,
    unavailable_on: date | None = None,
    off_sale: bool = False,
    reviewed_before: datetime | None = None,
) -> list[Item]:
    """This will list articles by sku, from the one after `after`; `text` is sought in sku, title, product and range.

    `reviewed_before`: on sale, with stock, and nobody has looked at them since then (RK-6).
    """
    found = Item.of(merchant_id).order_by("sku")
    for word in text.split()[:8]:
        found = found.filter(
            Q(sku__icontains=word)
            | Q(title__icontains=word)
            | Q(product__icontains=word)
            | Q(range__icontains=word)
        )
    if after:
        found = found.filter(sku__gt=after)
    if oversold:
        found = found.filter(allocated__gt=F("on_hand"))
    if off_sale:
        found = found.filter(active=False)
    if reviewed_before:
        found = found.filter(active=True, on_hand__gt=0, reviewed_at__lt=reviewed_before)
    if unavailable_on:
        found = found.filter(unavailable_until__gt=unavailable_on)
    return list(found[:limit])


def movements(*, merchant_id: int, sku: str, before: int | None = None, limit: int = 50) -> list[Movement]:
    """This will list an article's movements, newest first, from the one before `before`. Refuses `not_found`."""
    found = Movement.of(merchant_id).filter(item_id=item(merchant_id=merchant_id, sku=sku).id).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found[:limit])


def today(*, merchant_id: int, at: datetime) -> date:
    """This will say which day it is where the merchant is."""
    return rules.day_of(at, timezone=Merchant.objects.only("timezone").get(id=merchant_id).timezone)


def alternatives(*, merchant_id: int, sku: str, at: datetime) -> list[Alternative]:
    """This will list what can be proposed instead of an article, best first (EM-3). Refuses `not_found`."""
    wanted = item(merchant_id=merchant_id, sku=sku)
    return alternatives_to(wanted=wanted, day=today(merchant_id=merchant_id, at=at))


def alternatives_to(*, wanted: Item, day: date) -> list[Alternative]:
    """This will list what can be proposed instead of an article that is read already. One statement, or none."""
    near = Q()
    if wanted.product:
        near |= Q(product=wanted.product)
    if wanted.range:
        near |= Q(range=wanted.range)
    if not near:
        return []
    on_sale = Q(on_hand__isnull=True) | Q(on_hand__gt=F("allocated"))
    others = Item.of(wanted.merchant_id).filter(near, on_sale, active=True).exclude(id=wanted.id)
    # A range may be endless; the same product never is, so it comes first.
    same_product = ExpressionWrapper(Q(product=wanted.product), BooleanField())
    others = others.order_by(same_product.desc(), "sku")[:MOST_CANDIDATES]
    return rules.alternatives(article_of(wanted), [article_of(other) for other in others], today=day)


def short_orders(*, merchant_id: int, item_id: UUID, limit: int = MOST_SHORT) -> list[ShortOrder]:
    """This will list the orders that an article's stock does not cover, oldest served first."""
    rows = sql.rows(SHORT, {"m": merchant_id, "item": item_id, "limit": limit})
    return [ShortOrder(**row) for row in rows]


def shortages_ending(*, merchant_id: int, at: datetime, limit: int = MOST_SHORT) -> list[ShortageEnding]:
    """This will list the articles whose shortage ends tomorrow in the merchant's clock: recount, extend or zero (EM-5)."""
    found = sql.rows(ENDING, {"m": merchant_id, "at": at, "limit": limit})
    return [ShortageEnding(**row) for row in found]


def article_of(item: Item) -> Article:
    """This will take the facts of an article for the rules."""
    facts: dict[str, Any] = {
        name: getattr(item, name)
        for name in Article.__dataclass_fields__
        if name not in ("options", "interchangeable")
    }
    return Article(**facts, options=dict(item.options), interchangeable=tuple(item.interchangeable))
