"""Carrying messages through: due rows are claimed, made into mails, handed over, and written down.

A mail is either handed to the SMTP server or kept in the local mailbox, which is the message row
itself as sent. What belongs to a channel in test mode never leaves the machine.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from countermand import faults, sql
from countermand.correspondence import answering, outgoing
from countermand.correspondence.claims import LEASE_SECONDS, claim, note, settle
from countermand.correspondence.filling import Own
from countermand.correspondence.outgoing import SENT, Outcome
from countermand.correspondence.plain import KINDS as PLAIN
from countermand.correspondence.plain import WRITTEN, attachments, plain_mail
from countermand.correspondence.rendering import Mail, Sender, preview, signature
from countermand.correspondence.wire import Sealed, seal
from countermand.events.following import follow
from countermand.events.record import event, record

log = logging.getLogger(__name__)

BY = "worker"
AS_SENT = ("recipient", "subject", "text", "html", "message_id")
AUTOMATIC = [("Auto-Submitted", "auto-generated")]
# Two days of patience with a mail server, then a person hears of it.
BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960)
# Mails that have left are shown as sent after so long at the latest, however slow the server.
SETTLED_WITHIN_SECONDS = 0.5
# Room for one more mail (its time-outs) before somebody else may take the batch for abandoned.
SPARE_SECONDS = 90


Going = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Drained:
    """What a batch touched: whose story may be over now, and how many rows were taken."""

    cancellations: set[UUID]
    reimbursements: set[UUID]
    count: int


def drain(*, at: datetime, going: Going = lambda: True) -> Drained:
    """This will carry one batch of due messages through. `going` False: finish the mail in hand, leave the rest.

    What a mail server has taken is noted before the next mail leaves, so that a kill can double at most the
    one in hand; histories and what follows are written for many together.
    """
    with transaction.atomic():
        due = claim(at=at)
    if not due:
        return Drained(set(), set(), 0)
    faults.point("message.claimed")
    left = [row for row in due if row["sent_at"]]  # with a worker that died before it wrote the rest
    leaving = [row for row in due if not row["sent_at"] and _way(row) == "smtp"]
    staying = [row for row in due if not row["sent_at"] and _way(row) != "smtp"]
    done = [_outcome(row, SENT, at=row["sent_at"]) for row in left] + [_try(row, at=at) for row in staying]
    written = _write(done, at=at)
    written |= _send(leaving, at=at, going=going)
    told = [row for row in due if row["id"] in written]
    return Drained(
        {row["cancellation_id"] for row in told if row["cancellation_id"]},
        {row["reimbursement_id"] for row in told if row["reimbursement_id"]},
        len(due),
    )


def _send(leaving: list[dict[str, Any]], *, at: datetime, going: Going) -> set[UUID]:
    """Hands mails to the server one after the other; says which are sent or failed now."""
    written: set[UUID] = set()
    done: list[dict[str, Any]] = []
    began = settled = time.monotonic()
    ours = True
    with outgoing.Connection() as connection:
        for row in leaving:
            now = time.monotonic()
            moment = at + timedelta(seconds=now - began)
            if now - settled > SETTLED_WITHIN_SECONDS:
                written |= _write(done, at=moment)
                done, settled = [], now
            if ours and going() and now - began < LEASE_SECONDS - SPARE_SECONDS:
                done.append(_try(row, at=moment, connection=connection))
                faults.point("message.sent")
                # Taken over meanwhile: so is all that was claimed with it, and is sent by somebody else.
                ours = _note(done[-1])
                faults.point("message.noted")
            else:
                done.append(_left(row))
    return written | _write(done, at=at + timedelta(seconds=time.monotonic() - began))


def _way(row: dict[str, Any]) -> str:
    if (
        row["practice"] or row["mode"] == "test"
    ):  # SH-21: practice stays in the house, whatever its channel says
        return "mailbox"
    if settings.EMAIL_HOST:
        return "smtp"
    # The demo shop's mails are for reading on the mailbox page. A real buyer would wait for nothing.
    return "mailbox" if row["merchant_code"] == "demo" else "nowhere"


def mail_of(row: dict[str, Any], *, at: datetime) -> Mail:
    """This will make the mail of a claimed row."""
    if row["kind"] in PLAIN:
        return _plain(row, whole=True)
    return preview(
        kind=row["kind"],
        facts=row["facts"],
        sender=Sender(row["contact_name"], row["shop"], outgoing.answerable(row["reply_to"])),
        name=row["customer_name"],
        language=row["customer_language"],
        on=at.astimezone(ZoneInfo(row["timezone"])).date(),
        own=Own(row["own_subject"], row["own_body"]) if row["own_body"] else None,
    )


def _plain(row: dict[str, Any], *, whole: bool) -> Mail:
    return plain_mail(
        kind=row["kind"],
        facts=row["facts"],
        sender=Sender(row["contact_name"], row["shop"], outgoing.answerable(row["reply_to"])),
        name=row["customer_name"],
        language=row["customer_language"],
        whole=whole,
    )


def _try(
    row: dict[str, Any], *, at: datetime, connection: outgoing.Connection | None = None
) -> dict[str, Any]:
    """One message, one outcome: whatever happens to it, the others of its batch go on."""
    recipient = row["customer_email"].strip()
    if not outgoing.is_address(recipient):
        return _outcome(row, Outcome("failed", "invalid_address" if recipient else "no_address"), at=at)
    if _way(row) == "nowhere":
        return _outcome(row, Outcome("failed", "no_mail_server"), at=at)
    try:
        mail = mail_of(row, at=at)
        outcome = SENT
        identity = outgoing.message_id(row["id"])
        if connection is not None:
            sealed = _sealed(row, mail, recipient=recipient, identity=identity, at=at)
            if row["kind"] in PLAIN:
                mail = _plain(row, whole=False)  # what has left is kept without its secret
            outcome = connection.send(sealed)
    except Exception as error:
        # The kind of error only: its words may hold what the buyer wrote or is called.
        log.error("message %s could not be made: %s", row["id"], type(error).__name__)
        return _outcome(row, Outcome("failed", f"not_sendable {type(error).__name__}"[:100]), at=at)
    as_sent = (recipient, mail.subject[:300], mail.text, mail.html, identity)
    return _outcome(row, outcome, at=at, **dict(zip(AS_SENT, as_sent, strict=True)))


def _sealed(row: dict[str, Any], mail: Mail, *, recipient: str, identity: str, at: datetime) -> Sealed:
    signed = signature(sender=Sender(row["contact_name"], row["shop"]), language=row["customer_language"])
    reply_to = answering.address_of(row["order_id"]) or row["reply_to"]
    return seal(
        mail=mail,
        sender=(signed, outgoing.own_address()),
        recipient=recipient,
        identity=identity,
        reply_to=reply_to if outgoing.is_address(reply_to) else "",
        about=_about(row),
        attachments=attachments(row),
        at=at,
    )


def _about(row: dict[str, Any]) -> list[tuple[str, str]]:
    """What other mail programs are told: that a person wrote it, and what it answers; else that none did."""
    if row["kind"] != WRITTEN:
        return AUTOMATIC
    answers = row["facts"].get("answers", "")
    return [("In-Reply-To", answers), ("References", answers)] if answers else []


def _outcome(row: dict[str, Any], outcome: Outcome, *, at: datetime, **as_sent: str) -> dict[str, Any]:
    written: dict[str, Any] = {"id": row["id"], "tries": row["tries"], "row": row, "untried": False}
    if outcome.state == "planned":
        if row["tries"] > len(BACK_OFF_MINUTES):
            return written | {"state": "failed", "error": outcome.error}
        wait = timedelta(minutes=BACK_OFF_MINUTES[row["tries"] - 1])
        return written | {"state": "planned", "error": outcome.error, "not_before": at + wait}
    written |= {"state": outcome.state, "error": outcome.error, **as_sent}
    return written | ({"sent_at": at} if outcome.state == "sent" else {})


def _note(done: dict[str, Any]) -> bool:
    """Notes that a mail has left, and its words, which need not be written again; False where it is no longer ours."""
    if done["state"] != "sent":
        return True
    fence = {"id": done["id"], "tries": done["tries"], "sent_at": done["sent_at"]}
    return note(fence | {name: done.pop(name) for name in AS_SENT})


def _left(row: dict[str, Any]) -> dict[str, Any]:
    """Not tried at all: due again at once, as if it had not been claimed."""
    return {
        "id": row["id"],
        "tries": row["tries"],
        "row": row,
        "state": "planned",
        "error": "",
        "untried": True,
    }


@sql.verb
def _write(outcomes: list[dict[str, Any]], *, at: datetime) -> set[UUID]:
    """Writes outcomes with their history; says which messages are sent or failed now."""
    if not outcomes:
        return set()
    ours = settle({name: value for name, value in done.items() if name != "row"} for done in outcomes)
    settled = [done for done in outcomes if done["id"] in ours and done["state"] in ("sent", "failed")]
    record(
        event(
            kind=f"message.{done['state']}",
            merchant_id=done["row"]["merchant_id"],
            at=done.get("sent_at", at),
            by=BY,
            order_id=done["row"]["order_id"],
            subject=("message", done["id"]),
            about=done["row"]["kind"],
            **({"error": done["error"]} if done["error"] else {}),
        )
        for done in settled
    )
    about = {done["row"]["cancellation_id"] for done in settled} - {None}
    if about:
        follow("messages.moved", cancellation_ids=about, at=at)
    faults.point("message.written")
    return {done["id"] for done in settled}
