"""The demo's orders: the excerpt's 300 invoices moved to the last weeks, in euros, with all that a shop's week has.

Nothing is drawn by chance: the same excerpt gives the same shop on any day, but for its dates.
"""

from datetime import datetime, timedelta
from importlib.resources import as_file, files
from typing import Any
from zoneinfo import ZoneInfo

from countermand.demo.goods import title_of
from countermand.demo.people import Person, person
from countermand.files.online_retail import OrderSummary, open_online_retail, orders
from countermand.money import parse, plain

CHANNEL = "boutique"
CURRENCY = "EUR"
PARIS = ZoneInfo("Europe/Paris")
EXCERPT = "online_retail_excerpt.csv.gz"

# Payments that behave as their reference begins (docs/api.md, Sandbox payment provider), with the customer to
# look for. Counted from the newest order.
TRICKY = {
    3: ("lost", "Paul Perdu"),
    6: ("flaky", "Clara Caprice"),
    9: ("late", "Théo Tardif"),
    12: ("decline", "Rémi Refus"),
    15: ("slow", "Lise Lente"),
    18: ("full", "Inès Intégrale"),
}  # fmt: skip
AUTHORIZED_ONLY = (4, 11, 23, 40)
TWO_PAYMENTS = (5, 14, 30)
CASH_ON_DELIVERY = (7, 26)
PART_SHIPPED = range(60, 75)
SHIPPED_FROM = 75  # this old and older, but for every ninth
# So many of the newest are of last week; the others go back week by week, so that figures have a past.
LAST_WEEK = 120
A_WEEK = 26
# Called off in their week, so never shipped: see history.py.
CALLED_OFF_THEN = (124, 139, 150, 163, 188, 214, 231, 250, 268, 277, 291)


def order_bodies(*, now: datetime) -> list[dict[str, Any]]:
    """This will make the bodies of POST /orders, oldest first; the newest was placed yesterday."""
    with as_file(files("countermand.demo").joinpath(EXCERPT)) as path:
        found = orders(source=open_online_retail(path=path), channel=CHANNEL, summary=OrderSummary())
        bodies = sorted((order.body for order in found), key=lambda body: body["placed_at"])
    newest = datetime.fromisoformat(bodies[-1]["placed_at"]).replace(tzinfo=None)
    yesterday = now.astimezone(PARIS).date() - timedelta(days=1)
    moved = timedelta(days=(yesterday - newest.date()).days)
    for age, body in enumerate(reversed(bodies)):
        placed = datetime.fromisoformat(body["placed_at"]).replace(tzinfo=None) + moved
        placed -= timedelta(weeks=max(0, age - LAST_WEEK + A_WEEK - 1) // A_WEEK)
        _french(body, placed.replace(tzinfo=PARIS), age)
        _paid(body, age)
        _left(body, placed.replace(tzinfo=PARIS), age, now)
    return bodies


def _french(body: dict[str, Any], placed: datetime, age: int) -> None:
    who = _who(body, age)
    body |= {
        "placed_at": placed.isoformat(),
        "ship_by": (placed.date() + timedelta(days=4)).isoformat(),
        "currency": CURRENCY,
        "invoice_number": f"F-{body['number']}" if age % 3 else "",
        "customer": who.customer,
        "shipping_address": who.address,
    }
    for line in body["lines"]:
        line |= {"title": title_of(line["title"]), "tax_rate": "20"}
    if "shipping" in body:
        body["shipping"]["tax_rate"] = "20"


def _who(body: dict[str, Any], age: int) -> Person:
    email = body["customer"].get("email", "")
    number = email.removeprefix("c").partition("@")[0] or body["number"]
    return person(number=number, name=TRICKY[age][1] if age in TRICKY else "")


def _paid(body: dict[str, Any], age: int) -> None:
    if "payments" not in body:
        return
    [payment] = body["payments"]
    how = TRICKY[age][0] if age in TRICKY else "ok"
    payment["provider_reference"] = f"{how}-{body['number']}"
    payment["last_digits"] = "4242" if age % 5 else f"{1000 + 7 * age:04d}"[-4:]
    if age in AUTHORIZED_ONLY:
        payment["state"] = "authorized"
    elif age in CASH_ON_DELIVERY:
        body["payments"] = [
            {
                "reference": "p1",
                "provider": "manual",
                "method": "cash",
                "amount": payment["amount"],
                "state": "pending",
            }
        ]
    elif age in TWO_PAYMENTS:
        total = parse(payment["amount"], currency=CURRENCY)
        first = plain(total // 3, CURRENCY)
        second = payment | {
            "reference": "p2",
            "method": "wallet",
            "last_digits": "",
            "amount": plain(total - total // 3, CURRENCY),
            "provider_reference": f"ok-{body['number']}-b",
        }
        body["payments"] = [payment | {"amount": first}, second]


def _left(body: dict[str, Any], placed: datetime, age: int, now: datetime) -> None:
    lines = body["lines"]
    if age in PART_SHIPPED and len(lines) > 1:
        lines = lines[: len(lines) // 2]
    elif age < SHIPPED_FROM or (age % 9 == 0 and age < LAST_WEEK) or age in CALLED_OFF_THEN:
        return
    if body.get("payments") and any(paid["state"] != "captured" for paid in body["payments"]):
        return
    body["fulfilments"] = [
        {
            "reference": "f1",
            "shipped_at": min(placed + timedelta(hours=26), now).isoformat(),
            "confirmed": True,
            "carrier": "Colissimo",
            "tracking": f"8R{int(body['number']):010d}",
            "lines": [{"line": line["reference"], "quantity": line["quantity"]} for line in lines],
        }
    ]
