"""A real SMTP server in a thread, whose answers a test can choose."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Letterbox:
    """Keeps what it is given. `answers`: recipient → reply to RCPT; `after_data`: the reply to a whole mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.answers: dict[str, str] = {}
        self.after_data = ""
        self.sessions: Counter[int] = Counter()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.sessions[id(session)] += 1
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.after_data:
            return self.after_data
        made = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.mails.append(made)
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """This will list the mails that one address got."""
        return [mail for mail, (_, to) in zip(self.mails, self.envelopes, strict=True) if address in to]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def post_office(letterbox: Letterbox) -> Controller:
    """This will open the server on a free port of this machine; `stop()` closes it."""
    controller = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    return controller


@contextmanager
def opened(letterbox: Letterbox, settings: Any) -> Iterator[Letterbox]:
    """This will have the settings name the letterbox's server, as long as it is open."""
    office = post_office(letterbox)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.DEFAULT_FROM_EMAIL = "desk@shop.example"
    yield letterbox
    office.stop()
