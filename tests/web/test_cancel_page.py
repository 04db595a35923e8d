"""Calling off from the page: what is asked, what follows, and that nothing moves before the last button."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation, CancelledLine
from countermand.correspondence.models import Message
from countermand.orders.models import Order
from countermand.reasons import REASONS
from countermand.refunds.models import Refund
from countermand.stock.models import Item
from tests.web.desk import Shop, answers, steps_taken


def at(order_id: UUID) -> str:
    return reverse("web:cancel", kwargs={"order_id": order_id})


def fill(shop: Shop, order_id: UUID, role: str = "agent", **changes: str) -> dict[str, str]:
    """This will answer the page's questions, look at the preview of these answers, and give what would be sent."""
    page = shop[role].get(at(order_id))
    if page.context["guide"].next != "cancel":
        steps_taken(shop, order_id)
        page = shop[role].get(at(order_id))
    said = {**answers(page), "reason": "customer_changed_mind", **changes}
    shown = shop[role].post(at(order_id), {**said, "do": "preview"})
    return {
        **answers(shown),
        **said,
        "plan": answers(shown).get("plan", ""),
        "seen": answers(shown).get("seen", ""),
    }


def press(shop: Shop, order_id: UUID, said: dict[str, str], role: str = "agent") -> Any:
    return shop[role].post(at(order_id), {**said, "do": "confirm"})


def of(shop: Shop, order_id: UUID) -> Cancellation:
    return Cancellation.of(shop.merchant.id).get(order_id=order_id)


def written(shop: Shop) -> list[int]:
    """How many rows there are of everything that a cancellation would move."""
    tables = ("cancellation", "refund", "movement", "message", "event", "rate_change")
    counted = [f"(SELECT count(*) FROM {table} WHERE merchant_id = %(m)s)" for table in tables]
    return list(sql.tuples(f"SELECT {', '.join(counted)}", {"m": shop.merchant.id})[0])


def test_SH3_nothing_moves_before_the_last_button(shop: Shop) -> None:
    order_id = shop.order()
    steps_taken(shop, order_id)
    before = written(shop)
    said = fill(shop, order_id, reason="out_of_stock", **{"units-1": "1"})
    shop["agent"].post(at(order_id), {**said, "do": "preview"}, headers={"hx-request": "true"})
    assert written(shop) == before
    assert press(shop, order_id, said).status_code == 302
    assert written(shop) != before


def test_SH3_the_page_asks_all_that_follows(shop: Shop) -> None:
    form = shop["owner"].get(at(shop.order())).context["form"]
    assert {"reason", "when", "restock", "notify", "note", "message", "method"} <= set(form.fields)
    assert form.fields["reason"].required


def test_SH4_by_default_everything_open_goes_back_now_the_way_it_came(shop: Shop) -> None:
    order_id = shop.order()
    page = shop["agent"].get(at(order_id))
    assert page.context["plan"].refund == 5580
    assert "55,80" in page.content.decode().replace("\u202f", "")
    assert press(shop, order_id, fill(shop, order_id)).status_code == 302
    made = of(shop, order_id)
    assert (made.refund_when, made.refund_method, made.refund_minor) == ("now", "original", 5580)


def test_SH4_later_leaves_the_refund_to_be_done_by_hand(shop: Shop) -> None:
    order_id = shop.order()
    press(shop, order_id, fill(shop, order_id, when="later"))
    assert not Refund.of(shop.merchant.id).filter(order_id=order_id).exists()
    page = shop["agent"].get(reverse("web:order", kwargs={"order_id": order_id})).content.decode()
    assert "à rembourser" in page and "L216-7" in page
    assert "Rembourser" in shop["agent"].get("/").content.decode()


def test_EM9_some_units_of_one_line_are_called_off(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id, **{"units-1": "2", "units-2": "0"})
    answer = shop["agent"].post(at(order_id), {**said, "do": "confirm"}, follow=True)
    [line] = CancelledLine.of(shop.merchant.id).filter(cancellation=of(shop, order_id))
    assert (line.quantity, line.amount_minor) == (2, 2460)
    assert "2 articles annulés" in answer.content.decode()
    assert Order.of(shop.merchant.id).get(id=order_id).status == "open"


def test_EM11_a_part_is_proposed_first_where_other_lines_are_open(shop: Shop) -> None:
    order_id = shop.order()
    page = shop["agent"].get(at(order_id)).content.decode()
    assert "Un seul suffit" in page and "?ligne=1" in page
    one = shop["agent"].get(at(order_id) + "?ligne=2")
    assert [line.reference for line, _ in one.context["form"].wanted()] == ["2"]


def test_EM12_SH6_every_reason_stands_in_the_list_under_its_family(shop: Shop) -> None:
    choices = shop["agent"].get(at(shop.order())).context["form"].fields["reason"].choices
    offered = {code for _, group in list(choices)[1:] for code, _ in group}
    assert offered == set(REASONS)
    assert {"item_unavailable", "out_of_stock", "cannot_deliver"} <= offered


def test_a_missing_reason_is_said_beside_it_and_what_was_typed_stays(shop: Shop) -> None:
    order_id = shop.order()
    said = {**fill(shop, order_id), "reason": "", "note": "rappeler jeudi", "units-1": "2"}
    answer = press(shop, order_id, said)
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"] == ["Choisissez un motif."]
    page = answer.content.decode()
    assert "rappeler jeudi" in page and 'value="2"' in page
    assert not Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()


def test_too_many_units_are_refused_beside_the_line(shop: Shop) -> None:
    order_id = shop.order()
    answer = press(shop, order_id, {**fill(shop, order_id), "units-1": "9"})
    assert answer.status_code == 422 and "units-1" in answer.context["form"].errors


def test_no_unit_at_all_is_refused_in_words(shop: Shop) -> None:
    order_id = shop.order()
    answer = press(shop, order_id, {**fill(shop, order_id), "units-1": "0", "units-2": "0"})
    assert answer.status_code == 422 and "au moins un article" in answer.content.decode()


def test_a_double_press_cancels_once(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id, **{"units-1": "1", "units-2": "0"})
    first, second = press(shop, order_id, said), press(shop, order_id, said)
    assert first.status_code == second.status_code == 302
    assert Cancellation.of(shop.merchant.id).filter(order_id=order_id).count() == 1


def test_a_preview_that_no_longer_holds_is_shown_anew(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id, **{"units-1": "2", "units-2": "0"})
    by_another = Ask(reason="budget", lines=(("1", 1),))
    confirm(merchant_id=shop.merchant.id, order_id=order_id, ask=by_another, by="else", at=datetime.now(UTC))
    steps_taken(shop, order_id)  # what was done before was done for the other's cancellation
    answer = press(shop, order_id, said)
    assert answer.status_code == 200
    assert "a changé depuis l" in answer.content.decode()
    assert Cancellation.of(shop.merchant.id).filter(order_id=order_id).count() == 1
    again = {**said, "plan": answers(answer)["plan"], "seen": answers(answer)["seen"]}
    assert press(shop, order_id, again).status_code == 302


def test_choices_changed_without_a_preview_are_shown_first(shop: Shop) -> None:
    order_id = shop.order()
    said = {**fill(shop, order_id), "when": "later"}
    answer = press(shop, order_id, said)
    assert "aperçu d" in answer.content.decode() and answer.context["chosen_anew"]
    assert not Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()


def test_undo_within_the_window_takes_it_back(shop: Shop) -> None:
    order_id = shop.order()
    answer = shop["agent"].post(at(order_id), {**fill(shop, order_id), "do": "confirm"}, follow=True)
    made = of(shop, order_id)
    undo = reverse("web:undo", kwargs={"cancellation_id": made.id})
    assert made.state == "held" and undo in answer.content.decode()
    assert shop["agent"].post(undo).status_code == 302
    assert of(shop, order_id).state == "undone"
    assert Order.of(shop.merchant.id).get(id=order_id).status == "open"


def test_undo_after_the_window_says_what_to_do(shop: Shop) -> None:
    order_id = shop.order()
    press(shop, order_id, fill(shop, order_id))
    made = of(shop, order_id)
    Cancellation.of(shop.merchant.id).filter(id=made.id).update(undo_until=datetime(2026, 1, 1, tzinfo=UTC))
    undo = reverse("web:undo", kwargs={"cancellation_id": made.id})
    answer = shop["agent"].post(undo, {"order": str(order_id)}, follow=True)
    assert "passez la commande à nouveau" in answer.content.decode()
    assert of(shop, order_id).state == "held"


def test_SG2_store_credit_wants_the_buyers_words(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id, method="store_credit")
    refused = press(shop, order_id, said)
    assert refused.status_code == 422 and "consent" in refused.context["form"].errors
    assert press(shop, order_id, {**said, "consent": "oui, un avoir me va"}).status_code == 302
    made = of(shop, order_id)
    assert (made.refund_method, made.consent["text"]) == ("store_credit", "oui, un avoir me va")


def test_only_an_owner_may_waive_and_says_why(shop: Shop) -> None:
    order_id = shop.order()
    assert "waiver" not in shop["manager"].get(at(order_id)).context["form"].fields
    refused = press(shop, order_id, fill(shop, order_id, "owner", when="none"), "owner")
    assert refused.status_code == 422 and "waiver" in refused.context["form"].errors
    said = fill(shop, order_id, "owner", when="none", waiver="arrangé de vive voix")
    assert press(shop, order_id, said, "owner").status_code == 302
    assert of(shop, order_id).waived_minor == 5580


def test_SH9_the_choice_on_the_page_goes_before_the_reason(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id, reason="out_of_stock", restock="lines", **{"back-1": "2", "back-2": "0"})
    assert press(shop, order_id, said).status_code == 302
    back = dict(
        CancelledLine.of(shop.merchant.id)
        .filter(cancellation=of(shop, order_id))
        .values_list("line__reference", "restocked")
    )
    assert back == {"1": 2, "2": 0}


def test_a_reason_of_shortage_puts_nothing_back(shop: Shop) -> None:
    order_id = shop.order()
    press(shop, order_id, fill(shop, order_id, reason="out_of_stock"))
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 7


def test_a_fee_is_kept_for_a_wish_of_the_buyer_only(shop: Shop) -> None:
    order_id = shop.order()
    refused = press(shop, order_id, fill(shop, order_id, reason="delay", fee="5"))
    assert refused.status_code == 422
    assert press(shop, order_id, fill(shop, order_id, fee="5,00")).status_code == 302
    assert of(shop, order_id).refund_minor == 5080


def test_an_amount_that_is_none_is_said_beside_it(shop: Shop) -> None:
    order_id = shop.order()
    answer = press(shop, order_id, {**fill(shop, order_id), "fee": "cinq"})
    assert "comme 12,30" in answer.context["form"].errors["fee"][0]


def test_EM10_the_mail_stands_beside_the_choices_as_it_will_arrive(shop: Shop) -> None:
    order_id = shop.order()
    page = shop["agent"].post(
        at(order_id), {**fill(shop, order_id), "message": "À bientôt.", "do": "preview"}
    )
    mail = page.context["mail"]
    assert "À bientôt." in mail["text"] and mail["subject"] in page.content.decode().replace("&#x27;", "'")
    press(shop, order_id, fill(shop, order_id, notify=""))


def test_who_does_not_want_a_mail_sends_none(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id)
    said.pop("notify")
    shown = shop["agent"].post(at(order_id), {**said, "do": "preview"})
    press(shop, order_id, {**said, "plan": answers(shown)["plan"], "seen": answers(shown)["seen"]})
    assert not Message.of(shop.merchant.id).filter(order_id=order_id).exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"verification": "pending", "paid": "authorized"}, "en cours de vérification"),
        ({"accepted": False, "paid": "authorized"}, "Refusez la vente"),
    ],
)
def test_AZ1_an_order_that_cannot_be_cancelled_says_what_to_do(
    shop: Shop, body: dict[str, Any], words: str
) -> None:
    answer = shop["agent"].get(at(shop.order(**body)))
    assert answer.status_code == 409 and words in answer.content.decode()


def test_a_part_swapped_by_htmx_is_only_the_outcome(shop: Shop) -> None:
    order_id = shop.order()
    part = shop["agent"].post(at(order_id), fill(shop, order_id), headers={"hx-request": "true"})
    page = part.content.decode()
    assert "<html" not in page and 'name="plan"' in page and "hx-post" not in page


def test_a_preview_on_its_way_never_confirms(shop: Shop) -> None:
    order_id = shop.order()
    said = fill(shop, order_id)
    before = written(shop)
    answer = shop["agent"].post(at(order_id), {**said, "do": "confirm"}, headers={"hx-request": "true"})
    assert answer.status_code == 200
    assert written(shop) == before
