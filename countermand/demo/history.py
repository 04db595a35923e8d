"""What the demo's team did before you came: cancellations and a refund, by the verbs that everybody uses."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.refunds.actions import GiveBack, reimburse

BY = "user:agent@example.test"
CONSENT = {"text": "Je préfère un avoir de la boutique.", "via": "phone"}


def live_through(*, merchant_id: int, bodies: list[dict[str, Any]], ids: list[UUID], now: datetime) -> None:
    """This will call off what was called off yesterday and today. `bodies` and `ids` oldest first, as received."""
    newest = list(zip(reversed(bodies), reversed(ids), strict=True))
    at = now - timedelta(hours=3)
    # Named by their age: see TRICKY in orders.py for whose payment behaves how.
    for age, ask in (
        (1, _whole("customer_changed_mind")),
        (3, _part(newest[3][0], "out_of_stock", "Cet article n’arrivera plus : nous vous remboursons.")),
        (6, _whole("delay", "Nous ne tiendrons pas le délai promis, veuillez nous en excuser.")),
        (9, _part(newest[9][0], "damaged")),
        (12, _part(newest[12][0], "ordered_by_mistake")),
        (11, _whole("fraud_suspected")),
        (5, _part(newest[5][0], "price_error")),
        (20, _part(newest[20][0], "customer_changed_mind", when="later")),
        (21, _credit(newest[21][0], at)),
    ):
        confirm(merchant_id=merchant_id, order_id=newest[age][1], ask=ask, by=BY, at=at)
        at += timedelta(minutes=7)
    shipped = next(
        order
        for body, order in newest
        if body.get("fulfilments") and body.get("payments") and len(body["lines"]) > 2
    )
    wish = GiveBack(amount="5.00", reason="delay")
    reimburse(merchant_id=merchant_id, order_id=shipped, wish=wish, by=BY, at=at)


def _whole(reason: str, message: str = "") -> Ask:
    return Ask(reason=reason, message=message)


def _part(body: dict[str, Any], reason: str, message: str = "", *, when: str = "now") -> Ask:
    """Its first priced line."""
    line = next(line for line in body["lines"] if line["unit_price"] != "0.00")
    units = max(1, line["quantity"] // 2)
    return Ask(reason=reason, lines=((line["reference"], units),), message=message, when=when)


def _credit(body: dict[str, Any], at: datetime) -> Ask:
    consent = CONSENT | {"at": at.isoformat()}
    line = body["lines"][0]["reference"]
    return Ask(reason="budget", lines=((line, 1),), method="store_credit", consent=consent)
