"""Where the demo's shop sells besides: on two platforms, each with its own terms, so that every one of them can be tried.

A handful of orders: sales to accept, one that is short, a payment being verified, requests of buyers, a parcel that
was not confirmed, a return, a message.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.buyer_requests.actions import record_request
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.demo.orders import CURRENCY, PARIS
from countermand.demo.people import person
from countermand.intake.actions import Received, receive_many
from countermand.returns.actions import ask_return
from countermand.returns.wishes import Coming
from countermand.stock.bulk import put_items
from countermand.threads.actions import take_message

BY = "demo"
CHANNELS = (("rakuten", "Rakuten", "rakuten_france"), ("amazon", "Amazon", "amazon"))
# sku, title, price, in stock
ARTICLES = (
    ("THEIERE-BLEUE", "Théière émaillée bleue", "34.90", 6),
    ("PLAID-LAINE", "Plaid en laine des Pyrénées", "59.00", 1),
    ("BOUGIE-FIG", "Bougie au figuier", "18.50", 40),
)
# channel, number, hours ago, article, units, what is special about it
ORDERS: tuple[tuple[str, str, int, int, int, dict[str, Any]], ...] = (
    ("rakuten", "880012345", 5, 0, 1, {"accepted": False}),
    ("rakuten", "880012346", 20, 1, 2, {"accepted": False}),
    ("rakuten", "880012301", 60, 2, 2, {}),
    ("rakuten", "880012288", 80, 0, 1, {}),
    ("amazon", "402-1111111-0000001", 9, 2, 1, {"verification": "pending"}),
    ("amazon", "402-1111111-0000002", 30, 0, 1, {}),
    ("amazon", "402-1111111-0000003", 52, 2, 3, {}),
    ("amazon", "402-1111111-0000004", 75, 2, 1, {"sent": False}),
    ("amazon", "402-1111111-0000005", 200, 2, 2, {"sent": True}),
)


def sell_elsewhere(*, merchant_id: int, at: datetime) -> None:
    """This will open the two channels with their orders, and let buyers write and ask."""
    for code, name, terms in CHANNELS:
        where: dict[str, Any] = {"code": code, "name": name, "terms": terms, "timezone": "Europe/Paris"}
        open_channel(merchant_id=merchant_id, mode="test", overrides={}, by=BY, at=at, **where)
    items = [
        (sku, {"title": title, "price": price, "currency": CURRENCY, "on_hand": count})
        for sku, title, price, count in ARTICLES
    ]
    put_items(merchant_id=merchant_id, items=items, by=BY, at=at)
    bodies = [_order(at, *each) for each in ORDERS]
    ids: dict[str, UUID] = {}
    for body, each in zip(
        bodies, receive_many(merchant_id=merchant_id, bodies=bodies, by=BY, at=at), strict=True
    ):
        assert isinstance(each, Received), each
        ids[body["number"]] = each.order_id
    here: dict[str, Any] = {"merchant_id": merchant_id, "by": BY}
    record_request(
        order_id=ids["402-1111111-0000002"],
        route="official",
        requested_at=at - timedelta(hours=3),
        at=at,
        **here,
    )
    take_message(
        order_id=ids["402-1111111-0000003"],
        text="Bonjour, je me suis trompée de parfum. Pouvez-vous annuler, s’il vous plaît ?",
        via="staff",
        sent_at=at - timedelta(hours=6),
        at=at,
        **here,
    )
    sent_back = Coming(lines=(("1", 1),), note="Bougie fendue à l’arrivée.")
    ask_return(order_id=ids["402-1111111-0000005"], coming=sent_back, at=at - timedelta(hours=26), **here)
    gone = "Cette bougie n’est plus fabriquée. Je vous présente mes excuses."
    confirm(
        order_id=ids["880012301"],
        ask=Ask(reason="out_of_stock", lines=(("1", 1),), message=gone),
        at=at - timedelta(hours=4),
        **here,
    )


def _order(
    at: datetime, channel: str, number: str, hours: int, article: int, units: int, special: dict[str, Any]
) -> dict[str, Any]:
    sku, title, price, _ = ARTICLES[article]
    placed = (at - timedelta(hours=hours)).astimezone(PARIS)
    who = person(number=number, name="")
    waits = special.get("accepted") is False or special.get("verification") == "pending"
    total = f"{int(price.replace('.', '')) * units / 100:.2f}"
    body: dict[str, Any] = {
        "channel": channel,
        "number": number,
        "placed_at": placed.isoformat(),
        "ship_by": (placed.date() + timedelta(days=3)).isoformat(),
        "currency": CURRENCY,
        "customer": who.customer,
        "shipping_address": who.address,
        "lines": [
            {
                "reference": "1",
                "sku": sku,
                "title": title,
                "quantity": units,
                "unit_price": price,
                "tax_rate": "20",
            }
        ],
        "payments": [
            {
                "provider": "sandbox",
                "method": "card",
                "amount": total,
                "state": "authorized" if waits else "captured",
                "provider_reference": f"ok-{channel}-{number}",
                "last_digits": "4242",
            }
        ],
    }
    if "sent" in special:
        parcel = {"reference": "f1", "carrier": "Colissimo", "tracking": f"8R{number[-10:].replace('-', '')}"}
        shipped = (placed + timedelta(hours=20)).isoformat()
        lines = [{"line": "1", "quantity": units}]
        body["fulfilments"] = [
            {**parcel, "shipped_at": shipped, "confirmed": special["sent"], "lines": lines}
        ]
        return body
    return body | special
