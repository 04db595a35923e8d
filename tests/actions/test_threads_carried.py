"""Messages that really leave and really come: over SMTP with an address for the answer, and back in through the pipe."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as configured
from django.db import connection

from countermand.correspondence import answering, jobs
from countermand.overview.todo import to_do
from countermand.stock.actions import put_item
from countermand.threads.actions import take_message, write_message
from countermand.threads.inbound import arrive
from countermand.threads.models import Entry
from tests.actions.correspondents import LONG_AGO, live_channel
from tests.actions.letterbox import Letterbox, post_office
from tests.builders import an_order


@pytest.fixture
def letterbox(settings: Any) -> Iterator[Letterbox]:
    box = Letterbox()
    controller = post_office(box)
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.DEFAULT_FROM_EMAIL, settings.INBOUND_DOMAIN = "desk@out.example", "in.example"
    yield box
    controller.stop()


def test_EM15_an_answer_reaches_the_thread_of_its_order(merchant: Any, letterbox: Letterbox) -> None:
    """Out with an address of its own, answered by the buyer's own program, in again."""
    live_channel(merchant=merchant)
    buyer = f"ana-{uuid4().hex[:8]}@example.org"
    order = an_order(merchant, channel="direct", customer={"name": "Ana", "email": buyer}, payments=[])
    said: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order}
    take_message(
        **said, text="Où est-elle ?", via="mail", mail_id="<q1@example.org>", by="buyer", at=LONG_AGO
    )
    write_message(**said, kind="free", text="Elle part demain.", by="léa", at=LONG_AGO)
    jobs.drain(at=LONG_AGO)
    (mail,) = letterbox.to(buyer)
    assert mail["Reply-To"] == answering.address_of(order)
    assert (mail["In-Reply-To"], mail["Auto-Submitted"]) == ("<q1@example.org>", None)  # a person wrote it
    back = (
        f"From: Ana <{buyer}>\r\nTo: {mail['Reply-To'].upper()}\r\nMessage-ID: <q2@example.org>\r\n"
        f"In-Reply-To: {mail['Message-ID']}\r\n\r\nMerci !\r\n\r\nLe 22 nov. 2026, Le Petit Mug a écrit :\r\n> Elle part demain.\r\n"
    )
    came = arrive(raw=back.encode(), at=datetime.now(UTC))
    assert came.kept is not None
    assert (came.kept.entry.text, came.kept.entry.known_sender) == ("Merci !", True)


def test_AZ20_our_own_mail_coming_back_is_left(merchant: Any, letterbox: Letterbox) -> None:
    order = an_order(merchant)
    loop = f"From: desk@out.example\r\nTo: {answering.address_of(order)}\r\n\r\nBonjour"
    assert arrive(raw=loop.encode(), at=datetime.now(UTC)).ignored == "automatic"
    assert not Entry.of(merchant.id).exists()


def pipe(content: bytes, *words: str) -> Any:
    place = connection.settings_dict
    who = f"{place['USER']}:{place['PASSWORD']}" if place["PASSWORD"] else place["USER"]
    url = f"postgresql://{who}@{place['HOST']}:{place['PORT']}/{place['NAME']}"
    return subprocess.run(
        [sys.executable, "-m", "countermand.cli", "inbound-mail", *words],
        input=content,
        env={
            "PATH": "/usr/bin:/bin",
            "DATABASE_URL": url,
            "COUNTERMAND_SECRET_KEY": configured.SECRET_KEY,
            "COUNTERMAND_INBOUND_DOMAIN": "in.example",
        },
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_AZ20_a_mail_server_pipes_mails_in(merchant: Any, settings: Any) -> None:
    settings.INBOUND_DOMAIN = "in.example"
    order = an_order(merchant)
    address = answering.address_of(order)
    mail = b"From: ana@example.org\nTo: undisclosed\nMessage-ID: <p1@example.org>\n\nAnnulez."
    assert pipe(mail, "--recipient", address).returncode == 0
    assert Entry.of(merchant.id).get().text == "Annulez."
    nobody = pipe(mail)
    assert (nobody.returncode, nobody.stderr) == (67, b"unknown_address\n")  # no word of the mail
    assert pipe(b"").returncode == 65


def test_AZ20_who_waits_for_an_answer_stands_in_the_to_do(merchant: Any, now: datetime) -> None:
    order = an_order(merchant)
    said: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order, "at": now}
    take_message(**said, text="?", via="webhook", by="channel")
    (row,) = to_do(merchant_id=merchant.id, at=now, kinds=["message_waiting"])
    assert (row["order_id"], row["units"]) == (str(order), 1)
    write_message(**said, kind="free", text="Demain.", by="léa")
    assert to_do(merchant_id=merchant.id, at=now, kinds=["message_waiting"]) == []


def test_EM14_who_was_written_to_of_a_shortage_was_told(merchant: Any, now: datetime) -> None:
    fields = {"title": "Mug", "on_hand": 0}
    put_item(merchant_id=merchant.id, sku="MUG-BLEU", fields=fields, by="t", at=now)
    order = an_order(merchant)
    ask: dict[str, Any] = {"merchant_id": merchant.id, "at": datetime.now(UTC), "kinds": ["short_untold"]}
    assert [row["order_id"] for row in to_do(**ask)] == [str(order)]
    write_message(
        merchant_id=merchant.id,
        order_id=order,
        kind="free",
        text="Il en manque.",
        by="léa",
        at=datetime.now(UTC),
    )
    assert to_do(**ask) == []
