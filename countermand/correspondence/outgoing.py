"""The way out: one SMTP connection for a batch of mails, and what each server's answer means."""

import contextlib
import smtplib
import ssl
from email.utils import parseaddr
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail.utils import DNS_NAME
from django.core.validators import EmailValidator

from countermand.correspondence.wire import Sealed
from countermand.outside import leaving

_valid = EmailValidator()
END_OF_MAIL = b".\r\n"
GO_ON = 354
CLOSING = 421

Reply = tuple[int, bytes]


class Outcome(NamedTuple):
    """What became of one try: `state` sent, planned (again later) or failed. `error` names no person."""

    state: str
    error: str = ""


SENT = Outcome("sent")


def is_address(text: str) -> bool:
    """This will say whether a text can stand as a recipient: one plain address, nothing before or behind."""
    try:
        _valid(text)
    except ValidationError:
        return False
    return len(text) <= 254 and text.isascii()


def own_address() -> str:
    """This will give the address that we send from, without its name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1] or "desk@countermand.invalid"


def message_id(message: UUID) -> str:
    """This will derive a mail's Message-ID from its row: a try after a kill carries the same one."""
    return f"<{message}@{own_address().rpartition('@')[2]}>"


def answerable(reply_to: str) -> bool:
    """This will say whether an answer to our mails reaches somebody (EM-15)."""
    return bool(settings.INBOUND_DOMAIN) or is_address(reply_to) or not own_address().endswith(".invalid")


class Connection:
    """One SMTP connection, opened at the first mail and again after it broke."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None
        self._open_failed = ""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.quit()
        self._close()

    def send(self, mail: Sealed) -> Outcome:
        """This will try once to hand a mail over, and say what the server made of it."""
        if self._open_failed:  # the rest of the batch need not wait for an absent server too
            return Outcome("planned", self._open_failed)
        try:
            server = self._server = self._server or _opened()
        except OSError as error:
            # Also a refused log-in: ours to mend, no fault of the recipient.
            self._open_failed = _reason(error, "connect")
            return Outcome("planned", self._open_failed)
        leaving("mail", message_id=mail.identity)
        try:
            outcome, code = _handed_over(server, mail)
        except OSError as error:
            self._close()
            return Outcome("planned", _reason(error, "lost"))
        if code == CLOSING:
            self._close()
        return outcome

    def _close(self) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._server.close()
        self._server = None


def _opened() -> smtplib.SMTP:
    server = smtplib.SMTP(timeout=settings.EMAIL_TIMEOUT, local_hostname=DNS_NAME.get_fqdn())
    try:
        code, words = server.connect(settings.EMAIL_HOST, settings.EMAIL_PORT)
        if code != 220:
            raise smtplib.SMTPConnectError(code, words)
        server.ehlo_or_helo_if_needed()
        if settings.EMAIL_USE_TLS:
            server.starttls(context=ssl.create_default_context())
            server.ehlo_or_helo_if_needed()
        if settings.EMAIL_HOST_USER and settings.EMAIL_HOST_PASSWORD:
            server.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    except BaseException:
        server.close()
        raise
    return server


def _handed_over(server: smtplib.SMTP, mail: Sealed) -> tuple[Outcome, int]:
    """The outcome, and the code of the reply that decided it."""
    replies = _replies(server, f"MAIL FROM:<{mail.sender}>", f"RCPT TO:<{mail.recipient}>", "DATA")
    step, code = next(
        ((n, code) for n, (code, _) in enumerate(replies) if code >= 400), (len(replies), GO_ON)
    )
    if step < len(replies):
        if replies[-1][0] == GO_ON:
            # It wants a mail of which it refused the recipient: an empty one, to nobody (RFC 2920, 3.1).
            server.send(END_OF_MAIL)
            server.getreply()
        server.rset()
        return judged(code, ours=step == 0), code
    # A line that begins with a dot would end the mail: two dots stand for one (RFC 5321, 4.5.2).
    server.send(mail.content.replace(b"\r\n.", b"\r\n..") + END_OF_MAIL)
    code, _ = server.getreply()
    return judged(code), code


def _replies(server: smtplib.SMTP, *commands: str) -> list[Reply]:
    """Asks in one go where the server takes it so (RFC 2920), else one by one up to the first refusal."""
    if server.has_extn("pipelining"):
        server.send("".join(f"{command}\r\n" for command in commands))
        return [server.getreply() for _ in commands]
    replies: list[Reply] = []
    for command in commands:
        replies.append(server.docmd(command))
        if replies[-1][0] >= 400:
            break
    return replies


def judged(code: int, *, ours: bool = False) -> Outcome:
    """This will tell a refusal for good (a 5xx about this recipient or this mail) from one to try again.

    `ours`: it is our own address that was refused, which is ours to mend.
    """
    if 200 <= code < 300:
        return SENT
    return Outcome("failed" if code >= 500 and not ours else "planned", f"smtp {code}")


def _reason(error: Exception, what: str) -> str:
    # A server's own words may name the recipient, so only its number is kept.
    code = getattr(error, "smtp_code", "")
    return f"smtp {code}" if code else f"smtp {what} {type(error).__name__}"
