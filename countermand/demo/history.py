"""What the demo's team did before you came, by the verbs that everybody uses: cancellations, a refund, and what
customers said of them; and how many came to the shop."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.models import Channel
from countermand.demo.orders import CALLED_OFF_THEN, CHANNEL, PARIS
from countermand.performance.actions import give_feedback, supply_visits
from countermand.refunds.actions import GiveBack, reimburse

BY = AGENT = "agent@example.test"
OWNER = "demo@example.test"
# Reason, who asked, who wrote it down; in turn. Mostly ruptures: that is what the figures are to find.
WEEKS_BEFORE = (
    ("out_of_stock", "merchant", AGENT),
    ("customer_changed_mind", "buyer", AGENT),
    ("out_of_stock", "merchant", AGENT),
    ("item_unavailable", "merchant", OWNER),
    ("ordered_by_mistake", "buyer", AGENT),
    ("out_of_stock", "merchant", OWNER),
    ("delay", "buyer", AGENT),
)
OPINIONS = {
    0: (3, "J’aurais aimé l’apprendre avant."),
    3: (5, "Prévenue par téléphone le jour même, merci."),
    5: (2, "Deuxième rupture en un mois."),
    8: (4, ""),
    10: (5, "Remboursé en trois jours, parfait."),
}
CONSENT = {"text": "Je préfère un avoir de la boutique.", "via": "phone"}


def live_through(*, merchant_id: int, bodies: list[dict[str, Any]], ids: list[UUID], now: datetime) -> None:
    """This will call off what was called off in weeks before, yesterday and today. `bodies` and `ids` oldest first."""
    newest = list(zip(reversed(bodies), reversed(ids), strict=True))
    _weeks_before(merchant_id, newest, now)
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


def _weeks_before(merchant_id: int, newest: list[tuple[dict[str, Any], UUID]], now: datetime) -> None:
    """Each called off the day after it was placed; no mail of then is sent today."""
    for turn, age in enumerate(CALLED_OFF_THEN):
        body, order = newest[age]
        reason, asked_by, by = WEEKS_BEFORE[turn % len(WEEKS_BEFORE)]
        at = datetime.fromisoformat(body["placed_at"]) + timedelta(hours=20)
        ask = Ask(reason=reason, initiated_by=asked_by, notify=False)
        made = confirm(merchant_id=merchant_id, order_id=order, ask=ask, by=by, at=at)
        if turn in OPINIONS:
            score, text = OPINIONS[turn]
            give_feedback(
                merchant_id=merchant_id,
                cancellation_id=made.id,
                score=score,
                text=text,
                via="staff",
                by=by,
                at=min(at + timedelta(days=4), now),
            )
    channel = Channel.of(merchant_id).get(code=CHANNEL)
    today = now.astimezone(PARIS).date()
    days = [today - timedelta(days=back) for back in range(1, 57)]
    visits = {day: 170 + 23 * ((day.toordinal() * 7) % 11) - 40 * (day.weekday() == 6) for day in days}
    supply_visits(merchant_id=merchant_id, channel_id=channel.id, visits=visits, by=OWNER, at=now)


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
