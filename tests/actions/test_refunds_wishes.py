"""What a person gives back on an order: amounts, ways, and what is refused (docs/api.md, Refunds)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Message
from countermand.orders.models import Line
from countermand.payments.models import Payment
from countermand.refunds.actions import (
    GiveBack,
    LineWish,
    Reimbursed,
    preview_reimbursement,
    settle,
)
from countermand.refunds.models import Refund, RefundTarget, Reimbursement
from countermand.refunds.release import release_held
from countermand.refusals import Refusal
from tests.actions.refund_desk import (
    at_once,
    code_of,
    drain_now,
    drain_until_quiet,
    give_back,
    one_refund,
    order_of,
    state_of,
)
from tests.builders import an_order

MUG = [("MUG-BLEU", 3, "10.00")]


def cancel(merchant: Any, order_id: UUID, **ask: Any) -> UUID:
    return confirm(
        merchant_id=merchant.id,
        order_id=order_id,
        ask=Ask(**{"reason": "other", **ask}),
        by="test",
        at=datetime.now(UTC),
    ).id


def given_for(merchant: Any, made: Reimbursed) -> list[tuple[str, int]]:
    ids = [part.id for part in made.parts]
    found = RefundTarget.of(merchant.id).filter(refund_id__in=ids).order_by("id")
    return list(found.values_list("target", "amount_minor"))


def test_SH10_what_was_put_off_is_given_back_whole_when_nothing_is_named(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG, shipping={"amount": "4.90", "tax_rate": "20"}, total="34.90")
    cancel(merchant, order, when="later")
    assert order_of(merchant, order).to_give_back_minor == 3490
    made = give_back(merchant, order)
    assert made.amount_minor == 3490
    assert given_for(merchant, made) == [("line", 3000), ("shipping", 490)]
    assert order_of(merchant, order).to_give_back_minor == 0
    with pytest.raises(Refusal) as refusal:
        give_back(merchant, order)
    assert (code_of(refusal), refusal.value.status) == ("nothing_to_refund", 409)


def test_SH10_units_called_off_are_given_back_before_those_that_are_kept(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG)
    cancel(merchant, order, lines=(("1", 1),), when="later")
    one = give_back(merchant, order, lines=(LineWish("1", quantity=1),))
    assert (one.amount_minor, order_of(merchant, order).to_give_back_minor) == (1000, 0)
    kept = give_back(merchant, order, lines=(LineWish("1", quantity=1),))
    assert (kept.amount_minor, order_of(merchant, order).to_give_back_minor) == (1000, 0)
    with pytest.raises(Refusal) as refusal:
        give_back(merchant, order, lines=(LineWish("1", quantity=2),))
    assert (code_of(refusal), refusal.value.status) == ("amount_too_large", 422)


def test_SG2_a_unit_given_back_in_part_gives_its_rest(merchant: Any) -> None:
    order = an_order(merchant, lines=[("MUG", 3, "10.63")], total="31.89")
    give_back(merchant, order, lines=(LineWish("1", amount="4.00"),))
    rest = give_back(merchant, order, lines=(LineWish("1", quantity=1),))
    assert rest.amount_minor == 663


def test_SG2_shipping_is_given_back_as_asked_and_never_above_what_was_charged(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG, shipping={"amount": "4.90", "tax_rate": "20"}, total="34.90")
    part = give_back(merchant, order, shipping="2.00")
    assert given_for(merchant, part) == [("shipping", 200)]
    with pytest.raises(Refusal) as refusal:
        give_back(merchant, order, shipping="2.91")
    assert code_of(refusal) == "amount_too_large"
    assert give_back(merchant, order, shipping="all").amount_minor == 290


def test_SH10_goodwill_lowers_what_is_kept_and_is_not_owed_twice(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG)
    made = give_back(merchant, order, amount="5.00")
    assert given_for(merchant, made) == [("goodwill", 500)]
    assert order_of(merchant, order).to_give_back_minor == 0
    cancel(merchant, order)
    drain_now()
    after = order_of(merchant, order)
    assert (after.refunded_minor, after.to_give_back_minor) == (3000, 0)


def test_SG2_never_more_than_was_captured_and_not_given_back(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG)
    give_back(merchant, order, amount="20.00")
    with pytest.raises(Refusal) as refusal:
        give_back(merchant, order, amount="10.01")
    assert code_of(refusal) == "amount_too_large"
    assert give_back(merchant, order, amount="10.00").amount_minor == 1000


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"lines": (LineWish("9", quantity=1),)}, "unknown_line"),
        ({"lines": (LineWish("1", quantity=4),)}, "quantity_too_large"),
        ({"lines": (LineWish("1", quantity=1), LineWish("1", quantity=1))}, "duplicate_line"),
        ({"lines": (LineWish("1", amount="30.01"),)}, "amount_too_large"),
        ({"lines": (LineWish("1", quantity=1),), "amount": "10.01"}, "amount_too_large"),
        ({"amount": "1.234"}, "too_many_decimals"),
        ({"amount": "0.00"}, "nothing_to_refund"),
        ({"amount": "1.00", "method": "store_credit"}, "consent_required"),
        ({"amount": "1.00", "method": "gift_card", "consent": {"text": "oui"}}, "consent_required"),
        ({"amount": "1.00", "method": "pigeon"}, "unknown_method"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_by_name(merchant: Any, wish: dict[str, Any], code: str) -> None:
    order = an_order(merchant, lines=MUG)
    for act in (
        give_back,
        lambda m, o, **w: preview_reimbursement(merchant_id=m.id, order_id=o, wish=GiveBack(**w)),
    ):
        with pytest.raises(Refusal) as refusal:
            act(merchant, order, **wish)
        assert code_of(refusal) == code
    assert Reimbursement.of(merchant.id).count() == 0


def test_another_merchants_order_is_not_found(merchant: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        give_back(merchant, uuid4(), amount="1.00")
    assert refusal.value.status == 404


def test_SG3_the_preview_shows_the_movements_that_will_be_made(merchant: Any) -> None:
    payments = [
        {"provider": "sandbox", "method": "card", "amount": "20.00", "state": "captured"},
        {"provider": "store_credit", "method": "store_credit", "amount": "4.00", "state": "captured"},
        {"provider": "manual", "method": "cash", "amount": "6.00", "state": "captured"},
    ]
    order = an_order(merchant, lines=MUG, payments=payments)
    wish = GiveBack(amount="25.00")
    shown = preview_reimbursement(merchant_id=merchant.id, order_id=order, wish=wish)
    done = give_back(merchant, order, amount="25.00")
    movements = [(part.share.reference, part.method, part.amount_minor) for part in done.parts]
    assert movements == [("2", "store_credit", 400), ("1", "original", 2000), ("3", "manual", 100)]
    assert [(p.share.reference, p.method, p.amount_minor) for p in shown.parts] == movements


def test_SG8_one_mail_when_the_last_movement_is_done_and_none_before(merchant: Any) -> None:
    payments = [
        {"provider": "sandbox", "method": "card", "amount": "20.00", "state": "captured"},
        {"provider": "manual", "method": "cash", "amount": "10.00", "state": "captured"},
    ]
    order = an_order(merchant, lines=MUG, payments=payments)
    cancel(merchant, order, when="later", notify=True)
    made = give_back(merchant, order)
    mails = Message.of(merchant.id).filter(kind="refund")
    drain_now()
    assert mails.count() == 0  # the cash is still in the till
    by_hand = next(part for part in made.parts if part.method == "manual")
    settled = datetime.now(UTC)
    settle(
        merchant_id=merchant.id,
        refund_id=by_hand.id or uuid4(),
        settled_at=settled,
        evidence="reçu 12",
        by="test",
        at=settled,
    )
    mail = mails.get()
    assert mail.reimbursement_id == made.id
    assert (mail.facts["refund_minor"], len(mail.facts["methods"])) == (3000, 2)
    assert Reimbursement.of(merchant.id).get().told_at == settled
    drain_until_quiet(rounds=2)
    assert mails.count() == 1


def test_SG8_a_refund_that_goes_with_its_cancellation_has_no_mail_of_its_own(merchant: Any) -> None:
    cancel(merchant, an_order(merchant, lines=MUG))
    drain_now()
    assert set(Message.of(merchant.id).values_list("kind", flat=True)) == {"cancellation"}


def test_a_silent_refund_has_no_mail(merchant: Any) -> None:
    give_back(merchant, an_order(merchant, lines=MUG), amount="1.00", notify=False)
    drain_now()
    assert Message.of(merchant.id).count() == 0


def test_SG5_a_refund_by_hand_waits_for_its_evidence(merchant: Any, now: datetime) -> None:
    order = an_order(merchant, lines=MUG, provider="manual", method="cash", reference=None)
    cancellation = cancel(merchant, order, notify=False)
    refund = Refund.of(merchant.id).get()
    assert (refund.method, refund.state) == ("manual", "planned")
    drain_now()
    assert state_of(refund) == "planned"
    assert Cancellation.of(merchant.id).get().state == "needs_person"
    act: dict[str, Any] = {"merchant_id": merchant.id, "refund_id": refund.id, "by": "test", "at": now}
    with pytest.raises(Refusal) as refusal:
        settle(**act, settled_at=now, evidence=" ")
    assert code_of(refusal) == "evidence_required"
    settle(**act, settled_at=now, evidence="virement 77")
    assert (state_of(refund), refund.evidence, refund.settled_at) == ("succeeded", "virement 77", now)
    after = order_of(merchant, order)
    assert (after.payment_status, after.refunded_minor) == ("refunded", 3000)
    done = Cancellation.of(merchant.id).get(id=cancellation)
    assert (done.state, done.concluded_at) == ("done", now)
    with pytest.raises(Refusal) as refusal:
        settle(**act, settled_at=now, evidence="virement 77")
    assert code_of(refusal) == "not_settleable"


def test_SG5_the_cancellation_is_done_once_its_money_and_its_mail_are_out(merchant: Any) -> None:
    cancel(merchant, an_order(merchant, lines=MUG, reference="flaky"), notify=False)
    cancellation = Cancellation.of(merchant.id).get()
    drain_now()
    cancellation.refresh_from_db()
    assert cancellation.state == "in_progress"
    drain_until_quiet(after_seconds=2)
    cancellation.refresh_from_db()
    assert cancellation.state == "done"


def test_a_cancellation_whose_refund_was_declined_waits_for_a_person_until_it_is_paid_another_way(
    merchant: Any,
) -> None:
    order = an_order(merchant, lines=MUG, reference="decline")
    cancel(merchant, order, notify=False)
    drain_now()
    cancellation = Cancellation.of(merchant.id).get()
    assert cancellation.state == "needs_person"
    by_hand = one_refund(merchant, order, method="manual", notify=False)
    at = datetime.now(UTC)
    settle(merchant_id=merchant.id, refund_id=by_hand.id, settled_at=at, evidence="chèque", by="test", at=at)
    cancellation.refresh_from_db()
    assert cancellation.state == "done"


def test_twenty_at_once_give_the_whole_amount_back_once(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG)
    answers = at_once([lambda: give_back(merchant, order, amount="30.00")] * 20)
    assert len([answer for answer in answers if isinstance(answer, Reimbursed)]) == 1
    refused = [answer for answer in answers if isinstance(answer, Refusal)]
    assert {answer.code for answer in refused} == {"amount_too_large"}
    assert len(refused) == 19
    drain_now()
    assert order_of(merchant, order).refunded_minor == 3000
    assert Payment.of(merchant.id).get().reserved_minor == 3000


def test_wishes_for_one_order_at_once_never_exceed_a_line(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG)
    wish = (LineWish("1", quantity=1),)
    answers = at_once([lambda: give_back(merchant, order, lines=wish)] * 6)
    assert len([answer for answer in answers if isinstance(answer, Reimbursed)]) == 3
    assert Line.of(merchant.id).get().given_minor == 3000


def test_a_reimbursement_and_a_cancellation_at_once_share_what_there_is(merchant: Any) -> None:
    order = an_order(merchant, lines=MUG)
    at_once([lambda: give_back(merchant, order, amount="25.00"), lambda: cancel(merchant, order)])
    drain_now()
    after = order_of(merchant, order)
    assert (after.refunded_minor, after.in_flight_minor, after.to_give_back_minor) == (3000, 0, 0)


def test_what_is_held_begins_when_its_undo_window_is_over(merchant: Any) -> None:
    cancel(merchant, an_order(merchant, lines=MUG), undo_seconds=10)
    cancellation = Cancellation.of(merchant.id).get()
    refund = Refund.of(merchant.id).get()
    before = cancellation.undo_until
    assert before is not None
    assert cancellation.id not in release_held(at=cancellation.at)
    drain_until_quiet(after_seconds=5, rounds=1)
    assert state_of(refund) == "held"
    assert cancellation.id in release_held(at=before)
    assert state_of(refund) == "planned"
    assert Message.of(merchant.id).get().state == "planned"
    assert cancellation.id not in release_held(at=before)
    drain_until_quiet(after_seconds=11, rounds=1)
    assert state_of(refund) == "succeeded"
