"""The demo's marketplace: a town's covered market online, three merchants besides the shop, and somebody who runs it.

Small on purpose: the first start stays quick. What the desk thinks of the rates it says itself, by the clock.
"""

from datetime import datetime, timedelta
from typing import Any

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.demo.orders import CHANNEL, PARIS
from countermand.intake.actions import Received, receive_many
from countermand.marketplace.actions import add_operator, open_marketplace, take_seat
from countermand.merchants.actions import add_member, add_merchant
from countermand.procedure.actions import open_ticket

BY = "demo"
CODE = "demo-halles"
NAME = "Les Halles en ligne"
OPERATOR = "operateur@example.test"
# code, name, owner's first name, terms, orders, called off by the shop, article, price
MERCHANTS = (
    (
        "demo-atelier",
        "L'Atelier du Canal",
        "Nora",
        "rakuten_france",
        30,
        2,
        ("BOL-GRES", "Bol en grès"),
        "18.00",
    ),
    ("demo-savons", "Savons du Midi", "Luc", "merchant_space", 52, 2, ("SAVON-LAV", "Savon lavande"), "6.50"),
    (
        "demo-ruches",
        "Les Ruches d'Ainay",
        "Inès",
        "merchant_space",
        6,
        1,
        ("MIEL-500", "Miel de printemps 500 g"),
        "11.00",
    ),
)
BUYERS = ("Aline Morel", "Karim Haddad", "Jeanne Petit", "Hugo Roux", "Leïla Benali", "Marc Dubois")


def open_halles(*, merchant_id: int, password: str, at: datetime) -> None:
    """This will open the marketplace, seat the demo's shop and three more merchants, and live through their month."""
    place = open_marketplace(code=CODE, name=NAME, service_email="vendeurs@halles.example.test", by=BY, at=at)
    common: dict[str, Any] = {"marketplace_id": place.id, "by": BY, "at": at}
    add_operator(email=OPERATOR, password=password, role="manager", first_name="Solène", **common)
    take_seat(merchant_id=merchant_id, channel_code=CHANNEL, **common)
    for code, name, owner, preset, sold, called_off, article, price in MERCHANTS:
        shop = add_merchant(code=code, name=name)
        add_member(
            merchant=shop, email=f"{code}@example.test", password=password, role="owner", first_name=owner
        )
        shop.contact_name, shop.stock_kept_by = owner, "automatic"
        shop.save(update_fields=["contact_name", "stock_kept_by"])
        terms = {"terms": preset, "timezone": "Europe/Paris", "mode": "test", "overrides": {}}
        open_channel(merchant_id=shop.id, code="halles", name=NAME, **terms, by=BY, at=at)  # type: ignore[arg-type]
        take_seat(merchant_id=shop.id, channel_code="halles", **common)
        _a_month(shop.id, code, article, price, sold, called_off, at)
    open_ticket(
        merchant_id=shop.id,
        skus=[MERCHANTS[-1][6][0]],
        wants="zero",
        note="La récolte est finie : plus de miel de printemps avant mai.",
        by=f"{MERCHANTS[-1][0]}@example.test",
        at=at - timedelta(hours=5),
    )


def _a_month(
    merchant_id: int,
    code: str,
    article: tuple[str, str],
    price: str,
    sold: int,
    called_off: int,
    at: datetime,
) -> None:
    """One order after the other, from four weeks ago until now; the last ones of them are called off."""
    step = timedelta(days=28) / sold
    bodies = [
        _order(n, code, article, price, at - step * (sold - n - 1) - timedelta(hours=2)) for n in range(sold)
    ]
    received = receive_many(merchant_id=merchant_id, bodies=bodies, by=BY, at=at)
    for n, each in enumerate(reversed(received)):
        assert isinstance(each, Received), each
        if 2 <= n < 2 + called_off:
            ask = Ask(reason="out_of_stock", message="Cet article n’arrivera plus à temps, je le regrette.")
            by, then = f"{code}@example.test", at - timedelta(hours=1, minutes=7 * n)
            confirm(merchant_id=merchant_id, order_id=each.order_id, ask=ask, by=by, at=then)


def _order(n: int, code: str, article: tuple[str, str], price: str, placed: datetime) -> dict[str, Any]:
    number, buyer = f"H{n + 1:03d}", BUYERS[n % len(BUYERS)]
    line = {"sku": article[0], "title": article[1], "quantity": 1, "unit_price": price, "tax_rate": "20"}
    paid = {"provider": "sandbox", "method": "card", "amount": price, "state": "captured"}
    address = f"{buyer.split()[0].lower()}.{code}@example.org".replace("ï", "i")
    return {
        "channel": "halles",
        "number": number,
        "placed_at": placed.astimezone(PARIS).isoformat(),
        "currency": "EUR",
        "customer": {"name": buyer, "email": address, "phone": "+33 4 00 00 00 00", "language": "fr"},
        "lines": [line],
        "payments": [{**paid, "provider_reference": f"ok-{code}-{n}"}],
    }
