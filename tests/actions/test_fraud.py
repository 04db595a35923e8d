"""SH-7: what is suspected is shown, holds shipping, is let go before it is given back, and is never told."""

from datetime import datetime
from typing import Any

import pytest

from countermand.cancellations.actions import confirm, preview
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.correspondence.models import Message
from countermand.correspondence.queries import preview as mail_of
from countermand.orders.actions.fulfil import fulfil
from countermand.overview.orders import order_list, order_page
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from tests.builders import an_order

TWO = (("MUG", 3, "12.30"), ("BOL", 1, "18.90"))
CONSENT = {"text": "d'accord", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}


def called_off(merchant: Any, order_id: Any, now: datetime, **ask: Any) -> Any:
    wish = Ask(**{"reason": "fraud_suspected", **ask})
    return confirm(merchant_id=merchant.id, order_id=order_id, ask=wish, by="marie", at=now)


def test_SH7_what_is_suspected_holds_what_is_left_until_somebody_has_looked(
    merchant: Any, now: datetime
) -> None:
    order = an_order(merchant, lines=TWO)
    called_off(merchant, order, now, lines=(("1", 3),))
    common = {"merchant_id": merchant.id, "order_id": order, "by": "marie", "at": now}

    with pytest.raises(Refusal) as refused:
        fulfil(fulfilment={}, **common)

    assert (refused.value.code, refused.value.status) == ("held_for_fraud", 409)
    page = order_page(merchant_id=merchant.id, order_id=order)
    assert page["fraud_hold"] and page["actions_refused"]["fulfil"] == "held_for_fraud"
    [row] = order_list(merchant_id=merchant.id)["items"]
    assert row["fraud_hold"]
    assert fulfil(fulfilment={"despite_fraud": True}, **common).created


def test_SH7_an_undone_suspicion_holds_nothing(merchant: Any, now: datetime) -> None:
    order = an_order(merchant, lines=TWO)
    done = called_off(merchant, order, now, lines=(("1", 3),), undo_seconds=600)
    undo(merchant_id=merchant.id, cancellation_id=done.id, by="marie", at=now)

    assert fulfil(merchant_id=merchant.id, order_id=order, fulfilment={}, by="marie", at=now).created


def test_SH7_another_reason_holds_nothing(merchant: Any, now: datetime) -> None:
    order = an_order(merchant, lines=TWO)
    called_off(merchant, order, now, reason="budget", lines=(("1", 3),))

    assert fulfil(merchant_id=merchant.id, order_id=order, fulfilment={}, by="marie", at=now).created


@pytest.mark.parametrize(("reason", "first"), [("fraud_suspected", True), ("budget", False)])
def test_SH7_what_was_not_debited_is_let_go_first(
    merchant: Any, now: datetime, reason: str, first: bool
) -> None:
    paid = {"provider": "sandbox", "method": "card"}
    order = an_order(
        merchant,
        lines=TWO,
        payments=[
            {**paid, "amount": "30.00", "state": "captured", "provider_reference": f"ok-{merchant.code}-1"},
            {**paid, "amount": "25.80", "state": "authorized", "provider_reference": f"ok-{merchant.code}-2"},
        ],
    )

    called_off(merchant, order, now, reason=reason)

    due = dict(Refund.of(merchant.id).filter(order_id=order).values_list("kind", "not_before"))
    assert (due["void"] < due["refund"]) is first


def test_SH7_the_mail_is_neutral(merchant: Any, now: datetime) -> None:
    order = an_order(merchant)
    called_off(merchant, order, now)

    message = Message.of(merchant.id).get(order_id=order)
    mail = mail_of(merchant_id=merchant.id, order_id=order, facts=message.facts, at=now)

    said = f"{mail.subject} {mail.text} {mail.html}".lower()
    assert "donner suite" in said
    for word in ("fraud", "soupçon", "suspect", "bon d'achat", "risque"):
        assert word not in said


@pytest.mark.parametrize("method", ["store_credit", "gift_card"])
def test_SH7_suspected_money_goes_back_where_it_came_from(merchant: Any, now: datetime, method: str) -> None:
    order = an_order(merchant)
    ask = Ask(reason="fraud_suspected", method=method, consent=CONSENT)

    with pytest.raises(Refusal, match="original_only"):
        preview(merchant_id=merchant.id, order_id=order, ask=ask, at=now)
