"""Several orders called off from the list: ticked, shown one by one, begun, and what became of each."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from countermand.bulk.models import BulkRow, BulkRun
from countermand.orders.models import Order
from countermand.stock.actions import count_stock
from tests.actions.bulk_desk import work
from tests.web.desk import Shop, statements

ANSWERS = {
    "reason": "supplier",
    "skip_reason": "rappel du fabricant",
    "refund_when": "now",
    "restock": "terms",
    "notify": "on",
}


def plain(answer: Any) -> str:
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#x27;", "'")


def chosen(shop: Shop, orders: list[UUID], **more: str) -> str:
    """This will tick orders and come to the page that asks; answers its address."""
    said = {"order": [str(order) for order in orders], "what": "ticked", **more}
    answer = shop["agent"].post(reverse("web:bulk_choose"), said)
    assert answer.status_code == 302, answer.content
    return str(answer.url)


def shown(shop: Shop, orders: list[UUID], **more: str) -> str:
    """This will answer the questions and come to the page that shows every plan."""
    there = chosen(shop, orders, **more)
    assert shop["agent"].post(there, ANSWERS).status_code == 302
    return there


def test_AZ2_orders_are_ticked_in_the_list(shop: Shop) -> None:
    order = shop.order()

    page = plain(shop["agent"].get(reverse("web:orders")))

    assert f'name="order" value="{order}" data-check' in page and "Annuler les lignes cochées" in page
    assert "data-check" not in plain(shop["viewer"].get(reverse("web:orders")))


def test_AZ2_every_plan_is_shown_before_anything_moves(shop: Shop) -> None:
    orders = [shop.order(number="G-1"), shop.order(number="G-2")]

    page = plain(shop["agent"].get(shown(shop, orders)))

    assert "Annuler 2 commandes ?" in page and "G-1" in page and "55,80 €" in page
    assert "111,60 €" in page  # both together
    assert "0,00 %" in page and "100,00 %" in page  # the rate before and after
    assert set(Order.of(shop.merchant.id).values_list("status", flat=True)) == {"open"}


def test_AZ2_one_can_be_left_out_and_the_rest_is_carried_out(shop: Shop, merchant: Any) -> None:
    kept, gone = shop.order(number="L-1"), shop.order(number="L-2")
    there = shown(shop, [kept, gone])
    row = BulkRow.of(merchant.id).get(order_id=kept)

    shop["agent"].post(there + "/laisser", {"leave": str(row.id)})
    shop["agent"].post(there + "/lancer")
    running = plain(shop["agent"].get(there))
    work()
    over = plain(shop["agent"].get(there))

    assert "0 sur 1" in running and "hx-trigger" in running and "Arrêter" in running
    assert "1 commande annulée" in over and "hx-trigger" not in over and "Revenir en arrière" in over
    statuses = dict(Order.of(merchant.id).values_list("id", "status"))
    assert (statuses[kept], statuses[gone]) == ("open", "cancelled")


def test_AZ2_all_orders_of_a_search_are_chosen_at_once(shop: Shop, merchant: Any) -> None:
    for number in ("S-1", "S-2", "T-1"):
        shop.order(number=number)

    answer = shop["agent"].post(reverse("web:bulk_choose"), {"what": "all", "q": "S-"})

    assert "Annuler 2 commandes ?" in plain(shop["agent"].get(answer.url))
    assert BulkRun.of(merchant.id).get().found_by == "S-"


def test_EM11_one_reason_for_not_calling_is_asked_and_what_was_typed_stays(shop: Shop) -> None:
    there = chosen(shop, [shop.order()])

    answer = shop["agent"].post(there, {**ANSWERS, "skip_reason": "", "message": "Pardon"})

    assert answer.status_code == 422
    assert "étapes « Prévenir » et « Stock »" in plain(answer) and "Pardon" in plain(answer)


def test_what_cannot_be_called_off_says_why(shop: Shop) -> None:
    waiting = shop.order(accepted=False, paid="authorized")

    page = plain(shop["agent"].get(shown(shop, [waiting, shop.order()])))

    assert "1 commande ne peut pas être annulée" in page and "Refusez la vente" in page


def test_progress_is_asked_for_by_part(shop: Shop, merchant: Any) -> None:
    there = shown(shop, [shop.order()])
    shop["agent"].post(there + "/lancer")

    answer = shop["agent"].get(there + "/avancement", headers={"HX-Request": "true"})

    assert answer.status_code == 200 and b"<html" not in answer.content
    assert shop["agent"].get(there + "/avancement").status_code == 302


def test_the_result_is_a_file_with_each_row(shop: Shop) -> None:
    there = shown(
        shop, [shop.order(number="F-1"), shop.order(number="F-2", accepted=False, paid="authorized")]
    )
    shop["agent"].post(there + "/lancer")
    work()

    text = b"".join(shop["agent"].get(there + "/resultat.csv").streaming_content).decode("utf-8-sig")

    assert "F-1" in text and "Annulée" in text and "55.80" in text and "Pas possible" in text


def test_a_stopped_run_says_what_was_done(shop: Shop) -> None:
    there = shown(shop, [shop.order()])
    shop["agent"].post(there + "/lancer")
    shop["agent"].post(there + "/arreter")

    assert "Arrêté avant la fin" in plain(shop["agent"].get(there))


def test_nothing_ticked_is_said(shop: Shop) -> None:
    answer = shop["agent"].post(reverse("web:bulk_choose"), {"what": "ticked"}, follow=True)

    assert "Cochez au moins une commande" in plain(answer)


def test_another_merchants_run_is_not_found(shop: Shop, merchant: Any) -> None:
    from countermand.merchants.actions import add_member, add_merchant
    from tests.web.desk import BACKEND, PASSWORD

    there = shown(shop, [shop.order()])
    other = add_merchant(code=f"o{merchant.code}", name="Autre")
    user = add_member(merchant=other, email=f"o-{merchant.code}@x.example", password=PASSWORD, role="owner")
    shop["anonymous"].force_login(user, backend=BACKEND)

    for address in (there, there + "/resultat.csv"):
        assert shop["anonymous"].get(address).status_code == 404
    for deed in ("/lancer", "/arreter", "/laisser"):
        assert shop["anonymous"].post(there + deed).status_code == 404


def test_the_pages_take_a_fixed_number_of_questions(shop: Shop) -> None:
    small = shown(shop, [shop.order()])
    large = shown(shop, [shop.order() for _ in range(40)])

    assert statements(shop["agent"], small) == statements(shop["agent"], large) <= 12
    for there in (small, large):
        shop["agent"].post(there + "/lancer")
    work()
    assert statements(shop["agent"], small) == statements(shop["agent"], large) <= 12
    assert len(shop["agent"].get(large).content) < 100_000


def test_EM6_after_zero_the_orders_left_short_are_handled_in_one_go(shop: Shop, merchant: Any) -> None:
    first, second = shop.order(number="Z-1"), shop.order(number="Z-2")
    count_stock(merchant_id=merchant.id, sku="MUG-BLEU", on_hand=0, by="t", at=datetime.now(UTC))

    page = plain(shop["agent"].get(reverse("web:item", kwargs={"sku": "MUG-BLEU"})))
    assert f'value="{first}:3"' in page and "checked" in page
    there = chosen(shop, [], sku="MUG-BLEU", order=[f"{first}:3", f"{second}:3"])  # type: ignore[arg-type]
    shop["agent"].post(there, {**ANSWERS, "reason": "out_of_stock"})
    shop["agent"].post(there + "/lancer")
    work()

    statuses = dict(Order.of(merchant.id).values_list("id", "status"))
    assert (statuses[first], statuses[second]) == ("open", "open")  # the bowls stay
    rows = BulkRow.of(merchant.id).filter(order_id__in=[first, second])
    assert set(rows.values_list("state", "articles")) == {("done", 3)}


def test_all_open_orders_with_an_article_are_one_link_away(shop: Shop) -> None:
    page = plain(shop["agent"].get(reverse("web:item", kwargs={"sku": "MUG-BLEU"})))

    assert "/commandes?q=sku%3AMUG-BLEU" in page and "Toutes les commandes ouvertes avec cet article" in page
