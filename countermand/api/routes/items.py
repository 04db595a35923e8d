"""Articles: described, counted, off sale for some days, and what can be proposed instead."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand import money
from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.once import answer, once
from countermand.api.schemas import item_answers as answers
from countermand.api.schemas.items import ItemBody, OffSaleBody, OnSaleBody, StockBody, UnavailableBody
from countermand.api.short_lists import short_list
from countermand.channels.queries import channel as channel_of
from countermand.channels.selling import sells
from countermand.overview import cursors
from countermand.refusals import Refusal
from countermand.stock import actions, queries, rules, selling
from countermand.stock.actions import Counted
from countermand.stock.facts import Article
from countermand.stock.models import Item
from countermand.stock.selling import Changed

router = Router(tags=["items"])


@router.get("/items", auth=may("read"), response=answers.ItemList)
def items(
    request: HttpRequest, q: str = "", channel: str = "", limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list articles by sku; `q` is sought in sku, title, product and range.

    `channel`: as that channel lists them: nothing is sellable there while its marketplace keeps it from selling.
    """
    bearer = bearer_of(request)
    cursors.checked(limit)
    closed = _closed(bearer, channel)
    asked = ["items", bearer.merchant_id, q, channel]
    after = cursors.read(cursor, asked=asked)[0] if cursor else ""
    found = queries.items(merchant_id=bearer.merchant_id, text=q, after=after, limit=limit + 1)
    shown, more = found[:limit], len(found) > limit
    following = cursors.make(place=[shown[-1].sku], asked=asked) if more else None
    return answer({"items": [shape(item, bearer, closed=closed) for item in shown], "next": following})


@router.post("/items/off-sale", auth=may("stock"), response=answers.OffSaleAnswer)
def take_off_sale(request: HttpRequest, body: OffSaleBody) -> HttpResponse:
    """This will take articles off sale on every channel at once, with the orders that still wait for them."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        done = selling.take_off_sale(
            merchant_id=bearer.merchant_id,
            skus=body.skus,
            why=body.why or "",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, _changed(done)

    return once(request, work)


@router.post("/items/on-sale", auth=may("stock"), response=answers.OffSaleAnswer)
def put_on_sale(request: HttpRequest, body: OnSaleBody) -> HttpResponse:
    """This will put articles on sale again."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        done = selling.put_on_sale(
            merchant_id=bearer.merchant_id, skus=body.skus, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, _changed(done)

    return once(request, work)


# Before the address of the article itself: a sku may hold a slash.
@router.post("/items/{path:sku}/unavailable", auth=may("stock"), response=answers.StockAnswer)
def make_unavailable(request: HttpRequest, sku: str, body: UnavailableBody) -> HttpResponse:
    """This will take an article off sale for some days."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        counted = actions.make_unavailable(
            merchant_id=bearer.merchant_id, sku=sku, days=body.days, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, _with_short_orders(counted, bearer)

    return once(request, work)


@router.delete("/items/{path:sku}/unavailable", auth=may("stock"), response=answers.StockAnswer)
def make_available(request: HttpRequest, sku: str) -> HttpResponse:
    """This will put an article on sale again before its time."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        counted = actions.make_available(
            merchant_id=bearer.merchant_id, sku=sku, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, _with_short_orders(counted, bearer)

    return once(request, work)


@router.post("/items/{path:sku}/stock", auth=may("stock"), response=answers.StockAnswer)
def change_stock(request: HttpRequest, sku: str, body: StockBody) -> HttpResponse:
    """This will set what is on hand, or add to it; with the open orders that are then short."""
    bearer = bearer_of(request)
    if (body.set is None) == (body.add is None):
        raise Refusal("required", "either `set` or `add`", field="set")
    common: dict[str, Any] = {"merchant_id": bearer.merchant_id, "sku": sku, "note": body.note or ""}

    def work() -> tuple[int, Any]:
        common["by"], common["at"] = bearer.by, datetime.now(UTC)
        if body.set is not None:
            counted = actions.count_stock(on_hand=body.set, **common)
        else:
            counted = actions.add_stock(quantity=body.add or 0, **common)
        return 200, _with_short_orders(counted, bearer)

    return once(request, work)


@router.get("/items/{path:sku}/alternatives", auth=may("read"), response=answers.AlternativeList)
def alternatives(request: HttpRequest, sku: str, limit: int = 50, cursor: str | None = None) -> HttpResponse:
    """This will list what can be proposed instead: another option, equivalents, then the range."""
    bearer, at = bearer_of(request), datetime.now(UTC)
    found = queries.alternatives(merchant_id=bearer.merchant_id, sku=sku, at=at)

    def shape(one: queries.Alternative) -> dict[str, Any]:
        return {"kind": one.kind, **_article(one.article, bearer, at)}

    return short_list(
        request, found, key=lambda one: one.article.sku, shape=shape, limit=limit, cursor=cursor
    )


@router.put(
    "/items/{path:sku}", auth=may("stock"), response={201: answers.ItemAnswer, 200: answers.ItemAnswer}
)
def put_item(request: HttpRequest, sku: str, body: ItemBody) -> HttpResponse:
    """This will describe an article, making it when new."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        item, made = actions.put_item(
            merchant_id=bearer.merchant_id,
            sku=sku,
            fields=body.model_dump(exclude_unset=True),
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201 if made else 200, shape(item, bearer)

    return once(request, work)


@router.get("/items/{path:sku}", auth=may("read"), response=answers.ItemAnswer)
def item(request: HttpRequest, sku: str, channel: str = "") -> HttpResponse:
    """This will show an article with its stock; `channel`: as that channel lists it."""
    bearer = bearer_of(request)
    closed = _closed(bearer, channel)
    return answer(shape(queries.item(merchant_id=bearer.merchant_id, sku=sku), bearer, closed=closed))


def _closed(bearer: Bearer, code: str) -> bool:
    """Whether a channel is kept from selling now (RK-10)."""
    return bool(code) and not sells(
        channel_of(merchant_id=bearer.merchant_id, code=code), at=datetime.now(UTC)
    )


def shape(item: Item, bearer: Bearer, *, closed: bool = False) -> dict[str, Any]:
    """This will write an article; `closed`: nothing can be sold where it is listed."""
    written = _article(queries.article_of(item), bearer, datetime.now(UTC))
    if closed:
        written["sellable"] = 0
    listing = "suspended" if closed else "unavailable" if written["sellable"] == 0 else "on_sale"
    return {**written, "listing": listing, "restock_default": item.restock_default}


def _article(article: Article, bearer: Bearer, at: datetime) -> dict[str, Any]:
    until, today = article.unavailable_until, rules.day_of(at, timezone=bearer.timezone)
    price = article.price_minor
    off_sale = rules.is_unavailable(until, today=today)
    return {
        **{
            name: getattr(article, name) for name in ("sku", "title", "product", "range", "barcode", "active")
        },
        "options": dict(article.options),
        "interchangeable": list(article.interchangeable),
        "price": None if price is None else money.plain(price, article.currency),
        "currency": article.currency or None,
        "on_hand": article.on_hand,
        "allocated": article.allocated,
        "sellable": rules.sellable(
            article.on_hand,
            article.allocated,
            active=article.active,
            unavailable_until=until,
            today=today,
        ),
        "unavailable_until": until.isoformat() if until and off_sale else None,
    }


def _changed(done: Changed) -> dict[str, Any]:
    return {
        "changed": done.skus,
        "unchanged": done.before,
        "unknown": done.unknown,
        "open_orders": [
            {
                "id": str(order.id),
                "number": order.number,
                "placed_at": order.placed_at.isoformat(),
                "sku": order.sku,
                "open": order.open,
            }
            for order in done.open_orders
        ],
    }


def _with_short_orders(counted: Counted, bearer: Bearer) -> dict[str, Any]:
    short = [
        {
            "id": str(order.id),
            "number": order.number,
            "placed_at": order.placed_at.isoformat(),
            "open": order.open,
            "short": order.short,
        }
        for order in counted.open_orders
    ]
    return {**shape(counted.item, bearer), "open_orders": short}
