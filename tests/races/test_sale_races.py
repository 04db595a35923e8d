"""A sale on which everybody acts at once: one decision stands, its card is drawn once or let go, and the books hold."""

import itertools
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from countermand.acceptance.actions import accept, refuse
from countermand.acceptance.jobs import attend_sale
from countermand.acceptance.models import AwaitedSale, Decision
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.intake.actions import receive
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.models import Order
from countermand.payments import jobs as captures
from countermand.payments.models import Capture
from countermand.payments.providers.sandbox.models import SandboxPayment
from countermand.refusals import Refusal
from tests.at_once import at_once, refused
from tests.races.sale_verbs import sale_body
from tests.races.scene import quiet, set_up
from tests.races.test_kills import dies_at, expire_leases

_tags = itertools.count(1)


def place(scene: Any, *, reference: str = "ok") -> Any:
    body = sale_body(f"{scene.body['number']}-{next(_tags)}")
    [payment] = body["payments"]  # type: ignore[misc]
    payment["provider_reference"] = payment["provider_reference"].replace("ok", reference, 1)
    return receive(merchant_id=scene.merchant_id, body=body, by="test", at=scene.at).order_id


@pytest.mark.parametrize("round_", range(4))
def test_everybody_at_once_on_one_sale(merchant: Any, round_: int) -> None:
    scene = set_up(merchant.id, f"E{next(_tags)}")
    order_id = place(scene)
    here: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order_id, "by": "race", "at": scene.at}
    AwaitedSale.of(merchant.id).filter(order_id=order_id).update(step="end", not_before=scene.at)
    runs = [
        partial(accept, **here),
        partial(refuse, **here),
        partial(accept, **here),
        partial(refuse, **here, lines=[("1", 1)]),
        partial(attend_sale, merchant_id=merchant.id, order_id=order_id, at=scene.at),
        partial(confirm, **here, ask=Ask(reason="budget")),
        partial(fulfil, **here, fulfilment={"reference": "f1"}),
        partial(captures.drain, at=datetime.now(UTC)),
    ]
    assert [error for error in at_once(*runs) if not refused(error)] == []
    quiet(scene)

    order = Order.of(merchant.id).get(id=order_id)
    card = SandboxPayment.objects.get(reference__startswith=f"ok-v-{scene.body['number']}-")
    assert order.status in ("open", "refused", "cancelled", "shipped", "partially_shipped")
    assert card.captured_minor == order.captured_minor
    assert card.voided == (order.status == "refused" and not card.captured_minor)
    assert Capture.of(merchant.id).filter(order_id=order_id).count() <= 1
    assert not Decision.of(merchant.id).filter(order_id=order_id, state="made").exists()


def test_twenty_accepts_are_one(merchant: Any) -> None:
    scene = set_up(merchant.id, f"T{next(_tags)}")
    order_id = place(scene)
    here: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order_id, "by": "race", "at": scene.at}
    raised = at_once(*[partial(accept, **here)] * 20)
    assert sum(error is None for error in raised) == 1
    assert {error.code for error in raised if isinstance(error, Refusal)} <= {
        "in_progress",
        "already_accepted",
    }
    quiet(scene)
    assert Capture.of(merchant.id).filter(order_id=order_id).count() == 1
    assert Order.of(merchant.id).get(id=order_id).captured_minor == 5290


@pytest.mark.parametrize("reference", ["ok", "decline", "lost", "late"])
@pytest.mark.parametrize(
    "point", ["sandbox.after_capture", "land.begun", "land.before_commit", "land.committed"]
)
def test_RK3_the_carrier_of_a_capture_may_die_anywhere(merchant: Any, reference: str, point: str) -> None:
    scene = set_up(merchant.id, f"D{next(_tags)}")
    order_id = place(scene, reference=reference)
    accept(merchant_id=merchant.id, order_id=order_id, by="race", at=scene.at)
    unanswered = reference in ("lost", "late") and point.startswith("land")
    declined = reference == "decline" and point.startswith("sandbox")
    died = dies_at(point, lambda: captures.drain(at=datetime.now(UTC)))
    assert died != (unanswered or declined)
    expire_leases(scene)
    for hours in (1, 2):
        captures.drain(at=datetime.now(UTC) + timedelta(hours=hours))

    order = Order.of(merchant.id).get(id=order_id)
    card = SandboxPayment.objects.get(reference__startswith=f"{reference}-v-{scene.body['number']}-")
    if reference == "decline":
        assert (order.status, order.captured_minor, card.captured_minor) == ("awaiting_acceptance", 0, 0)
    else:
        assert (order.status, order.captured_minor, card.captured_minor) == ("open", 5290, 5290)
    assert Capture.of(merchant.id).filter(order_id=order_id).count() == 1
