"""A document reaches its buyer by mail, and a process that dies on the way leaves no gap."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Message
from countermand.documents.actions import send_document
from countermand.documents.models import Document
from countermand.documents.pdf import pdf
from countermand.events.following import ANSWERS, resolve
from countermand.refunds.credits import credit_code
from countermand.refunds.models import StoreCredit
from countermand.refusals import Refusal
from tests.actions.bookkeeper import called_off, known, papers, write_up
from tests.actions.correspondents import live_channel
from tests.actions.letterbox import Letterbox, post_office
from tests.actions.refund_desk import code_of, drain_now, give_back
from tests.builders import an_order
from tests.races.test_kills import dies_at

CONSENT = {"text": "d'accord", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}
CASH = {"provider": "manual", "method": "cash", "reference": None}


@pytest.fixture
def letterbox(settings: Any) -> Iterator[Letterbox]:
    """An SMTP server that the settings name."""
    box = Letterbox()
    office = post_office(box)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.DEFAULT_FROM_EMAIL = "desk@shop.example"
    yield box
    office.stop()


def send(merchant: Any, document: Document) -> Message:
    return send_document(merchant_id=merchant.id, document_id=document.id, by="test", at=datetime.now(UTC))


def test_credit_note_is_sent_as_a_pdf_that_is_the_document(merchant: Any, letterbox: Letterbox) -> None:
    known(merchant)
    live_channel(merchant=merchant)
    order = an_order(merchant, channel="direct", invoice_number="F-5", email="note@example.org", **CASH)
    give_back(merchant, order, amount="4.00", method="store_credit", consent=CONSENT)
    drain_now()
    write_up()
    [note] = papers(merchant, order)
    assert note.label.startswith("AV-"), "real money: no trial series"
    assert send(merchant, note).id == send(merchant, note).id, "a double click is one mail"
    drain(at=datetime.now(UTC))
    [mail] = [one for one in letterbox.to("note@example.org") if note.label in one["Subject"]]
    [attached] = list(mail.iter_attachments())
    assert attached.get_filename() == f"avoir-{note.label}.pdf"
    content = attached.get_content()
    assert content == pdf(note.content)
    assert note.label in PdfReader(BytesIO(content)).pages[0].extract_text()


def test_a_document_without_a_number_is_not_sent(merchant: Any) -> None:
    order = an_order(merchant, invoice_number="F-6")
    called_off(merchant, order)
    [note] = papers(merchant, order)
    with pytest.raises(Refusal) as refusal:
        send(merchant, note)
    assert code_of(refusal) == "not_issued"


def test_a_document_needs_an_address_to_be_sent_to(merchant: Any) -> None:
    order = an_order(merchant, email="")
    called_off(merchant, order)
    write_up()
    with pytest.raises(Refusal) as refusal:
        send(merchant, papers(merchant, order)[0])
    assert code_of(refusal) == "address_missing"


def test_SG7_a_new_gift_card_reaches_its_holder_by_mail_and_is_kept_nowhere(
    merchant: Any, letterbox: Letterbox
) -> None:
    live_channel(merchant=merchant)
    order = an_order(merchant, channel="direct", email="card@example.org", **CASH)
    give_back(merchant, order, amount="4.00", method="gift_card", consent=CONSENT)
    drain_now()
    card = StoreCredit.of(merchant.id).get()
    code = credit_code(card.id)
    drain(at=datetime.now(UTC))
    [mail] = [one for one in letterbox.to("card@example.org") if "carte cadeau" in one["Subject"]]
    assert code in mail.get_body(("plain",)).get_content()
    kept = Message.of(merchant.id).get(kind="gift_card")
    assert code not in kept.text + kept.html and f"••••-{code[-4:]}" in kept.text
    assert code not in str(StoreCredit.of(merchant.id).values().get())


@pytest.mark.parametrize(
    "point",
    [
        "issue_document.begun",
        "document.numbered",
        "document.frozen",
        "issue_document.before_commit",
        "issue_document.committed",
    ],
)
def test_credit_note_a_worker_that_dies_anywhere_leaves_no_gap(merchant: Any, point: str) -> None:
    known(merchant)
    for _ in range(3):
        give_back(merchant, an_order(merchant, invoice_number="F-7"), amount="1.00")
    drain_now()
    assert dies_at(point, write_up)
    write_up()
    assert sorted(note.number for note in papers(merchant)) == [1, 2, 3]


@pytest.mark.parametrize("name", ANSWERS.values())
def test_every_question_to_a_higher_room_has_its_answer(name: str) -> None:
    assert callable(resolve(name))
