"""What is said to a mail server in one go, and what is known of a mail as soon as it has left."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Message
from countermand.events.models import Event
from tests.actions.correspondents import a_message, an_order, live_channel
from tests.actions.letterbox import Letterbox, opened
from tests.races.test_kills import dies_at


class QuickLetterbox(Letterbox):
    """A server that takes an envelope in one go, as most do."""

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*answers[:-1], "250-PIPELINING", answers[-1]]


@pytest.fixture(params=[Letterbox, QuickLetterbox], ids=["one by one", "in one go"])
def letterbox(request: Any, settings: Any) -> Iterator[Letterbox]:
    with opened(request.param(), settings) as box:
        yield box


@pytest.fixture
def mail(merchant: Any) -> Callable[[str], Message]:
    """Plans a mail to an address, on a live channel."""
    live_channel(merchant=merchant)

    def plan(email: str) -> Message:
        order_id = an_order(merchant=merchant, channel="direct", number=email, email=email)
        return a_message(merchant=merchant, order_id=order_id)

    return plan


def outcome(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.error


def test_each_mail_of_a_batch_has_its_own_answer(
    letterbox: Letterbox, mail: Callable[[str], Message], now: datetime
) -> None:
    letterbox.answers |= {"b@example.org": "550 no such user", "c@example.org": "451 later"}
    a, b, c, d = (mail(f"{name}@example.org") for name in "abcd")
    drain(at=now)
    assert [outcome(message) for message in (a, b, c, d)] == [
        ("sent", ""),
        ("failed", "smtp 550"),
        ("planned", "smtp 451"),
        ("sent", ""),
    ]
    assert [to for _, to in letterbox.envelopes] == [["a@example.org"], ["d@example.org"]]
    assert len(letterbox.sessions) == 1


def test_a_server_that_ends_the_talk_is_called_again(
    letterbox: Letterbox, mail: Callable[[str], Message], now: datetime
) -> None:
    letterbox.answers["g@example.org"] = "421 closing"
    first, second = mail("g@example.org"), mail("h@example.org")
    drain(at=now)
    assert outcome(first) == ("planned", "smtp 421")
    assert outcome(second) == ("sent", "")
    assert len(letterbox.sessions) == 2


def test_a_mail_that_had_left_with_a_worker_that_died_is_not_sent_again(
    merchant: Any, letterbox: Letterbox, mail: Callable[[str], Message], now: datetime
) -> None:
    first, second = mail("e@example.org"), mail("f@example.org")
    assert dies_at("message.noted", lambda: drain(at=now))
    first.refresh_from_db()
    assert (first.state, first.sent_at is not None, first.recipient) == ("sending", True, "e@example.org")
    drain(at=now + timedelta(hours=1))
    assert outcome(first) == outcome(second) == ("sent", "")
    assert [len(letterbox.to(f"{name}@example.org")) for name in "ef"] == [1, 1]
    told = Event.of(merchant.id).get(kind="message.sent", subject_id=first.id)
    left = first.sent_at
    first.refresh_from_db()
    assert told.at == left == first.sent_at, "it left when it left, not when that was found"
    assert first.text.startswith("Bonjour")
