"""A marketplace and its merchants as whole stories: each brings along what it needs, so that it can run on any scene."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.intake.actions import receive
from countermand.marketplace import actions, deciding, judging, service, support
from countermand.marketplace.baskets import receive_basket
from countermand.marketplace.models import Alert, Seat
from countermand.merchants.models import User
from countermand.procedure.actions import open_ticket
from tests.builders import order_body
from tests.races.scene import Scene

HOUR = timedelta(hours=1)
FACTS = {
    "rate": "5.00",
    "cancelled": 1,
    "total": 20,
    "limit": "5.00",
    "warn": "4.00",
    "unit": "article",
    "days": 30,
}


def there(scene: Scene) -> dict[str, Any]:
    return {"merchant_id": scene.merchant_id, "by": "race", "at": datetime.now(UTC)}


def a_seat(scene: Scene, code: str = "halles") -> Seat:
    """This will find the merchant's seat, or open a marketplace and take one."""
    found = Seat.of(scene.merchant_id).filter(channel__code=code).first()
    if found is not None:
        return found
    made = actions.open_marketplace(
        code=f"h{uuid4().hex}", name="Les Halles", by="race", at=datetime.now(UTC)
    )
    place = {"name": "Halles", "terms": "rakuten_france", "timezone": "Europe/Paris", "mode": "test"}
    open_channel(code=code, overrides={}, **place, **there(scene))
    return actions.take_seat(marketplace_id=made.id, channel_code=code, **there(scene))


def here(seat: Seat) -> dict[str, Any]:
    return {"marketplace_id": seat.marketplace_id, "by": "race", "at": datetime.now(UTC)}


def of_its_people(scene: Scene) -> None:
    """A marketplace is opened; people come, rise and go."""
    at = datetime.now(UTC)
    made = actions.open_marketplace(code=f"h{uuid4().hex}", name="Les Halles", by="race", at=at)
    common: dict[str, Any] = {"marketplace_id": made.id, "by": "race", "at": at}
    first, second = (
        actions.add_operator(email=f"{uuid4()}@halles.example", password=None, role=role, **common)
        for role in ("manager", "agent")
    )
    actions.invite_operator_again(operator_id=second.id, **common)
    actions.change_operator(operator_id=second.id, role="manager", **common)
    actions.remove_operator(operator_id=first.id, **common)
    assert User.objects.filter(id=first.user_id).exists()


def of_a_seat(scene: Scene) -> None:
    """A channel more is seated."""
    a_seat(scene, f"c{uuid4().hex}")


def of_judging(scene: Scene) -> None:
    """Every seat is looked at."""
    a_seat(scene)
    judging.judge_seats(at=scene.later)


def of_an_alert(scene: Scene) -> None:
    """An alert is read by the merchant."""
    seat = a_seat(scene)
    alert = Alert.across_merchants.create(
        merchant_id=seat.merchant_id,
        marketplace_id=seat.marketplace_id,
        seat=seat,
        channel_id=seat.channel_id,
        kind="number",
        subject=uuid4().hex,
        facts=FACTS,
        raised_at=scene.at,
    )
    actions.acknowledge(alert_id=alert.id, note="vu", **there(scene))


def of_a_suspension(scene: Scene) -> None:
    """One is proposed, decided, appealed, upheld and lifted; the next is dismissed."""
    seat = a_seat(scene)
    made = deciding.propose(seat_id=seat.id, **here(seat)).id
    now = datetime.now(UTC)
    week = {"starts_at": now, "ends_at": now + 24 * HOUR}
    deciding.decide(suspension_id=made, reason="trop", **week, **here(seat))
    deciding.appeal(suspension_id=made, text="pardon", **there(scene))
    deciding.answer(suspension_id=made, lifts=False, text="non", **here(seat))
    deciding.lift(suspension_id=made, reason="assez", **here(seat))
    again = deciding.propose(seat_id=seat.id, **here(seat)).id
    deciding.dismiss(suspension_id=again, reason="rien", **here(seat))


def of_its_end(scene: Scene) -> None:
    """One that was decided ends by the clock."""
    seat = a_seat(scene)
    made = deciding.propose(seat_id=seat.id, **here(seat)).id
    now = datetime.now(UTC)
    day = {"starts_at": now, "ends_at": now + HOUR}
    deciding.decide(suspension_id=made, reason="trop", **day, **here(seat))
    deciding.carry_suspensions(at=scene.later)


def of_a_ticket(scene: Scene) -> None:
    """A ticket is opened, answered and closed."""
    seat = a_seat(scene)
    made = open_ticket(skus=["MUG"], wants="zero", **there(scene)).id
    support.answer_ticket(ticket_id=made, text="C'est fait.", **here(seat))
    support.finish_ticket(ticket_id=made, **here(seat))


def of_the_service(scene: Scene) -> None:
    """Two refunds are asked for: the service sends one back, carries it out then, and settles the other."""
    seat = a_seat(scene)
    for _ in range(2):
        body = order_body(channel="halles", lines=(("MUG", 1, "12.00"),), number=uuid4().hex)
        order = receive(merchant_id=scene.merchant_id, body=body, by="race", at=datetime.now(UTC)).order_id
        confirm(order_id=order, ask=Ask(reason="out_of_stock", message="Rupture."), **there(scene))
    first, second = service.queue(marketplace_id=seat.marketplace_id, limit=2)
    service.send_back_asked(refund_id=first["id"], because="Quel colis ?", **here(seat))
    service.ask_service_again(refund_id=first["id"], answer="Le 12.", **there(scene))
    service.let_go_asked(refund_id=first["id"], **here(seat))
    paid = {"settled_at": datetime.now(UTC), "evidence": "virement 12"}
    service.settle_asked(refund_id=second["id"], **paid, **here(seat))


def of_a_basket(scene: Scene) -> None:
    """Two orders of one buyer, paid at once."""
    seat = a_seat(scene)
    tag = uuid4().hex[:20]
    orders = [
        {
            **order_body(channel="halles", lines=((sku, 1, "10.00"),), number=f"{tag}{sku}", payments=[]),
            "merchant": seat.merchant.code,
        }
        for sku in ("MUG", "BOL")
    ]
    paid = {"provider": "sandbox", "method": "card", "amount": "20.00", "state": "captured"}
    payment = {**paid, "provider_reference": f"ok-{tag}"}
    receive_basket(reference=tag, payment=payment, orders=orders, **here(seat))
