"""What the customer service does, at the same moment as what others do, and with answers that get lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from countermand.cancellations.conclude import conclude
from countermand.cancellations.undo import undo
from countermand.correspondence import jobs as mails
from countermand.refunds.actions import GiveBack, reimburse
from countermand.refunds.models import Refund
from countermand.refunds.release import release_held
from countermand.refusals import Refusal
from tests.actions.refund_desk import at_once, drain_now, drain_until_quiet, order_of, provider_says
from tests.actions.service_desk import (
    a_channel,
    a_sale,
    call_off,
    pay_otherwise,
    release,
    the_refund,
    the_state,
)
from tests.races.test_kills import dies_at


def windows_end(*, seconds: int = 61) -> None:
    """The worker ends undo windows, as of then."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    conclude(cancellation_ids=release_held(at=at), at=at)


def refused(answers: list[Any]) -> int:
    assert all(answer is None or isinstance(answer, Refusal) for answer in answers), answers
    return sum(isinstance(answer, Refusal) for answer in answers)


@pytest.mark.parametrize("pair", ["let go twice", "settle twice", "let go and settle"])
def test_RK5_of_two_of_the_service_one_is_too_late(merchant: Any, pair: str) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"))
    refund = the_refund(merchant, call_off(merchant, order))

    def goes() -> None:
        release(merchant, refund)

    def paid() -> None:
        pay_otherwise(merchant, refund)

    both: dict[str, list[Callable[[], None]]] = {
        "let go twice": [goes, goes],
        "settle twice": [paid, paid],
        "let go and settle": [goes, paid],
    }
    assert refused(at_once(both[pair])) == 1
    drain_until_quiet()
    found = order_of(merchant, order)
    assert (found.refunded_minor, found.in_flight_minor, found.payment_status) == (3000, 0, "refunded")


def test_RK5_undo_and_the_end_of_the_window_and_the_service_at_once(merchant: Any) -> None:
    rakuten = a_channel(merchant, "rakuten_france")
    for _round in range(3):
        order = a_sale(merchant, rakuten)
        made = call_off(merchant, order, undo_seconds=60)
        refund = the_refund(merchant, made)
        answers = at_once(
            [
                lambda made=made: (
                    undo(merchant_id=merchant.id, cancellation_id=made.id, by="race", at=datetime.now(UTC))
                    and None
                ),
                windows_end,
                lambda refund=refund: release(merchant, refund),
            ]
        )
        refused(answers)
        drain_until_quiet(after_seconds=62)
        refund.refresh_from_db()
        money = order_of(merchant, order)
        if the_state(merchant, made) == "undone":
            assert (refund.state, money.refunded_minor, money.in_flight_minor) == ("withdrawn", 0, 0)
        else:
            assert refund.state in ("held", "succeeded")
            assert money.refunded_minor + money.in_flight_minor == 3000


def test_RK5_other_units_and_the_platforms_own_refund_meanwhile(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"))
    refund = the_refund(merchant, call_off(merchant, order, lines=(("1", 1),)))
    goodwill = {"merchant_id": merchant.id, "order_id": order, "by": "race", "who": "platform"}
    answers = at_once(
        [
            lambda: release(merchant, refund),
            lambda: call_off(merchant, order, lines=(("1", 2),)) and None,
            lambda: reimburse(**goodwill, wish=GiveBack(amount="5.00"), at=datetime.now(UTC)) and None,  # type: ignore[arg-type]
        ]
    )
    refused(answers)
    drain_until_quiet()
    for waiting in Refund.of(merchant.id).filter(order_id=order, state="held"):
        pay_otherwise(merchant, waiting)
    assert order_of(merchant, order).refunded_minor == 3000


@pytest.mark.parametrize("reference", ["ok", "lost", "flaky", "decline"])
@pytest.mark.parametrize("terms", ["rakuten_france", "merchant_space"])
def test_RK5_EM10_whatever_the_provider_answers_the_money_goes_back_once(
    merchant: Any, terms: str, reference: str
) -> None:
    order = a_sale(merchant, a_channel(merchant, terms), reference=reference)
    made = call_off(merchant, order)
    refund = the_refund(merchant, made)
    if refund.state == "held":
        release(merchant, refund)
    drain_until_quiet(rounds=12)
    mails.drain(at=datetime.now(UTC))
    refund.refresh_from_db()
    if reference == "decline":
        assert (refund.state, the_state(merchant, made)) == ("failed", "needs_person")
        assert order_of(merchant, order).to_give_back_minor == 3000
        assert refused(at_once([lambda: pay_otherwise(merchant, refund)] * 2)) == 1
    else:
        assert provider_says(refund)["refunded"] == "30.00"
    assert order_of(merchant, order).payment_status == "refunded"
    assert the_state(merchant, made) == "done"


@pytest.mark.parametrize("place", ["begun", "before_commit", "committed"])
@pytest.mark.parametrize("verb", ["let_go", "settle_service"])
def test_RK5_a_process_may_die_in_the_services_deeds(merchant: Any, verb: str, place: str) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"), reference="lost")
    refund = the_refund(merchant, call_off(merchant, order))
    deed = release if verb == "let_go" else pay_otherwise
    connections.close_all()
    assert dies_at(f"{verb}.{place}", lambda: deed(merchant, refund))
    answers = at_once([lambda: deed(merchant, refund)])
    assert refused(answers) == (place == "committed")
    drain_now()
    drain_until_quiet(after_seconds=8, rounds=10)
    found = order_of(merchant, order)
    assert (found.refunded_minor, found.in_flight_minor) == (3000, 0)
