"""Store credit and gift cards: given as a refund, spent later (SG-2, SG-7)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countermand.channels.actions import open_channel
from countermand.refunds.actions import Redeemed, redeem
from countermand.refunds.credits import credit_code
from countermand.refunds.models import StoreCredit
from countermand.refunds.queries import credit, credit_by_code, credits_of, liability
from countermand.refusals import Refusal
from tests.actions.refund_desk import at_once, code_of, drain_now, give_back, one_refund, state_of
from tests.builders import an_order

CONSENT = {"text": "J'accepte un avoir", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}


def spend(merchant: Any, credit_id: str, amount: str) -> Redeemed:
    return redeem(
        merchant_id=merchant.id,
        credit_id=UUID(credit_id),
        amount=amount,
        order_number="2001",
        by="test",
        at=datetime.now(UTC),
    )


def credited(merchant: Any, *, method: str = "store_credit", amount: str = "8.00", **order: Any) -> None:
    give_back(merchant, an_order(merchant, **order), amount=amount, method=method, consent=CONSENT)
    drain_now()


def test_SG7_store_credit_can_be_spent(merchant: Any) -> None:
    credited(merchant, email="Ana@Example.org")
    credited(merchant, email="ana@example.org ", amount="2.00")
    [mine] = credits_of(merchant_id=merchant.id, customer_email="ANA@example.org")
    assert (mine["balance"], mine["issued"], mine["kind"]) == ("10.00", "10.00", "store_credit")
    left = spend(merchant, mine["id"], "7.50")
    assert left.balance_minor == 250
    entries = credit(merchant_id=merchant.id, credit_id=UUID(mine["id"]))["entries"]
    assert [entry["amount"] for entry in entries] == ["8.00", "2.00", "-7.50"]
    with pytest.raises(Refusal) as refusal:
        spend(merchant, mine["id"], "2.51")
    assert (code_of(refusal), refusal.value.facts["balance"]) == ("amount_too_large", "2.50")


def test_SG7_a_credit_is_never_spent_twice(merchant: Any) -> None:
    credited(merchant)
    [mine] = credits_of(merchant_id=merchant.id, customer_email="ana@example.org")
    answers = at_once([lambda: spend(merchant, mine["id"], "3.00")] * 6)
    assert len([answer for answer in answers if isinstance(answer, Redeemed)]) == 2
    [mine] = credits_of(merchant_id=merchant.id, customer_email="ana@example.org")
    assert mine["balance"] == "2.00"


def test_SG7_a_gift_card_is_a_code_that_its_holder_spends(merchant: Any) -> None:
    credited(merchant, method="gift_card", email="")
    card = StoreCredit.of(merchant.id).get()
    code = credit_code(card.id)
    found = credit_by_code(merchant_id=merchant.id, code=code.lower().replace("-", " "))
    assert (found["balance"], found["kind"], len(code)) == ("8.00", "gift_card", 19)
    credited(merchant, method="gift_card", email="")
    assert StoreCredit.of(merchant.id).count() == 2


def test_SG7_the_liability_report_says_what_is_owed_in_goods(merchant: Any) -> None:
    credited(merchant)
    credited(merchant, method="gift_card", amount="1.00")
    [mine] = credits_of(merchant_id=merchant.id, customer_email="ana@example.org")[1:]
    spend(merchant, mine["id"], "3.00")
    rows = {row["kind"]: row for row in liability(merchant_id=merchant.id)}
    owed = rows["store_credit"]
    assert (owed["issued"], owed["redeemed"], owed["balance"]) == ("8.00", "3.00", "5.00")
    assert rows["gift_card"]["balance"] == "1.00"
    assert not owed["live"]


def test_play_money_never_becomes_real_credit(merchant: Any) -> None:
    open_channel(
        merchant_id=merchant.id,
        code="vrai",
        name="Vrai",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="live",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    credited(merchant)
    credited(
        merchant, channel="vrai", provider="manual", method="store_credit", reference=None, amount="5.00"
    )
    mine = {
        row["live"]: row["balance"]
        for row in credits_of(merchant_id=merchant.id, customer_email="ana@example.org")
    }
    assert mine == {False: "8.00", True: "5.00"}


def test_SG2_what_was_paid_by_credit_goes_back_to_that_credit(merchant: Any) -> None:
    credited(merchant, method="gift_card")
    card = StoreCredit.of(merchant.id).get()
    spend(merchant, str(card.id), "6.00")
    paid = {
        "provider": "store_credit",
        "method": "gift_card",
        "amount": "6.00",
        "state": "captured",
        "provider_reference": credit_code(card.id),
    }
    order = an_order(merchant, lines=[("CARTE", 1, "6.00")], payments=[paid])
    refund = one_refund(merchant, order, amount="6.00")
    assert refund.method == "gift_card"
    drain_now()
    assert state_of(refund) == "succeeded"
    card.refresh_from_db()
    assert (card.balance_minor, StoreCredit.of(merchant.id).count()) == (800, 1)


def test_SG2_a_credit_needs_an_address_to_belong_to(merchant: Any) -> None:
    order = an_order(merchant, email="")
    with pytest.raises(Refusal) as refusal:
        give_back(merchant, order, amount="1.00", method="store_credit", consent=CONSENT)
    assert code_of(refusal) == "email_required"
