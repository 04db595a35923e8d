"""The customer service sends a refund back on its page; the merchant answers on theirs (RK-5)."""

from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from countermand.refunds.models import Refund
from tests.web.desk import Shop, statements
from tests.web.full_place import Office

WHY = "Le client dit avoir reçu le colis."


def at(name: str, office: Office) -> str:
    return reverse(f"web:{name}", kwargs={"refund_id": office.known["refund_id"]})


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def refund_of(office: Office) -> Refund:
    return Refund.of(office.place.merchant.id).get(id=office.known["refund_id"])


def test_RK5_without_words_nothing_is_sent_back_and_the_form_says_so(office: Office) -> None:
    answer = office["agent"].post(at("operator_send_back", office), {"because": ""})
    assert answer.status_code == 422 and "Ce qui manque" in text_of(answer)
    assert refund_of(office).asked_at is not None


def test_RK5_sent_back_on_the_page_it_stands_with_the_merchant_and_returns_with_the_answer(
    office: Office, shop: Shop
) -> None:
    send_back = at("operator_send_back", office)
    assert office["agent"].post(send_back, {"because": WHY}).status_code == 302
    queue = reverse("web:operator_service")
    assert "Aucun remboursement ne vous attend" in text_of(office["agent"].get(queue))
    assert WHY in text_of(office["agent"].get(f"{queue}?vue=renvoyees"))
    page = text_of(office["agent"].get(at("operator_settle", office)))
    assert WHY in page and "au commerçant de répondre" in page and "Renvoyer au commerçant" not in page
    assert "Rembourser" in page  # without waiting for who does not answer

    assert "Le service client attend votre réponse" in text_of(shop["agent"].get("/"))
    assert "Renvoyés par le service client" in text_of(shop["agent"].get(reverse("web:refunds")))
    order = reverse("web:order", kwargs={"order_id": refund_of(office).order_id})
    assert "renvoyé par le service client" in text_of(shop["agent"].get(order))
    ask = at("ask_again", office)
    assert WHY in text_of(shop["agent"].get(ask))
    empty = shop["agent"].post(ask, {"answer": ""})
    assert empty.status_code == 422 and WHY in text_of(empty)
    assert shop["agent"].post(ask, {"answer": "Rien n'est parti."}).status_code == 302

    again = shop["agent"].post(ask, {"answer": "Encore."})
    assert again.status_code == 422 and "n'attend pas de réponse ici" in text_of(again).replace("&#x27;", "'")
    back = text_of(office["agent"].get(at("operator_settle", office)))
    assert "Rien n&#x27;est parti." in back and "Renvoyer au commerçant" in back
    journal = text_of(office["agent"].get(reverse("web:operator_journal")))
    assert "renvoyée au commerçant" in journal and "redemandé par le commerçant" in journal


def test_RK5_who_only_reads_has_no_answer_to_give(office: Office, shop: Shop) -> None:
    office["agent"].post(at("operator_send_back", office), {"because": WHY})
    assert shop["viewer"].get(at("ask_again", office)).status_code == 403
    order = reverse("web:order", kwargs={"order_id": refund_of(office).order_id})
    assert at("ask_again", office) not in text_of(shop["viewer"].get(order))


def test_what_was_settled_meanwhile_says_so_on_the_page(office: Office) -> None:
    paid = {"at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M"), "evidence": "virement 12"}
    office["agent"].post(at("operator_let_go", office))
    assert office["agent"].post(at("operator_settle", office), paid).status_code == 404
    assert office["agent"].post(at("operator_send_back", office), {"because": WHY}).status_code == 404


def test_the_pages_take_as_many_queries_as_ever(office: Office, shop: Shop) -> None:
    office["agent"].post(at("operator_send_back", office), {"because": WHY})
    assert statements(office["agent"], reverse("web:operator_service") + "?vue=renvoyees") <= 12
    assert statements(office["agent"], at("operator_settle", office)) <= 12
    assert statements(shop["agent"], at("ask_again", office)) <= 12
    order = reverse("web:order", kwargs={"order_id": refund_of(office).order_id})
    assert statements(shop["agent"], order) <= 12
