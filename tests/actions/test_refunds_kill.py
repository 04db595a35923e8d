"""A worker may die between any two statements: each refund is paid once all the same, and the books agree."""

from datetime import UTC, datetime
from typing import Any

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Message
from countermand.overview.audit import audit
from countermand.refunds.models import Refund
from tests.actions.refund_desk import drain_until_quiet, give_back, provider_says, state_of
from tests.actions.working import ended, killed
from tests.builders import an_order

DRAIN = """
import django; django.setup()
from datetime import UTC, datetime
from countermand.refunds.jobs import drain
drain(at=datetime.now(UTC))
"""
POINTS = [
    "refund.after_claim",
    "refund.after_look_up",
    "refund.after_judging",
    "refund.before_call",
    "refund.before_call:2",
    "sandbox.after_refund",
    "sandbox.after_refund:2",
    "sandbox.after_void",
    "refund.after_call",
    "refund.after_call:2",
    "refund.before_landing",
    "refund.in_landing",
    "refund.after_landing",
]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_pays_each_refund_once(merchant: Any, point: str) -> None:
    for kind in ("ok", "lost", "flaky"):
        give_back(merchant, an_order(merchant, reference=kind), amount="4.20")
    order = an_order(merchant, paid="authorized")
    confirm(merchant_id=merchant.id, order_id=order, ask=Ask(reason="other"), by="test", at=datetime.now(UTC))
    credit = an_order(merchant)
    consent = {"text": "oui", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}
    give_back(merchant, credit, amount="2.00", method="store_credit", consent=consent)

    killed(DRAIN, COUNTERMAND_KILL_AT=point)
    drain_until_quiet(after_seconds=31)

    refunds = list(Refund.of(merchant.id))
    assert {state_of(refund) for refund in refunds} == {"succeeded"}
    paid = [refund for refund in refunds if refund.kind == "refund" and refund.method == "original"]
    assert [provider_says(refund)["refunded"] for refund in paid] == ["4.20"] * 3
    assert {len(provider_says(refund)["refunds"]) for refund in paid} == {1}
    assert Message.of(merchant.id).filter(kind="refund").count() == 4
    Message.of(merchant.id).update(state="sent")
    assert Cancellation.of(merchant.id).get().state in ("in_progress", "done")
    assert audit(merchant_id=merchant.id) == []


def test_without_a_point_nothing_dies(merchant: Any) -> None:
    give_back(merchant, an_order(merchant), amount="4.20")
    assert ended(DRAIN) == 0
    assert Refund.of(merchant.id).get().state == "succeeded"
