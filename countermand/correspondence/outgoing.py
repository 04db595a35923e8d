"""The way out: one SMTP connection for a batch of mails, and what each server's answer means."""

import contextlib
import smtplib
from email.header import Header
from email.utils import formataddr, parseaddr
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import EmailValidator

from countermand.correspondence.blocks import one_line
from countermand.correspondence.rendering import Mail
from countermand.outside import leaving

SMTP = "django.core.mail.backends.smtp.EmailBackend"
_valid = EmailValidator()


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


class _Letter(EmailMultiAlternatives):
    """Django's mail, but with a long subject that begins on its own line."""

    def message(self, **options: Any) -> Any:
        made = super().message(**options)
        if not str(self.subject).isascii():
            # Django folds without counting the header's name: "Subject:" would stand alone on its line.
            made.replace_header("Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        return made


def envelope(
    *,
    mail: Mail,
    recipient: str,
    name: str,
    reply_to: str,
    identity: str,
    answers: str | None = None,
    backend: object = None,
) -> EmailMultiAlternatives:
    """This will make the mail as it goes on the wire. Nobody's name or title can add a header to it.

    `answers`: a person wrote it, and it answers the mail of this Message-ID ("" for none).
    """
    headers = {"Message-ID": identity}
    if answers is None:
        headers["Auto-Submitted"] = "auto-generated"
    elif answers:
        headers |= {"In-Reply-To": answers, "References": answers}
    message = _Letter(
        subject=one_line(mail.subject),
        body=mail.text,
        from_email=formataddr((one_line(name, longest=200), own_address())),
        to=[recipient],
        reply_to=[reply_to] if is_address(reply_to) else None,
        headers=headers,
        connection=backend,
    )
    message.attach_alternative(mail.html, "text/html")
    return message


class Connection:
    """One SMTP connection, opened at the first mail and again after it broke."""

    def __init__(self) -> None:
        self._backend = get_connection(SMTP)
        self._open_failed = ""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def send(self, message: EmailMultiAlternatives) -> Outcome:
        """This will try once to hand a mail over, and say what the server made of it."""
        if self._open_failed:  # the rest of the batch need not wait for an absent server too
            return Outcome("planned", self._open_failed)
        try:
            self._backend.open()
        except OSError as error:
            # Also a refused log-in: ours to mend, no fault of the recipient.
            self._open_failed = _reason(error, "connect")
            self._close()
            return Outcome("planned", self._open_failed)
        leaving("mail", message_id=message.extra_headers.get("Message-ID", ""))
        try:
            self._backend.send_messages([message])
        except Exception as error:
            outcome = judged(error)
            if not isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused):
                self._close()
            return outcome
        return SENT

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._backend.close()
        self._backend = get_connection(SMTP)


def judged(error: Exception) -> Outcome:
    """This will tell a refusal for good (a 5xx about this recipient or this mail) from one to try again."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _ in error.recipients.values()), default=0)
        return Outcome("failed" if code >= 500 else "planned", f"smtp {code}")
    if isinstance(error, smtplib.SMTPDataError):
        return Outcome("failed" if error.smtp_code >= 500 else "planned", f"smtp {error.smtp_code}")
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return Outcome("failed", "not_sendable")  # the address or a header cannot be put on the wire
    if isinstance(error, OSError):
        return Outcome("planned", _reason(error, "lost"))
    raise error


def _reason(error: Exception, what: str) -> str:
    # A server's own words may name the recipient, so only its number is kept.
    code = getattr(error, "smtp_code", "")
    return f"smtp {code}" if code else f"smtp {what} {type(error).__name__}"
