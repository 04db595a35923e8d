"""Mails over a real SMTP server: what leaves, what comes again, what a person must see."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from countermand.correspondence.claims import LEASE_SECONDS, claim, settle
from countermand.correspondence.jobs import BACK_OFF_MINUTES, drain
from countermand.correspondence.models import Message
from countermand.correspondence.queries import mails_to, undelivered
from countermand.events.models import Event
from countermand.orders.models import Order
from tests.actions.correspondents import a_message, an_order, live_channel
from tests.actions.letterbox import Letterbox, free_port, opened


@pytest.fixture
def letterbox(settings: Any) -> Iterator[Letterbox]:
    """An SMTP server that the settings name."""
    with opened(Letterbox(), settings) as box:
        yield box


@pytest.fixture
def shop(merchant: Any) -> Any:
    """A merchant with a live channel, a person who writes, and an address that is read."""
    merchant.contact_name, merchant.reply_to = "Camille", "camille@petitmug.example"
    merchant.save()
    live_channel(merchant=merchant)
    return merchant


def a_mail(shop: Any, email: str = "jeanne@example.org", *, number: str = "1001", **others: Any) -> Message:
    order_id = an_order(merchant=shop, channel="direct", number=number, email=email)
    return a_message(merchant=shop, order_id=order_id, **others)


def test_EM15_the_mail_comes_from_a_person_and_can_be_answered(
    shop: Any, letterbox: Letterbox, now: datetime
) -> None:
    message = a_mail(shop, "em15@example.org")
    drain(at=now)
    [mail] = letterbox.to("em15@example.org")
    assert mail["From"].addresses[0].display_name == "Camille, Le Petit Mug"
    assert mail["From"].addresses[0].addr_spec == "desk@shop.example"
    assert mail["Reply-To"] == "camille@petitmug.example"
    assert mail["Message-ID"] == f"<{message.id}@shop.example>"
    assert mail["Subject"] == "Commande 1001\u00a0: 2 articles annulés, 21,26\u00a0€ seront remboursés"
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and page is not None
    assert "Répondez simplement à cet e-mail." in text.get_content()
    assert 'lang="fr"' in page.get_content()


def test_SG8_a_mail_that_was_sent_is_written_down_and_never_sent_twice(
    shop: Any, letterbox: Letterbox, now: datetime
) -> None:
    message = a_mail(shop, "once@example.org")
    drain(at=now)
    drain(at=now + timedelta(days=1))
    assert len(letterbox.to("once@example.org")) == 1
    message.refresh_from_db()
    assert (message.state, message.recipient, message.tries) == ("sent", "once@example.org", 1)
    assert message.text.startswith("Bonjour Jeanne Dupont,")
    assert Event.of(shop.id).filter(kind="message.sent", subject_id=message.id).count() == 1


def test_one_connection_carries_a_whole_batch(shop: Any, letterbox: Letterbox, now: datetime) -> None:
    for n in range(5):
        a_mail(shop, f"batch{n}@example.org", number=str(n))
    drain(at=now)
    assert sum(len(letterbox.to(f"batch{n}@example.org")) for n in range(5)) == 5
    assert len(letterbox.sessions) == 1


def test_a_refusal_for_now_is_tried_again_later(shop: Any, letterbox: Letterbox, now: datetime) -> None:
    letterbox.answers["full@example.org"] = "452 4.2.2 full@example.org: mailbox full"
    message = a_mail(shop, "full@example.org")
    drain(at=now)
    message.refresh_from_db()
    assert (message.state, message.error, message.tries) == ("planned", "smtp 452", 1)
    assert timedelta(minutes=1) <= message.not_before - now < timedelta(minutes=2)
    letterbox.answers.clear()
    drain(at=now)  # not yet
    assert letterbox.to("full@example.org") == []
    drain(at=now + timedelta(minutes=2))
    assert len(letterbox.to("full@example.org")) == 1
    message.refresh_from_db()
    assert (message.state, message.error) == ("sent", "")


def test_after_two_days_in_vain_a_person_hears_of_it(shop: Any, letterbox: Letterbox, now: datetime) -> None:
    letterbox.answers["never@example.org"] = "451 later"
    message = a_mail(shop, "never@example.org", tries=len(BACK_OFF_MINUTES) - 1)
    drain(at=now)
    message.refresh_from_db()
    assert message.state == "planned"
    drain(at=now + timedelta(days=1))
    assert message in undelivered(merchant_id=shop.id)
    assert sum(BACK_OFF_MINUTES) / 60 > 40


@pytest.mark.parametrize("stage", ["recipient", "content"])
def test_a_refusal_for_good_fails_and_holds_up_no_other(
    shop: Any, letterbox: Letterbox, now: datetime, stage: str
) -> None:
    gone = a_mail(shop, "gone@example.org", number="1")
    if stage == "recipient":
        letterbox.answers["gone@example.org"] = "550 5.1.1 <gone@example.org>: no such user"
        after = a_mail(shop, "there@example.org", number="2")
    else:
        letterbox.after_data = "554 refused: gone@example.org"
        after = None
    drain(at=now)
    gone.refresh_from_db()
    assert (gone.state, gone.error) == ("failed", "smtp 550" if after else "smtp 554")
    failed = Event.of(shop.id).get(kind="message.failed")
    assert failed.facts == {"about": "cancellation", "error": gone.error}
    if after:
        assert len(letterbox.to("there@example.org")) == 1
    drain(at=now + timedelta(days=3))
    assert Event.of(shop.id).filter(kind="message.failed").count() == 1


def test_no_server_no_loss(shop: Any, settings: Any, now: datetime) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    mails = [a_mail(shop, f"wait{n}@example.org", number=str(n)) for n in range(3)]
    drain(at=now)
    for message in mails:
        message.refresh_from_db()
        assert (message.state, message.error) == ("planned", "smtp connect ConnectionRefusedError")
    assert not Event.of(shop.id).filter(kind__startswith="message.").exists()


def test_without_a_mail_server_a_live_mail_fails_in_words(shop: Any, settings: Any, now: datetime) -> None:
    settings.EMAIL_HOST = ""
    message = a_mail(shop)
    drain(at=now)
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "no_mail_server")


@pytest.mark.parametrize(("email", "error"), [("", "no_address"), ("jeanne", "invalid_address")])
def test_nobody_to_write_to_is_a_to_do_and_not_tried_again(
    shop: Any, letterbox: Letterbox, now: datetime, email: str, error: str
) -> None:
    message = a_mail(shop, "x@example.org")
    Order.of(shop.id).filter(id=message.order_id).update(customer_email=email)
    drain(at=now)
    drain(at=now + timedelta(days=30))
    message.refresh_from_db()
    assert (message.state, message.error, message.tries) == ("failed", error, 1)


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "A <a@example.org>",
        "é@example.org",
    ],
)
def test_only_one_plain_address_is_written_to(
    shop: Any, letterbox: Letterbox, now: datetime, email: str
) -> None:
    message = a_mail(shop, "x@example.org")
    Order.of(shop.id).filter(id=message.order_id).update(customer_email=email)
    drain(at=now)
    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "invalid_address")
    assert letterbox.to("b@example.org") == []


def test_no_name_or_title_can_add_a_header(shop: Any, letterbox: Letterbox, now: datetime) -> None:
    evil = "Jeanne\r\nBcc: all@example.org\r\n\r\nHello"
    message = a_mail(shop, "inject@example.org")
    message.facts["number"] = evil
    message.facts["lines"][0]["title"] = evil
    message.save()
    Order.of(shop.id).filter(id=message.order_id).update(customer_name=evil)
    shop.contact_name = shop.name = evil
    shop.reply_to = "x@example.org\nBcc: y@example.org"
    shop.save()
    drain(at=now)
    [mail] = letterbox.to("inject@example.org")
    assert mail["Bcc"] is None and mail["Reply-To"] is None
    assert letterbox.to("all@example.org") == []
    assert {header.lower() for header in mail} == {
        "content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted",
    }  # fmt: skip


def test_test_mode_never_leaves_the_machine(merchant: Any, letterbox: Letterbox, now: datetime) -> None:
    order_id = an_order(merchant=merchant, email="practice@example.org")
    a_message(merchant=merchant, order_id=order_id)
    drain(at=now)
    assert letterbox.mails == []
    [kept] = mails_to(merchant_id=merchant.id, to="PRACTICE@example.org")
    assert kept.html.startswith("<!DOCTYPE html>")


def test_a_dead_workers_mail_is_sent_by_another_under_the_same_id(
    shop: Any, letterbox: Letterbox, now: datetime
) -> None:
    message = a_mail(shop, "lease@example.org")
    taken = [row for row in claim(at=now) if row["id"] == message.id]
    drain(at=now + timedelta(seconds=LEASE_SECONDS - 1))
    assert letterbox.to("lease@example.org") == []
    drain(at=now + timedelta(seconds=LEASE_SECONDS + 1))
    assert letterbox.to("lease@example.org")[0]["Message-ID"] == f"<{message.id}@shop.example>"
    # The first one was only slow: what it still brings is not taken.
    late = {
        "id": message.id,
        "tries": taken[0]["tries"],
        "state": "failed",
        "error": "late",
        "untried": False,
    }
    assert settle([late]) == set()


def test_asked_to_stop_it_leaves_the_rest_as_it_was(shop: Any, letterbox: Letterbox, now: datetime) -> None:
    mails = [a_mail(shop, f"stop{n}@example.org", number=str(n)) for n in range(3)]
    drain(at=now, going=lambda: len(letterbox.mails) == 0)
    for message in mails:
        message.refresh_from_db()
    assert sorted((message.state, message.tries) for message in mails) == [
        ("planned", 0),
        ("planned", 0),
        ("sent", 1),
    ]
    drain(at=now)
    assert len(letterbox.mails) == 3


def test_a_held_mail_waits_until_the_undo_window_has_been_ended(
    shop: Any, letterbox: Letterbox, now: datetime
) -> None:
    message = a_mail(shop, "held@example.org", state="held")
    drain(at=now)
    assert letterbox.to("held@example.org") == []
    Message.of(shop.id).filter(id=message.id).update(state="planned")
    drain(at=now)
    assert len(letterbox.to("held@example.org")) == 1


def test_a_withdrawn_mail_is_never_sent(shop: Any, letterbox: Letterbox, now: datetime) -> None:
    a_mail(shop, "withdrawn@example.org", state="withdrawn")
    drain(at=now)
    assert letterbox.to("withdrawn@example.org") == []
