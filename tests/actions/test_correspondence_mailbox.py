"""Mails of channels in test mode: kept, and never sent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand import sql
from countermand.cancellations.actions import Confirmed, confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence import rendering
from countermand.correspondence.actions import log_contact, send_again
from countermand.correspondence.claims import LEASE_SECONDS
from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Message
from countermand.correspondence.queries import contacts_of, mails_to, preview, undelivered
from countermand.events.models import Event
from countermand.orders.models import Order
from countermand.refusals import Refusal
from tests.actions.correspondents import a_message, an_order, facts


def test_SG6_a_planned_message_lands_in_the_mailbox(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant=merchant)
    message = a_message(merchant=merchant, order_id=order_id)
    done = drain(at=now)
    assert done.count >= 1
    [mail] = mails_to(merchant_id=merchant.id, to="jeanne@example.org")
    assert mail.id == message.id
    assert mail.subject == "Commande 1001\u00a0: 2 articles annulés, 21,26\u00a0€ seront remboursés"
    assert mail.message_id.startswith(f"<{message.id}@")
    assert mail.sent_at == now
    told = Event.of(merchant.id).get(kind="message.sent")
    assert (told.order_id, told.subject_id) == (order_id, message.id)
    assert "jeanne" not in str(told.facts)


def a_cancellation(merchant: Any, now: datetime, **others: Any) -> Confirmed:
    order_id = an_order(merchant=merchant)
    ask = Ask(reason="out_of_stock", lines=(("1", 2),), **others)
    return confirm(merchant_id=merchant.id, order_id=order_id, ask=ask, by="test", at=now)


def test_EM10_a_cancellation_writes_to_the_buyer_and_is_done(merchant: Any, now: datetime) -> None:
    made = a_cancellation(merchant, now, message="Le bleu revient en mars.")
    drain(at=now)
    [mail] = mails_to(merchant_id=merchant.id)
    assert mail.cancellation_id == made.id
    assert "Le bleu revient en mars." in mail.text
    assert "- 2 × Mug bleu (réf. MUG-BLEU)" in mail.text.replace("\u00a0", " ")
    assert "Il n'y a rien à vous rembourser" in mail.text  # it was never paid
    assert Cancellation.of(merchant.id).get(id=made.id).state == "done"


def test_the_preview_is_the_mail_that_the_buyer_gets(merchant: Any, now: datetime) -> None:
    made = a_cancellation(merchant, now)
    planned = Message.of(merchant.id).get(cancellation_id=made.id)
    shown = preview(merchant_id=merchant.id, order_id=planned.order_id, facts=planned.facts, at=now)
    drain(at=now)
    [mail] = mails_to(merchant_id=merchant.id)
    assert rendering.Mail(mail.subject, mail.text, mail.html) == shown


def test_what_a_batch_touched_is_concluded_in_its_own_transaction(merchant: Any, now: datetime) -> None:
    made = a_cancellation(merchant, now)

    def fails(statement: str) -> None:
        if "UPDATE cancellation" in statement:
            assert Message.of(merchant.id).get(cancellation_id=made.id).state == "sent"
            raise RuntimeError

    with sql.watched(fails), pytest.raises(RuntimeError):
        drain(at=now)
    assert Message.of(merchant.id).get(cancellation_id=made.id).state == "sending"  # until its lease is over
    drain(at=now + timedelta(seconds=LEASE_SECONDS + 1))
    assert Cancellation.of(merchant.id).get(id=made.id).state == "done"


def test_a_buyer_who_cannot_be_written_to_is_a_matter_for_a_person(merchant: Any, now: datetime) -> None:
    made = a_cancellation(merchant, now)
    message = Message.of(merchant.id).get(cancellation_id=made.id)
    Order.of(merchant.id).filter(id=message.order_id).update(customer_email="")
    drain(at=now)
    assert [m.error for m in undelivered(merchant_id=merchant.id)] == ["no_address"]
    assert Cancellation.of(merchant.id).get(id=made.id).state == "needs_person"
    # The address is found and written into the order: the mail goes out, the story ends.
    Order.of(merchant.id).filter(id=message.order_id).update(customer_email="found@example.org")
    send_again(merchant_id=merchant.id, message_id=message.id, by="camille", at=now)
    assert Cancellation.of(merchant.id).get(id=made.id).state == "in_progress"
    drain(at=now)
    assert len(mails_to(merchant_id=merchant.id, to="found@example.org")) == 1
    assert Cancellation.of(merchant.id).get(id=made.id).state == "done"
    with pytest.raises(Refusal, match="not_retryable"):
        send_again(merchant_id=merchant.id, message_id=message.id, by="camille", at=now)


def test_mails_are_written_in_the_buyers_language(merchant: Any, now: datetime) -> None:
    for number, language in enumerate(("fr", "en", "de")):
        order_id = an_order(
            merchant=merchant, number=str(number), email=f"{language}@example.org", language=language
        )
        a_message(merchant=merchant, order_id=order_id)
    drain(at=now)
    hello = {mail.recipient: mail.text.split(",")[0] for mail in mails_to(merchant_id=merchant.id)}
    assert hello == {
        "fr@example.org": "Bonjour Jeanne Dupont",
        "en@example.org": "Hello Jeanne Dupont",
        "de@example.org": "Hello Jeanne Dupont",
    }


def test_facts_that_make_no_mail_fail_alone(merchant: Any, now: datetime, caplog: Any) -> None:
    broken = a_message(
        merchant=merchant, order_id=an_order(merchant=merchant), facts=facts(currency="Jeanne")
    )
    other = an_order(merchant=merchant, number="2", email="fine@example.org")
    a_message(merchant=merchant, order_id=other)
    drain(at=now)
    broken.refresh_from_db()
    assert broken.state == "failed"
    assert len(mails_to(merchant_id=merchant.id, to="fine@example.org")) == 1
    assert "Jeanne" not in caplog.text and "example.org" not in caplog.text


def test_EM2_a_contact_is_logged_with_who_when_and_the_outcome(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant=merchant)
    again = now + timedelta(hours=2)
    log_contact(
        merchant_id=merchant.id,
        order_id=order_id,
        by_means="phone",
        outcome="no_answer",
        note="Messagerie",
        call_again_at=again,
        by="camille",
        at=now,
    )
    [contact] = contacts_of(merchant_id=merchant.id, order_id=order_id)
    assert (contact.outcome, contact.call_again_at, contact.by, contact.at) == (
        "no_answer",
        again,
        "camille",
        now,
    )
    logged = Event.of(merchant.id).get(kind="contact.logged")
    assert logged.facts == {"by_means": "phone", "outcome": "no_answer"}  # the note stays out of history


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"by_means": "pigeon"}, "unknown_means"),
        ({"outcome": "angry"}, "unknown_outcome"),
        ({"note": "x" * 5001}, "text_too_long"),
        ({"order_id": UUID(int=1)}, "not_found"),
    ],
)
def test_EM2_a_contact_that_makes_no_sense_is_refused(
    merchant: Any, now: datetime, wrong: dict[str, Any], code: str
) -> None:
    asked = {
        "order_id": an_order(merchant=merchant),
        "by_means": "phone",
        "outcome": "accepts",
        "note": "x" * 5000,
    }
    with pytest.raises(Refusal, match=code):
        log_contact(merchant_id=merchant.id, by="camille", at=now, **(asked | wrong))
