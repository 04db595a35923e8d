"""A sale waits to be accepted or refused, article by article; accepting draws the card, refusing lets it go."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.acceptance.actions import accept, decide, refuse
from countermand.acceptance.models import AwaitedSale, Decision
from countermand.channels.actions import open_channel
from countermand.correspondence import jobs as correspondence
from countermand.correspondence.models import Message
from countermand.events.models import Event
from countermand.orders.models import Line, Order
from countermand.payments import capturing, jobs
from countermand.payments.models import Payment
from countermand.payments.providers.sandbox.models import SandboxPayment
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from countermand.stock.actions import put_item
from countermand.stock.models import Item
from tests.actions.refund_desk import drain_until_quiet
from tests.builders import an_order

LINES = (("MUG-BLEU", 3, "12.30"), ("BOL-VERT", 1, "18.90"))  # 36.90 + 18.90 + 4.90 = 60.70
SHIPPED = {"shipping": {"amount": "4.90", "tax_rate": "20"}, "total": "60.70"}


def place(merchant: Any, now: datetime, *, terms: str = "rakuten_france", **body: Any) -> UUID:
    """This will take in a sale of 3 mugs and 1 bowl that waits for its merchant."""
    code = terms.replace("_", "-")
    if not Order.of(merchant.id).filter(channel__code=code).exists():
        known = set(Item.of(merchant.id).values_list("sku", flat=True))
        for sku in {"MUG-BLEU", "BOL-VERT"} - known:
            put_item(merchant_id=merchant.id, sku=sku, fields={"on_hand": 5}, by="test", at=now)
        open_channel(
            merchant_id=merchant.id,
            code=code,
            name=terms,
            terms=terms,
            timezone="Europe/Paris",
            mode="test",
            overrides={},
            by="test",
            at=now,
        )
    paid = "captured" if terms == "merchant_space" else "authorized"
    return an_order(
        merchant, **{"lines": LINES, "paid": paid, "channel": code, "accepted": False, **SHIPPED, **body}
    )


def ask(merchant: Any, order_id: UUID, now: datetime, **more: Any) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "order_id": order_id, "by": "test", "at": now, **more}


def order_of(merchant: Any, order_id: UUID) -> Order:
    return Order.of(merchant.id).get(id=order_id)


def kinds(merchant: Any, order_id: UUID) -> list[str]:
    return list(Event.of(merchant.id).filter(order_id=order_id).order_by("id").values_list("kind", flat=True))


def drawn(merchant: Any) -> int:
    return SandboxPayment.objects.get(account=f"sandbox:{merchant.id}").captured_minor


def code_of(error: Any) -> tuple[str, int]:
    return error.value.code, error.value.status


def test_RK3_accepting_debits_the_card_and_then_opens_the_order(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now)

    assert accept(**ask(merchant, order_id, now)).status == "accepting"
    assert drawn(merchant) == 0  # nothing is asked of the provider before the decision is committed
    assert jobs.drain(at=now) == 1

    order = order_of(merchant, order_id)
    assert (order.status, order.accepted, order.payment_status, order.captured_minor) == (
        "open",
        True,
        "paid",
        6070,
    )
    assert drawn(merchant) == 6070
    assert kinds(merchant, order_id) == [
        "order.received",
        "order.accepting",
        "payment.capturing",
        "payment.captured",
        "order.accepted",
    ]
    assert AwaitedSale.of(merchant.id).get().over_at is not None


def test_RK1_refusing_frees_the_card_and_is_no_cancellation(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now)
    assert Item.of(merchant.id).get(sku="MUG-BLEU").allocated == 3

    assert refuse(**ask(merchant, order_id, now)).status == "refused"

    [void] = Refund.of(merchant.id)
    assert (void.kind, void.amount_minor, void.state) == ("void", 6070, "planned")
    assert order_of(merchant, order_id).payment_status == "authorized"
    drain_until_quiet()
    order = order_of(merchant, order_id)
    assert (order.status, order.payment_status, order.accepted) == ("refused", "voided", False)
    assert SandboxPayment.objects.get(account=f"sandbox:{merchant.id}").voided
    # Nothing counts, neither as an order of the rate nor as a cancellation of it.
    assert (order.counted_cancellations, order.rated_articles, order.cancel_reason) == (0, 0, "")
    assert Item.of(merchant.id).get(sku="MUG-BLEU").allocated == 0
    assert Item.of(merchant.id).get(sku="MUG-BLEU").on_hand == 5  # zero is proposed, not done
    told = Event.of(merchant.id).get(kind="order.refused").facts
    assert (told["units"], told["whole"]) == ({"1": 3, "2": 1}, True)


def test_RK1_part_of_a_sale_is_refused_and_only_the_rest_is_drawn(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now)

    refuse(**ask(merchant, order_id, now), lines=[("1", 2)])
    assert order_of(merchant, order_id).status == "awaiting_acceptance"
    accept(**ask(merchant, order_id, now), lines=[("1", 1)])
    assert order_of(merchant, order_id).status == "awaiting_acceptance"  # the bowl is undecided
    accept(**ask(merchant, order_id, now))
    jobs.drain(at=now)

    # One mug 12.30, the bowl 18.90, shipping 4.90.
    order = order_of(merchant, order_id)
    assert (order.status, order.captured_minor, order.payment_status) == ("open", 3610, "paid")
    assert drawn(merchant) == 3610
    assert (order.refused_articles, order.rated_articles) == (2, 2)
    mugs = Line.of(merchant.id).get(order_id=order_id, reference="1")
    assert (mugs.quantity, mugs.cancelled, mugs.gone_minor) == (3, 2, 2460)
    assert set(Decision.of(merchant.id).values_list("state", flat=True)) == {"done"}


def test_RK1_both_at_once_refuses_first_so_that_the_rest_is_drawn(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now)

    status = decide(**ask(merchant, order_id, now), accepted=[("2", 1)], refused=[("1", 3)])

    assert status == "accepting"
    jobs.drain(at=now)
    assert (drawn(merchant), order_of(merchant, order_id).status) == (2380, "open")


def test_RK3_a_card_that_is_declined_leaves_the_sale_waiting(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now, reference="decline")
    accept(**ask(merchant, order_id, now))

    jobs.drain(at=now)

    order = order_of(merchant, order_id)
    assert (order.status, order.accepted, order.payment_status) == (
        "awaiting_acceptance",
        False,
        "authorized",
    )
    assert kinds(merchant, order_id)[-2:] == ["payment.capture_failed", "order.capture_failed"]
    assert AwaitedSale.of(merchant.id).get().over_at is None
    # Tried again, or refused: both are open.
    accept(**ask(merchant, order_id, now))
    jobs.drain(at=now)
    assert refuse(**ask(merchant, order_id, now)).status == "refused"


@pytest.mark.parametrize("reference", ["lost", "late"])
def test_RK3_an_answer_that_is_lost_is_looked_up_and_drawn_once(
    merchant: Any, now: datetime, reference: str
) -> None:
    order_id = place(merchant, now, reference=reference)
    accept(**ask(merchant, order_id, now))

    jobs.drain(at=now)
    assert order_of(merchant, order_id).status == "accepting"
    assert jobs.drain(at=now + timedelta(seconds=capturing.LEASE_SECONDS)) == 1

    assert (order_of(merchant, order_id).status, drawn(merchant)) == ("open", 6070)


def test_a_second_decision_is_refused_by_name(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now)
    accept(**ask(merchant, order_id, now))

    for verb in (accept, refuse):
        with pytest.raises(Refusal) as error:
            verb(**ask(merchant, order_id, now))
        assert code_of(error) == ("in_progress", 409)
    jobs.drain(at=now)
    for verb in (accept, refuse):
        with pytest.raises(Refusal) as error:
            verb(**ask(merchant, order_id, now))
        assert code_of(error) == ("already_accepted", 409)

    gone = place(merchant, now)
    refuse(**ask(merchant, gone, now))
    for verb in (accept, refuse):
        with pytest.raises(Refusal) as error:
            verb(**ask(merchant, gone, now))
        assert code_of(error) == ("already_cancelled", 409)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([("9", 1)], "unknown_line"),
        ([("1", 0)], "invalid_quantity"),
        ([("1", 4)], "quantity_too_large"),
        ([("1", 1), ("1", 1)], "duplicate_line"),
        ([], "invalid_lines"),
    ],
)
def test_units_that_are_not_there_are_refused(merchant: Any, now: datetime, lines: Any, code: str) -> None:
    order_id = place(merchant, now)
    for verb in (accept, refuse):
        with pytest.raises(Refusal) as error:
            verb(**ask(merchant, order_id, now), lines=lines)
        assert code_of(error) == (code, 422)
    assert order_of(merchant, order_id).status == "awaiting_acceptance"


def test_accepted_units_are_not_refused_any_more(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now)
    accept(**ask(merchant, order_id, now), lines=[("1", 3)])

    with pytest.raises(Refusal) as error:
        refuse(**ask(merchant, order_id, now), lines=[("1", 1)])
    assert code_of(error) == ("already_accepted", 409)
    assert refuse(**ask(merchant, order_id, now)).units == {"2": 1}  # what was left to decide
    jobs.drain(at=now)
    assert (order_of(merchant, order_id).status, drawn(merchant)) == ("open", 4180)


def test_refusing_under_merchant_space_makes_the_platform_refund(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now, terms="merchant_space")

    refuse(**ask(merchant, order_id, now), lines=[("2", None)])
    [refund] = Refund.of(merchant.id)
    assert (refund.kind, refund.amount_minor, refund.carried_by) == ("refund", 1890, "platform")
    accept(**ask(merchant, order_id, now))
    drain_until_quiet()

    order = order_of(merchant, order_id)
    assert (order.status, order.captured_minor, order.refunded_minor) == ("open", 6070, 1890)
    assert order.payment_status == "partially_refunded"


def test_refusing_all_of_a_paid_sale_gives_all_back(merchant: Any, now: datetime) -> None:
    order_id = place(merchant, now, terms="merchant_space")
    refuse(**ask(merchant, order_id, now))
    drain_until_quiet()
    order = order_of(merchant, order_id)
    assert (order.status, order.payment_status, order.refunded_minor) == ("refused", "refunded", 6070)
    assert order.to_give_back_minor == 0


def test_RK3_two_cards_are_drawn_as_far_as_is_due_and_the_rest_is_let_go(
    merchant: Any, now: datetime
) -> None:
    cards = [
        {"provider": "sandbox", "method": "card", "amount": amount, "state": "authorized"}
        | {"provider_reference": f"ok-{merchant.id}-{amount}"}
        for amount in ("40.00", "20.70")
    ]
    order_id = place(merchant, now, payments=cards)
    decide(**ask(merchant, order_id, now), accepted=[("2", 1)], refused=[("1", 3)])
    jobs.drain(at=now)
    drain_until_quiet()

    order = order_of(merchant, order_id)
    assert (order.status, order.captured_minor) == ("open", 2380)
    assert sorted(Payment.of(merchant.id).values_list("state", "captured_minor")) == [
        ("captured", 2380),
        ("voided", 0),
    ]


def test_EM10_the_buyer_hears_once_of_what_is_refused_where_the_terms_mail(
    merchant: Any, now: datetime
) -> None:
    order_id = place(merchant, now, terms="merchant_space")
    refuse(**ask(merchant, order_id, now), lines=[("2", 1)])
    drain_until_quiet()
    correspondence.drain(at=datetime.now(UTC))

    [mail] = Message.of(merchant.id)
    assert (mail.kind, mail.state) == ("cancellation", "sent")
    assert "18,90" in mail.text.replace("\u202f", " ") and "Bol-Vert" in mail.text

    silent = place(merchant, now)  # the channel mails by itself
    refuse(**ask(merchant, silent, now))
    assert Message.of(merchant.id).count() == 1
