"""Pages of documents, of credits and cards, and of who sells."""

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from pypdf import PdfReader

from countermand.correspondence.models import Message
from countermand.documents.identity import identity_of
from countermand.refunds.credits import credit_code
from countermand.refunds.models import CreditEntry, StoreCredit
from tests.actions.bookkeeper import called_off, known, papers, write_up
from tests.actions.refund_desk import drain_now, give_back
from tests.web.desk import Shop, statements

CONSENT = {"text": "d'accord", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}
LEGAL = {
    "legal_name": "Le Petit Mug SARL",
    "form": "SARL au capital de 8 000 €",
    "address": "12 rue des Tisserands\n69001 Lyon",
    "siret": "732 829 320 00074",
    "register": "RCS Lyon 732 829 320",
    "vat_number": "FR 44 732829320",
    "note_prefix": "av",
    "receipt_prefix": "RR",
}


def at(name: str, **ids: Any) -> str:
    return reverse(f"web:{name}", kwargs=ids)


def text_of(answer: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(plain.replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'").split())


def a_credit(shop: Shop, *, method: str = "store_credit", amount: str = "8.00") -> StoreCredit:
    give_back(shop.merchant, shop.order(), amount=amount, method=method, consent=CONSENT)
    drain_now()
    return StoreCredit.of(shop.merchant.id).order_by("-id")[0]


def test_credit_note_stands_on_the_orders_page_and_opens_as_a_pdf(shop: Shop) -> None:
    known(shop.merchant)
    order = shop.order(invoice_number="F-77")
    called_off(shop.merchant, order)
    write_up()
    [note] = papers(shop.merchant, order)
    page = shop["agent"].get(at("order", order_id=order))
    assert note.label in text_of(page) and 'id="documents"' in page.content.decode()
    answer = shop["viewer"].get(at("document_pdf", document_id=note.id))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="avoir-{note.label}.pdf"'
    assert note.label in PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert answer.content == shop["viewer"].get(at("document_pdf", document_id=note.id)).content


def test_credit_note_is_sent_again_with_one_button(shop: Shop) -> None:
    order = shop.order()
    called_off(shop.merchant, order)
    write_up()
    [receipt] = papers(shop.merchant, order)
    answer = shop["agent"].post(at("document_send", document_id=receipt.id), follow=True)
    assert "Le document part par e-mail." in text_of(answer)
    assert Message.of(shop.merchant.id).filter(kind="document", order_id=order).count() == 1
    assert shop["viewer"].post(at("document_send", document_id=receipt.id)).status_code == 403


def test_credit_note_that_waits_says_for_what_and_leads_there(shop: Shop) -> None:
    called_off(shop.merchant, shop.order(invoice_number="F-1"))
    write_up()
    [note] = papers(shop.merchant)
    page = shop["owner"].get(at("documents"))
    assert "1 facture d'avoir attend vos mentions légales" in text_of(page)
    assert at("legal") in page.content.decode()
    answer = shop["owner"].get(at("document_pdf", document_id=note.id), follow=True)
    assert "n'a pas encore son numéro" in text_of(answer)
    assert shop["agent"].get(at("legal")).status_code == 403
    saved = shop["owner"].post(at("legal"), LEGAL)
    assert saved.status_code == 302
    said = identity_of(merchant_id=shop.merchant.id)
    assert said is not None
    assert (said.siret, said.vat_number, said.note_prefix) == ("73282932000074", "FR44732829320", "AV")
    assert said.address == ("12 rue des Tisserands", "69001 Lyon")
    write_up()
    [note] = papers(shop.merchant)
    assert note.state == "issued"


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("siret", "73282932000075", "Ce SIRET n'est pas juste."),
        ("vat_number", "", "Écrivez le numéro de TVA, ou cochez la franchise en base."),
        ("vat_number", "12", "commence par deux lettres"),
        ("receipt_prefix", "AV", "une série différente"),
        ("legal_name", "", "obligatoire"),
    ],
)
def test_who_sells_is_refused_beside_the_field_and_kept(
    shop: Shop, field: str, typed: str, said: str
) -> None:
    answer = shop["owner"].post(at("legal"), LEGAL | {field: typed})
    assert answer.status_code == 422
    assert said in text_of(answer) and "12 rue des Tisserands" in answer.content.decode()
    assert field in answer.context["form"].errors
    assert identity_of(merchant_id=shop.merchant.id) is None


def test_SG7_a_credit_is_found_and_spent_once_however_often_the_button_is_pressed(shop: Shop) -> None:
    credit = a_credit(shop)
    for q in ("ana@ex", credit.last4, credit_code(credit.id)):
        assert "ana@example.org" in text_of(shop["agent"].get(at("credits"), {"q": q})), q
    assert "Aucun avoir" in text_of(shop["agent"].get(at("credits"), {"q": "personne@example.org"}))
    page = shop["agent"].get(at("credit", credit_id=credit.id))
    asked = {"amount": "3,50", "order_number": "CAISSE-12", "token": page.context["form"]["token"].value()}
    for _ in range(2):
        answer = shop["agent"].post(at("redeem", credit_id=credit.id), asked, follow=True)
        assert "3,50 € dépensés, il reste 4,50 €." in text_of(answer)
    assert "CAISSE-12 (autre caisse)" in text_of(answer)
    assert CreditEntry.of(shop.merchant.id).filter(credit=credit).count() == 2


def test_SG7_more_than_the_balance_is_refused_beside_the_field(shop: Shop) -> None:
    credit = a_credit(shop)
    asked = {"amount": "8,01", "order_number": "1", "token": UUID(int=7)}
    answer = shop["agent"].post(at("redeem", credit_id=credit.id), asked)
    assert answer.status_code == 422
    assert "Il ne reste que 8,00. Baissez le montant." in text_of(answer)
    assert 'value="8,01"' in answer.content.decode()
    assert shop["viewer"].post(at("redeem", credit_id=credit.id), asked).status_code == 403


def test_SG7_a_gift_cards_code_is_shown_once_and_kept_as_its_digest(shop: Shop) -> None:
    assert shop["agent"].get(at("gift_card")).status_code == 403
    page = shop["manager"].get(at("gift_card"))
    asked = {"amount": "50", "note": "vendue au comptoir", "token": page.context["form"]["token"].value()}
    answer = shop["manager"].post(at("gift_card"), asked)
    assert answer.status_code == 201 and answer["Cache-Control"] == "no-store"
    [card] = StoreCredit.of(shop.merchant.id)
    code = credit_code(card.id)
    assert code in text_of(answer)
    shop["manager"].post(at("gift_card"), asked)
    assert StoreCredit.of(shop.merchant.id).get().balance_minor == 5000, "a double click is one card"
    for name, ids in (("credits", {}), ("credit", {"credit_id": card.id})):
        assert code not in text_of(shop["manager"].get(at(name, **ids)))
    assert code not in str(StoreCredit.of(shop.merchant.id).values().get())


def test_SG7_what_is_owed_in_goods_by_month_of_issue(shop: Shop) -> None:
    credit = a_credit(shop)
    a_credit(shop, amount="2.00")
    month = datetime(2026, 3, 4, 12, tzinfo=UTC)
    first = CreditEntry.of(shop.merchant.id).filter(credit=credit).earliest("id")
    CreditEntry.of(shop.merchant.id).filter(id=first.id).update(at=month)
    asked = {"amount": "5", "order_number": "9", "token": UUID(int=3)}
    shop["agent"].post(at("redeem", credit_id=credit.id), asked)
    page = shop["viewer"].get(at("credits_owed"))
    [group] = page.context["groups"]
    # 8.00 of March and 2.00 of now; the oldest is spent first: 3.00 of March are left.
    assert [(row["month"], row["open"]) for row in group["rows"]][-1] == ("2026-03", "3.00")
    assert [row["open"] for row in group["rows"]] == ["2.00", "3.00"]
    table = shop["viewer"].get(at("credits_owed"), {"format": "csv"})
    lines = b"".join(table.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Mois d'émission,Sorte,Devise")
    assert "2026-03,store_credit,EUR,1,8.00,5.00,3.00,no" in lines


def test_another_merchants_papers_and_credits_are_not_there(shop: Shop) -> None:
    from countermand.merchants.actions import add_merchant
    from tests.web.desk import shop_of

    order = shop.order()
    called_off(shop.merchant, order)
    write_up()
    [receipt], credit = papers(shop.merchant, order), a_credit(shop)
    other = shop_of(add_merchant(code=f"x{shop.merchant.code}", name="X"))["owner"]
    asked = {"amount": "1", "order_number": "9", "token": UUID(int=3)}
    assert other.get(at("document_pdf", document_id=receipt.id)).status_code == 404
    assert other.post(at("document_send", document_id=receipt.id)).status_code == 404
    assert other.get(at("credit", credit_id=credit.id)).status_code == 404
    assert other.post(at("redeem", credit_id=credit.id), asked).status_code == 404


def test_pages_of_papers_take_few_questions_whatever_their_length(shop: Shop) -> None:
    for _ in range(4):
        called_off(shop.merchant, shop.order())
        a_credit(shop)
    write_up()
    credit = StoreCredit.of(shop.merchant.id).first()
    shop["owner"].get(at("credits"))  # the first page of a browser writes down that it came
    assert credit is not None
    for name, ids in (
        ("documents", {}),
        ("credits", {}),
        ("credit", {"credit_id": credit.id}),
        ("credits_owed", {}),
        ("legal", {}),
    ):
        assert statements(shop["owner"], at(name, **ids)) <= 12, name
