"""Carrying messages through: due rows are claimed, made into mails, handed over, and written down.

A mail is either handed to the SMTP server or kept in the local mailbox, which is the message row
itself as sent. What belongs to a channel in test mode never leaves the machine.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from countermand import faults, sql
from countermand.correspondence import answering, outgoing
from countermand.correspondence.claims import LEASE_SECONDS, claim, settle
from countermand.correspondence.filling import Own
from countermand.correspondence.outgoing import SENT, Outcome
from countermand.correspondence.plain import KINDS as PLAIN
from countermand.correspondence.plain import WRITTEN, attachments, plain_mail
from countermand.correspondence.rendering import Mail, Sender, preview, signature
from countermand.events.following import follow
from countermand.events.record import event, record

log = logging.getLogger(__name__)

BY = "worker"
# Two days of patience with a mail server, then a person hears of it.
BACK_OFF_MINUTES = (1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 960)
# Room for one more mail (its time-outs) before somebody else may take the batch for abandoned.
SPARE_SECONDS = 90


Going = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Drained:
    """What a batch touched: whose story may be over now, and how many rows were taken."""

    cancellations: set[UUID]
    reimbursements: set[UUID]
    count: int


class Written(NamedTuple):
    """Of the messages whose outcomes were to be written: those that nobody had taken over, and those settled."""

    ours: set[UUID]
    told: set[UUID]


def drain(*, at: datetime, going: Going = lambda: True) -> Drained:
    """This will carry one batch of due messages through. `going` False: finish the mail in hand, leave the rest.

    Kept mails are written down together, for nothing of them is outside; a mail that was handed to
    a server is written down at once, so that a kill can double at most the one in hand.
    """
    with transaction.atomic():
        due = claim(at=at)
    if not due:
        return Drained(set(), set(), 0)
    faults.point("message.claimed")
    began = time.monotonic()
    kept = [row for row in due if _way(row) != "smtp"]
    leaving = [row for row in due if _way(row) == "smtp"]
    written = _write([_try(row, at=at) for row in kept], at=at).told
    ours = True
    with outgoing.Connection() as connection:
        for row in leaving:
            gone_by = time.monotonic() - began
            moment = at + timedelta(seconds=gone_by)
            if ours and going() and gone_by < LEASE_SECONDS - SPARE_SECONDS:
                done = _try(row, at=moment, connection=connection)
                faults.point("message.sent")
            else:
                done = _left(row)
            outcome = _write([done], at=moment)
            # Taken over meanwhile: so is all that was claimed with it, and is sent by somebody else.
            ours = ours and row["id"] in outcome.ours
            written |= outcome.told
    told = [row for row in due if row["id"] in written]
    return Drained(
        {row["cancellation_id"] for row in told if row["cancellation_id"]},
        {row["reimbursement_id"] for row in told if row["reimbursement_id"]},
        len(due),
    )


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
            message = outgoing.envelope(
                mail=mail,
                recipient=recipient,
                name=signature(
                    sender=Sender(row["contact_name"], row["shop"]), language=row["customer_language"]
                ),
                reply_to=answering.address_of(row["order_id"]) or row["reply_to"],
                identity=identity,
                answers=row["facts"].get("answers", "") if row["kind"] == WRITTEN else None,
            )
            for name, content, kind in attachments(row):
                message.attach(name, content, kind)
            outcome = connection.send(message)
            if row["kind"] in PLAIN:
                mail = _plain(row, whole=False)  # what has left is kept without its secret
    except Exception as error:
        # The kind of error only: its words may hold what the buyer wrote or is called.
        log.error("message %s could not be made: %s", row["id"], type(error).__name__)
        return _outcome(row, Outcome("failed", f"not_sendable {type(error).__name__}"[:100]), at=at)
    as_sent = {
        "recipient": recipient,
        "subject": mail.subject[:300],
        "text": mail.text,
        "html": mail.html,
        "message_id": identity,
    }
    return _outcome(row, outcome, at=at, **as_sent)


def _outcome(row: dict[str, Any], outcome: Outcome, *, at: datetime, **as_sent: str) -> dict[str, Any]:
    written: dict[str, Any] = {"id": row["id"], "tries": row["tries"], "row": row, "untried": False}
    if outcome.state == "planned":
        if row["tries"] > len(BACK_OFF_MINUTES):
            return written | {"state": "failed", "error": outcome.error}
        wait = timedelta(minutes=BACK_OFF_MINUTES[row["tries"] - 1])
        return written | {"state": "planned", "error": outcome.error, "not_before": at + wait}
    written |= {"state": outcome.state, "error": outcome.error, **as_sent}
    return written | ({"sent_at": at} if outcome.state == "sent" else {})


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
def _write(outcomes: list[dict[str, Any]], *, at: datetime) -> Written:
    """Writes outcomes with their history; says which messages were still ours, and are sent or failed now."""
    ours = settle({name: value for name, value in done.items() if name != "row"} for done in outcomes)
    settled = [done for done in outcomes if done["id"] in ours and done["state"] in ("sent", "failed")]
    record(
        event(
            kind=f"message.{done['state']}",
            merchant_id=done["row"]["merchant_id"],
            at=at,
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
    return Written(ours, {done["id"] for done in settled})
