"""SH-12: where a rule of the merchant's bites, a second person looks at the frozen plan before anything moves."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from countermand.approvals.actions import (
    Gift,
    Held,
    confirm_many_allowed,
    confirm_or_hold,
    decline,
    judge_many_allowed,
    reimburse_or_hold,
    renew,
    withdraw,
)
from countermand.approvals.jobs import expire
from countermand.approvals.models import Approval
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Confirmed, Wish, confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from countermand.correspondence.models import Message
from countermand.events.models import Event
from countermand.orders.actions import add_note
from countermand.performance.queries import rate_of
from countermand.refunds.actions import GiveBack
from countermand.refunds.models import Refund, Reimbursement
from countermand.refusals import Refusal
from countermand.stock.models import Item, Movement
from countermand.vouchers.models import Voucher
from countermand.vouchers.rules import Offer
from tests.actions.approving import AGENT, MANAGER, OVER_20, approved, held, moment, rules, wish
from tests.actions.refund_desk import at_once, code_of, drain_now, order_of
from tests.builders import an_order


def nothing_moved(merchant: Any, order_id: Any) -> bool:
    """No cancellation, refund, mail or movement of the order but its own coming in."""
    kinds = set(Movement.of(merchant.id).filter(order_id=order_id).values_list("kind", flat=True))
    return (
        not any(
            model.of(merchant.id).filter(order_id=order_id).exists()
            for model in (Cancellation, Refund, Message)
        )
        and kinds <= {"allocated"}
        and order_of(merchant, order_id).status == "open"
    )


def state(approval: Approval) -> str:
    approval.refresh_from_db()
    return approval.state


def test_SH12_above_the_amount_an_agent_waits_for_a_manager_and_nothing_moves(merchant: Any) -> None:
    order_id = an_order(merchant)  # 3 mugs, 36.90
    approval = held(merchant, order_id)
    assert nothing_moved(merchant, order_id)
    assert (approval.state, approval.approver, approval.amount_minor) == ("waiting", "manager", 3690)
    assert approval.plan["refund"]["amount"] == "36.90"
    assert approval.plan["plan"] == approval.plan_hash
    done = approved(merchant, approval)
    cancellation = Cancellation.of(merchant.id).get(order_id=order_id)
    assert (done.state, done.cancellation_id) == ("approved", cancellation.id)
    assert (cancellation.by, cancellation.refund_minor) == (MANAGER, 3690)
    kinds = Event.of(merchant.id).filter(order_id=order_id).order_by("id").values_list("kind", "by")
    assert ("approval.asked", AGENT) in kinds
    assert ("approval.approved", MANAGER) in kinds


@pytest.mark.parametrize(("units", "waits"), [(1, False), (2, True)])
def test_SH12_the_amount_itself_does_not_bite_a_cent_above_does(
    merchant: Any, units: int, waits: bool
) -> None:
    order_id = an_order(merchant, lines=(("MUG", 2, "20.00"),))
    answer = wish(merchant, order_id, OVER_20, lines=(("1", units),))
    assert isinstance(answer, Held) is waits


def test_SH12_who_may_approve_needs_no_one(merchant: Any) -> None:
    assert isinstance(wish(merchant, an_order(merchant), OVER_20, role="manager"), Confirmed)
    owners = (Rule("amount", "owner", above="20"),)
    assert isinstance(wish(merchant, an_order(merchant), owners, role="manager"), Held)
    assert isinstance(wish(merchant, an_order(merchant), owners, role="owner"), Confirmed)


def test_SH12_a_reason_bites_and_another_does_not(merchant: Any) -> None:
    kept = rules(merchant, Rule("reason", "manager", reasons=("fraud_suspected", "price_error")))
    assert isinstance(wish(merchant, an_order(merchant), kept, reason="price_error"), Held)
    assert isinstance(wish(merchant, an_order(merchant), kept, reason="out_of_stock"), Confirmed)


def test_SH12_a_rate_that_would_reach_its_limit_bites_and_an_uncounted_cancel_does_not(merchant: Any) -> None:
    open_channel(
        merchant_id=merchant.id, code="place", name="Place", terms="merchant_space",
        timezone="Europe/Paris", mode="test", overrides={"limit": "25.00"}, by="test", at=moment(),
    )  # fmt: skip
    orders = [an_order(merchant, channel="place", lines=(("MUG", 1, "5.00"),)) for _ in range(8)]
    kept = rules(merchant, Rule("rate", "manager", near="limit"))
    assert isinstance(wish(merchant, orders[0], kept), Confirmed)  # 1 of 8: 12.50 %
    asked = wish(merchant, orders[1], kept)  # 2 of 8: 25.00 %, the limit itself
    assert isinstance(asked, Held)
    shown = {"before": "12.50", "after": "25.00", "limit": "25.00", "verdict": "too_few", "room": 0}
    assert asked.approval.plan["rate"] == shown
    assert isinstance(wish(merchant, orders[2], kept, initiated_by="buyer", reason="budget"), Confirmed)


def test_SH12_after_a_failed_refund_money_goes_back_only_with_a_second_look(merchant: Any) -> None:
    kept = rules(merchant, Rule("refund_failed", "manager"))
    order_id = an_order(merchant, reference="decline")
    assert isinstance(wish(merchant, order_id, kept, lines=(("1", 1),)), Confirmed)
    drain_now()
    assert isinstance(wish(merchant, order_id, kept, lines=(("1", 1),)), Held)


def test_SH12_nobody_approves_their_own(merchant: Any) -> None:
    approval = held(merchant, an_order(merchant))
    with pytest.raises(Refusal) as error:
        approved(merchant, approval, by=AGENT, role="owner")
    assert code_of(error) == "own_approval"
    with pytest.raises(Refusal) as error:
        approved(merchant, approval, by=MANAGER, role="agent")
    assert code_of(error) == "forbidden"
    assert state(approval) == "waiting"


def test_SH12_declined_nothing_moves_and_it_cannot_be_approved_any_more(merchant: Any) -> None:
    order_id = an_order(merchant)
    approval = held(merchant, order_id)
    decline(
        merchant_id=merchant.id, approval_id=approval.id, note="le client attend", by=MANAGER, role="manager", at=moment()
    )  # fmt: skip
    assert nothing_moved(merchant, order_id)
    with pytest.raises(Refusal) as error:
        approved(merchant, approval)
    assert code_of(error) == "already_decided"


def test_SH12_facts_that_moved_make_a_new_plan_that_is_approved_anew(merchant: Any) -> None:
    order_id = an_order(merchant)
    approval = held(merchant, order_id, source="web:one")
    confirm(
        merchant_id=merchant.id, order_id=order_id, ask=Ask(reason="budget", lines=(("1", 1),)), by=MANAGER, at=moment()
    )  # fmt: skip
    with pytest.raises(Refusal) as error:
        approved(merchant, approval)
    assert code_of(error) == "plan_changed"
    new = renew(
        merchant_id=merchant.id, approval_id=approval.id, rules=OVER_20, by=MANAGER, at=moment(), rate_of=rate_of
    )  # fmt: skip
    assert (state(approval), approval.replaced_by_id) == ("stale", new.id)
    assert (new.state, new.amount_minor, new.asked_by, new.source) == ("waiting", 2460, AGENT, "web:one")
    approved(merchant, new)
    assert order_of(merchant, order_id).status == "cancelled"


def test_SH12_a_note_or_a_call_moves_no_fact(merchant: Any) -> None:
    order_id = an_order(merchant)
    approval = held(merchant, order_id)
    add_note(merchant_id=merchant.id, order_id=order_id, text="vu", by=MANAGER, at=moment())
    same = renew(
        merchant_id=merchant.id, approval_id=approval.id, rules=OVER_20, by=MANAGER, at=moment(), rate_of=rate_of
    )  # fmt: skip
    assert same.id == approval.id
    assert approved(merchant, approval).state == "approved"


def test_SH12_what_can_no_longer_be_done_is_stale_and_says_why(merchant: Any) -> None:
    order_id = an_order(merchant)
    approval = held(merchant, order_id)
    confirm(merchant_id=merchant.id, order_id=order_id, ask=Ask(reason="budget"), by=MANAGER, at=moment())
    ended = renew(
        merchant_id=merchant.id, approval_id=approval.id, rules=OVER_20, by=MANAGER, at=moment(), rate_of=rate_of
    )  # fmt: skip
    assert (ended.id, ended.state, ended.refusal) == (approval.id, "stale", "already_cancelled")


def test_SH12_a_second_press_of_the_same_button_asks_once(merchant: Any) -> None:
    order_id = an_order(merchant)
    first = wish(merchant, order_id, OVER_20, source="web:abc")
    second = wish(merchant, order_id, OVER_20, source="web:abc")
    assert (second.approval.id, second.again) == (first.approval.id, True)
    approved(merchant, first.approval)
    third = wish(merchant, order_id, OVER_20, source="web:abc")
    assert third.id == Cancellation.of(merchant.id).get(order_id=order_id).id


def test_SH12_while_one_waits_another_wish_is_judged_on_its_own(merchant: Any) -> None:
    order_id = an_order(merchant)
    approval = held(merchant, order_id)
    assert isinstance(wish(merchant, order_id, OVER_20, lines=(("1", 1),)), Confirmed)
    assert state(approval) == "waiting"


def test_SH12_who_asked_takes_it_back_and_nobody_else(merchant: Any) -> None:
    approval = held(merchant, an_order(merchant))
    common: dict[str, Any] = {"merchant_id": merchant.id, "approval_id": approval.id, "at": moment()}
    with pytest.raises(Refusal):
        withdraw(**common, by=MANAGER)
    assert withdraw(**common, by=AGENT).state == "withdrawn"


def test_SH12_nobody_decides_for_a_week_and_the_question_ends(merchant: Any) -> None:
    approval = held(merchant, an_order(merchant))
    with transaction.atomic():
        expire(at=moment() + timedelta(days=6, hours=23))
    assert state(approval) == "waiting"
    with transaction.atomic():
        expire(at=moment() + timedelta(days=7, minutes=1))
    assert state(approval) == "expired"


def test_SH12_giving_back_outside_a_cancellation_waits_too(merchant: Any) -> None:
    order_id = an_order(merchant)
    common: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order_id, "by": AGENT, "at": moment()}
    asked = reimburse_or_hold(
        **common, wish=GiveBack(amount="30.00", reason="retard"), rules=OVER_20, role="agent"
    )
    assert isinstance(asked, Held)
    assert nothing_moved(merchant, order_id)
    assert asked.approval.plan["amount"] == "30.00"
    done = approved(merchant, asked.approval)
    given = Reimbursement.of(merchant.id).get(order_id=order_id)
    assert (done.reimbursement_id, given.amount_minor, given.by) == (given.id, 3000, MANAGER)


def test_SH12_a_goodwill_bites_by_itself_and_what_is_owed_does_not(merchant: Any) -> None:
    kept = rules(merchant, Rule("goodwill", "owner"))
    order_id = an_order(merchant)
    common: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order_id, "by": MANAGER, "at": moment()}
    confirm(**common, ask=Ask(reason="out_of_stock", lines=(("1", 1),), when="later"))
    owed = reimburse_or_hold(**common, wish=GiveBack(), rules=kept, role="manager")
    assert not isinstance(owed, Held)
    kind = reimburse_or_hold(**common, wish=GiveBack(amount="2.00"), rules=kept, role="manager")
    assert isinstance(kind, Held)


def test_SH12_among_many_those_that_need_a_look_are_refused_and_the_rest_goes_on(merchant: Any) -> None:
    dear, cheap = an_order(merchant), an_order(merchant, lines=(("MUG", 1, "5.00"),))
    wishes = [Wish(order, Ask(reason="out_of_stock", role="agent"), f"f:{order}") for order in (dear, cheap)]
    common: dict[str, Any] = {"merchant_id": merchant.id, "wishes": wishes, "rules": OVER_20, "at": moment()}
    dry = judge_many_allowed(**common)
    real = confirm_many_allowed(**common, by=AGENT)
    for answers in (dry, real):
        assert isinstance(answers[0], Refusal)
        assert answers[0].code == "approval_needed"
        assert isinstance(answers[1], Confirmed)
    assert nothing_moved(merchant, dear)
    assert order_of(merchant, cheap).status == "cancelled"


def test_SH12_two_approvers_at_once_do_it_once(merchant: Any) -> None:
    order_id = an_order(merchant)
    approval = held(merchant, order_id)
    answers = at_once([partial(approved, merchant, approval, by=f"{i}@x", role="owner") for i in range(4)])
    assert sum(isinstance(answer, Approval) for answer in answers) == 1
    assert {a.code for a in answers if isinstance(a, Refusal)} == {"already_decided"}
    assert Cancellation.of(merchant.id).filter(order_id=order_id).count() == 1


def test_SH12_approve_and_decline_at_once_end_in_one_of_them(merchant: Any) -> None:
    for _ in range(3):
        order_id = an_order(merchant)
        approval = held(merchant, order_id)
        no = partial(
            decline, merchant_id=merchant.id, approval_id=approval.id, by="b@x", role="owner", at=moment()
        )
        answers = at_once([partial(approved, merchant, approval), no])
        assert sum(isinstance(answer, Refusal) for answer in answers) == 1
        assert (state(approval) == "approved") is Cancellation.of(merchant.id).filter(
            order_id=order_id
        ).exists()


def test_SH12_an_approval_and_anothers_cancel_at_once_cancel_once(merchant: Any) -> None:
    for _ in range(3):
        order_id = an_order(merchant)
        approval = held(merchant, order_id)
        other = partial(
            confirm,
            merchant_id=merchant.id,
            order_id=order_id,
            ask=Ask(reason="budget"),
            by="b@x",
            at=moment(),
        )
        answers = at_once([partial(approved, merchant, approval), other])
        refused = [answer for answer in answers if isinstance(answer, Refusal)]
        assert len(refused) == 1
        assert refused[0].code in ("plan_changed", "already_cancelled")
        assert Cancellation.of(merchant.id).filter(order_id=order_id).count() == 1
        assert Item.of(merchant.id).filter(sku="MUG-BLEU", allocated__gt=0).count() == 0


def test_SH11_a_voucher_waits_with_its_cancellation(merchant: Any) -> None:
    order_id = an_order(merchant)
    offer = Offer("percent", "10", expires_on=moment().date() + timedelta(days=90))
    asked = confirm_or_hold(
        merchant_id=merchant.id,
        order_id=order_id,
        ask=Ask(reason="out_of_stock", role="agent"),
        rules=OVER_20,
        by=AGENT,
        at=moment(),
        gift=Gift(offer, free_hand=False),
    )
    assert isinstance(asked, Held)
    assert not Voucher.of(merchant.id).exists()
    done = approved(merchant, asked.approval)
    assert Voucher.of(merchant.id).get().percent == 10
    assert Message.of(merchant.id).get(cancellation_id=done.cancellation_id).facts["voucher"]["percent"] == 10


def test_SH11_a_voucher_that_could_not_be_given_is_refused_before_anybody_is_asked(merchant: Any) -> None:
    offer = Offer("percent", "50", expires_on=moment().date() + timedelta(days=90))
    with pytest.raises(Refusal) as error:
        wish(merchant, an_order(merchant), OVER_20, gift=Gift(offer, free_hand=False))
    assert code_of(error) == "voucher_too_large"
    assert not Approval.of(merchant.id).exists()
