"""Returns: sent units come back, are looked at, go on sale again or not, and their money goes back (SH-16)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.correspondence.models import Message
from countermand.orders.actions import fulfil
from countermand.orders.models import Fulfilment, Line
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from countermand.returns.actions import (
    Arrived,
    Coming,
    Verdict,
    ask_return,
    inspect_return,
    lose_return,
    note_proof,
    receive_return,
    withdraw_return,
)
from countermand.returns.models import Return
from countermand.stock.actions import put_item
from countermand.stock.models import Item
from tests.actions.refund_desk import drain_until_quiet, order_of
from tests.builders import an_order


def put_on_shelf(merchant: Any, sku: str = "MUG-BLEU", on_hand: int = 10, **more: Any) -> None:
    fields = {"title": sku, "on_hand": on_hand, **more}
    put_item(merchant_id=merchant.id, sku=sku, fields=fields, by="test", at=datetime.now(UTC))


def here(merchant: Any, order_id: UUID) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "order_id": order_id, "by": "test", "at": datetime.now(UTC)}


def there(merchant: Any) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "by": "test", "at": datetime.now(UTC)}


def shipped_order(merchant: Any, *, confirmed: bool = True, **body: Any) -> UUID:
    """An order of 3 mugs at 12,30, all sent."""
    order_id = an_order(merchant, **body)
    fulfil(**here(merchant, order_id), fulfilment={"reference": "f1", "confirmed": confirmed})
    return order_id


def asked(merchant: Any, order_id: UUID, **coming: Any) -> Return:
    return ask_return(**here(merchant, order_id), coming=Coming(**coming))


def the_line(merchant: Any, order_id: UUID) -> Line:
    return Line.of(merchant.id).get(order_id=order_id, position=1)


def on_hand(merchant: Any, sku: str = "MUG-BLEU") -> tuple[int | None, int]:
    item = Item.of(merchant.id).get(sku=sku)
    return item.on_hand, item.allocated


def test_SH16_a_return_is_asked_received_and_refunded(merchant: Any) -> None:
    put_on_shelf(merchant)
    order_id = shipped_order(merchant)
    assert on_hand(merchant) == (7, 0)

    found = asked(merchant, order_id, lines=(("1", 2),))
    assert order_of(merchant, order_id).to_give_back_minor == 0

    done = receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    ).found
    assert (done.state, done.refund_minor, done.refund_when) == ("done", 2460, "now")
    line = the_line(merchant, order_id)
    assert (line.shipped, line.returned, line.restocked, line.given_minor) == (3, 2, 2, 2460)
    assert on_hand(merchant) == (9, 0)
    drain_until_quiet()
    order = order_of(merchant, order_id)
    assert (order.status, order.refunded_minor, order.to_give_back_minor) == ("shipped", 2460, 0)


def test_SH16_what_came_is_counted_in_first_and_looked_at_later(merchant: Any) -> None:
    put_on_shelf(merchant)
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id)
    came = receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict()).found
    assert came.state == "received"
    # Owed from the moment that the buyer has it no more; not on sale before somebody looked.
    assert order_of(merchant, order_id).to_give_back_minor == 3690
    assert on_hand(merchant) == (7, 0)

    seen = inspect_return(**there(merchant), return_id=found.id, verdict=Verdict(condition="damaged")).found
    assert (seen.state, seen.refund_minor) == ("done", 3690)
    assert on_hand(merchant) == (7, 0), "damaged: not on sale"
    drain_until_quiet()
    assert order_of(merchant, order_id).status == "closed"


def test_SH16_fewer_come_than_were_asked(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id)
    arrived = Arrived(lines=(("1", 1, "as_new"),))
    done = receive_return(**there(merchant), return_id=found.id, arrived=arrived, verdict=Verdict()).found
    assert (done.state, done.refund_minor) == ("done", 1230)
    # What did not come can be asked back anew, and no more.
    with pytest.raises(Refusal) as error:
        asked(merchant, order_id, lines=(("1", 3),))
    assert error.value.code == "quantity_too_large"
    assert asked(merchant, order_id).state == "asked"


def test_SH16_refund_later_waits_and_then_ends_the_return(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id, lines=(("1", 1),))
    verdict = Verdict(condition="as_new", when="later")
    done = receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=verdict).found
    assert (done.state, done.refund_when, done.refund_minor) == ("inspected", "later", 1230)
    assert order_of(merchant, order_id).to_give_back_minor == 1230
    from tests.actions.refund_desk import give_back

    give_back(merchant, order_id)
    drain_until_quiet()
    done.refresh_from_db()
    assert done.state == "done"


def test_SH16_nothing_left_nothing_to_return(merchant: Any) -> None:
    order_id = an_order(merchant)
    with pytest.raises(Refusal) as error:
        asked(merchant, order_id)
    assert (error.value.code, error.value.status) == ("nothing_shipped", 409)


def test_SH16_the_same_units_are_asked_back_once(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id)
    with pytest.raises(Refusal) as error:
        asked(merchant, order_id)
    assert error.value.code == "return_open"
    assert withdraw_return(**there(merchant), return_id=found.id).state == "withdrawn"
    assert asked(merchant, order_id).state == "asked"
    with pytest.raises(Refusal) as error:
        receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict())
    assert error.value.code == "return_over"


def test_SH16_units_called_off_before_and_returned_after_are_worth_the_whole_line(merchant: Any) -> None:
    discounts = [{"title": "BIENVENUE", "amount": "5.00", "target": "lines"}]
    order_id = an_order(merchant, discounts=discounts, total="31.90")  # units 10.63, 10.63, 10.64
    confirm(**here(merchant, order_id), ask=Ask(reason="budget", lines=(("1", 1),)))
    fulfil(**here(merchant, order_id), fulfilment={"reference": "f1"})
    found = asked(merchant, order_id)
    receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    )
    drain_until_quiet()
    order = order_of(merchant, order_id)
    assert (order.refunded_minor, order.status) == (3190, "closed")


def test_SH16_a_unit_whose_worth_was_given_back_is_not_paid_twice(merchant: Any) -> None:
    from countermand.refunds.actions import LineWish
    from tests.actions.refund_desk import give_back

    order_id = shipped_order(merchant)
    give_back(merchant, order_id, lines=(LineWish("1", quantity=1),))
    found = asked(merchant, order_id, lines=(("1", 1),))
    done = receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    ).found
    assert (done.state, done.refund_minor, done.refund_when) == ("done", 0, "none")
    drain_until_quiet()
    assert order_of(merchant, order_id).refunded_minor == 1230


def test_SH9_condition_then_article_then_shop_decide_what_goes_back_on_sale(merchant: Any) -> None:
    put_on_shelf(merchant, restock_default=False)
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id, lines=(("1", 1),))
    receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    )
    assert on_hand(merchant) == (7, 0), "the article says no"
    found = asked(merchant, order_id, lines=(("1", 2),))
    verdict = Verdict(condition="used", restock=(("1", 1),))
    receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=verdict)
    assert on_hand(merchant) == (8, 0), "who looked says one of two"


def test_SH16_a_whole_withdrawal_gives_standard_delivery_back(merchant: Any) -> None:
    shipping = {"amount": "4.90", "tax_rate": "20"}
    fees = [{"title": "Emballage", "amount": "2.00", "refundable": True}]
    order_id = shipped_order(merchant, shipping=shipping, fees=fees, total="43.80")
    found = asked(merchant, order_id, kind="withdrawal")
    with pytest.raises(Refusal) as error:
        receive_return(
            **there(merchant),
            return_id=found.id,
            arrived=Arrived(),
            verdict=Verdict(condition="as_new", shipping="none"),
        )
    assert error.value.code == "shipping_owed"
    done = receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    ).found
    assert (done.refund_minor, done.shipping_minor, done.fees_minor) == (4380, 490, 200)
    drain_until_quiet()
    order = order_of(merchant, order_id)
    assert (order.refunded_minor, order.to_give_back_minor, order.payment_status) == (4380, 0, "refunded")


def test_SH16_a_withdrawal_of_a_part_keeps_the_delivery_unless_somebody_says_otherwise(merchant: Any) -> None:
    shipping = {"amount": "4.90", "tax_rate": "20"}
    order_id = shipped_order(merchant, shipping=shipping, total="41.80")
    found = asked(merchant, order_id, kind="withdrawal", lines=(("1", 1),))
    done = receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    ).found
    assert done.refund_minor == 1230
    found = asked(merchant, order_id, kind="withdrawal", lines=(("1", 1),))
    verdict = Verdict(condition="as_new", shipping="2.00")
    done = receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=verdict).found
    assert (done.refund_minor, done.shipping_minor) == (1430, 200)


def test_SH16_the_clock_of_a_withdrawal_waits_for_goods_or_proof(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    told_at = datetime.now(UTC) - timedelta(days=20)
    found = asked(merchant, order_id, kind="withdrawal", informed_at=told_at)
    assert found.due_on is None, "the law lets it wait for the goods (L221-24)"
    sent_at = datetime.now(UTC) - timedelta(days=1)
    proved = note_proof(**there(merchant), return_id=found.id, proof="Colissimo 6A123", proof_at=sent_at)
    assert proved.due_article == "C. conso L221-24"
    assert proved.due_on is not None and proved.due_on >= told_at.date() + timedelta(days=14)
    with pytest.raises(Refusal) as error:
        lose_return(**there(merchant), return_id=found.id, give_back=False)
    assert error.value.code == "refund_owed"
    lost = lose_return(**there(merchant), return_id=found.id, give_back=True).found
    assert (lost.state, lost.refund_minor) == ("done", 3690)


def test_SH16_lost_without_giving_back_leaves_the_units_with_the_buyer(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id)
    assert lose_return(**there(merchant), return_id=found.id, give_back=False).found.state == "lost"
    assert the_line(merchant, order_id).returned == 0
    assert order_of(merchant, order_id).to_give_back_minor == 0


def test_SG8_one_mail_says_how_to_send_it_back_and_one_that_the_money_left(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id, message="Déposez-le au magasin.")
    receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    )
    drain_until_quiet()
    kinds = list(
        Message.of(merchant.id)
        .filter(order_id=order_id)
        .order_by("created_at")
        .values_list("kind", flat=True)
    )
    assert kinds == ["return", "refund"]


def test_SH16_refunds_for_a_return_name_the_lines(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id, lines=(("1", 1),))
    receive_return(
        **there(merchant), return_id=found.id, arrived=Arrived(), verdict=Verdict(condition="as_new")
    )
    [refund] = Refund.of(merchant.id).filter(order_id=order_id)
    assert refund.amount_minor == 1230
    assert Fulfilment.of(merchant.id).get(order_id=order_id).back_at is None


def test_SH16_what_waits_stands_on_the_list(merchant: Any) -> None:
    from countermand.overview.todo import to_do
    from countermand.returns.actions import ask_intercept

    late = datetime.now(UTC) - timedelta(days=15)
    order_id = shipped_order(merchant)
    found = asked(merchant, order_id, lines=(("1", 1),), informed_at=late)
    come = asked(merchant, order_id, lines=(("1", 1),))
    receive_return(**there(merchant), return_id=come.id, arrived=Arrived(), verdict=Verdict())
    called = ask_intercept(**here(merchant, order_id), parcel="f1")

    def waiting(at: datetime) -> dict[str, str]:
        return {each["kind"]: each["subject"] for each in to_do(merchant_id=merchant.id, at=at)}

    now = datetime.now(UTC)
    assert waiting(now)["return_due"] == str(found.id)
    assert waiting(now)["return_to_inspect"] == str(come.id)
    assert "intercept_silent" not in waiting(now)
    assert waiting(now + timedelta(days=3))["intercept_silent"] == str(called.id)
