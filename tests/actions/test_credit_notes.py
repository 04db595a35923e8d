"""Credit notes and refund receipts: when, what, under which number (docs/decisions/0007)."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError

from countermand import sql
from countermand.documents.content import digest
from countermand.documents.models import Document
from countermand.refunds.actions import bounce, settle
from countermand.refunds.models import Refund
from tests.actions.bookkeeper import called_off, known, papers, write_up
from tests.actions.refund_desk import at_once, drain_now, give_back
from tests.builders import an_order

SHIPPED = {"shipping": {"amount": "4.90", "tax_rate": "20"}, "total": "41.80"}


def test_credit_note_a_cancelled_order_with_an_invoice_gets_one_when_the_money_is_back(merchant: Any) -> None:
    known(merchant)
    order = an_order(merchant, invoice_number="F-77", **SHIPPED)
    called_off(merchant, order)
    write_up()
    [note] = papers(merchant, order)
    year = datetime.now(ZoneInfo("Europe/Paris")).year
    assert (note.state, note.kind, note.label) == ("issued", "credit_note", f"ESSAI-AV-{year}-00001")
    said = note.content
    assert (said["order"]["invoice_number"], said["seller"]["siret"]) == ("F-77", "73282932000074")
    # 3 mugs at 12.30 and 4.90 of shipping, tax of 20 % inside: 36.90 / 1.2 = 30.75 and 4.90 / 1.2 = 4.08.
    assert [(line["what"], line["quantity"], line["net"], line["tax"]) for line in said["lines"]] == [
        ("line", 3, 3075, 615),
        ("shipping", 1, 408, 82),
    ]
    assert said["rates"] == [{"rate": 200_000, "net": 3483, "tax": 697, "gross": 4180}]
    assert (said["net"], said["tax"], said["gross"]) == (3483, 697, 4180)
    assert note.digest == digest(said)


def test_credit_note_without_an_invoice_it_is_a_receipt_of_its_own_sequence(merchant: Any) -> None:
    known(merchant)
    for invoice in ("F-1", "", ""):
        called_off(merchant, an_order(merchant, invoice_number=invoice))
    write_up()
    year = datetime.now(ZoneInfo("Europe/Paris")).year
    assert sorted(note.label for note in papers(merchant)) == [
        f"ESSAI-AV-{year}-00001",
        f"ESSAI-RR-{year}-00001",
        f"ESSAI-RR-{year}-00002",
    ]


def test_credit_note_waits_until_somebody_says_who_sells_and_takes_no_number_before(merchant: Any) -> None:
    called_off(merchant, an_order(merchant, invoice_number="F-1"))
    called_off(merchant, an_order(merchant))
    write_up()
    note, receipt = papers(merchant)
    assert (note.state, note.error, note.number) == ("due", "legal_identity", None)
    assert receipt.state == "issued"
    known(merchant)
    write_up()
    note.refresh_from_db()
    assert (note.state, note.number) == ("issued", 1)


def test_credit_note_money_that_was_only_reserved_gives_no_document(merchant: Any) -> None:
    order = an_order(merchant, paid="authorized", invoice_number="F-1")
    called_off(merchant, order)
    assert papers(merchant) == []


def test_credit_note_one_document_for_a_decision_over_several_payments(merchant: Any) -> None:
    known(merchant)
    cash = {"provider": "manual", "method": "cash", "amount": "10.00", "state": "captured"}
    card = {"provider": "sandbox", "method": "card", "amount": "26.90", "state": "captured"}
    order = an_order(
        merchant, payments=[{**card, "provider_reference": "ok-two"}, cash], invoice_number="F-2"
    )
    called_off(merchant, order)
    write_up()
    assert papers(merchant, order) == [], "cash is still to be given back by hand"
    by_hand = Refund.of(merchant.id).get(order_id=order, method="manual")
    now = datetime.now(UTC)
    proof = {"settled_at": now, "evidence": "reçu 4"}
    settle(merchant_id=merchant.id, refund_id=by_hand.id, by="test", at=now, **proof)
    write_up()
    [note] = papers(merchant, order)
    assert (note.amount_minor, len(note.content["lines"]), note.content["tax"]) == (3690, 1, 615)
    assert sorted(paid["amount"] for paid in note.content["paid"]) == [1000, 2690]


def test_credit_note_a_gesture_corrects_no_tax(merchant: Any) -> None:
    known(merchant)
    order = an_order(merchant, invoice_number="F-3")
    give_back(merchant, order, amount="5.00")
    drain_now()
    write_up()
    [note] = papers(merchant, order)
    assert note.content["rates"] == [{"rate": None, "net": 500, "tax": 0, "gross": 500}]


def test_credit_note_money_that_comes_back_makes_a_further_one_and_changes_none(merchant: Any) -> None:
    known(merchant)
    order = an_order(merchant, invoice_number="F-4")
    called_off(merchant, order)
    refund = Refund.of(merchant.id).get(order_id=order)
    # Before the first one has its number: both follow in their order.
    bounce(
        merchant_id=merchant.id, refund_id=refund.id, reason="compte fermé", by="test", at=datetime.now(UTC)
    )
    write_up()
    note, correction = papers(merchant, order)
    assert (note.amount_minor, correction.amount_minor) == (3690, -3690)
    assert correction.content["corrects"] == {
        "label": note.label,
        "on": note.issued_on.isoformat(),
        "whole": True,
    }
    assert (correction.number, correction.content["tax"]) == (note.number + 1, -615)


def test_credit_note_is_never_edited_nor_deleted(merchant: Any) -> None:
    called_off(merchant, an_order(merchant))
    write_up()
    [receipt] = papers(merchant)
    with pytest.raises(DatabaseError, match="corrected by a further one"):
        Document.of(merchant.id).filter(id=receipt.id).update(amount_minor=1)
    with pytest.raises(DatabaseError, match="corrected by a further one"):
        sql.execute("DELETE FROM document WHERE id = %s", (receipt.id,))


def test_credit_note_many_workers_at_once_leave_no_gap_and_no_twin(merchant: Any) -> None:
    known(merchant)
    for _ in range(24):
        give_back(merchant, an_order(merchant, invoice_number="F-9"), amount="1.00")
    drain_now()
    assert [answer for answer in at_once([write_up] * 8) if isinstance(answer, Exception)] == []
    write_up()
    numbers = sorted(note.number for note in papers(merchant))
    assert numbers == list(range(1, 25))
