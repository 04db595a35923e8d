"""Verbs of threads: a message comes in, one goes out, a person says that nothing is left to answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from countermand import faults, ids, sql
from countermand.correspondence.models import Message
from countermand.correspondence.outgoing import is_address
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.orders.models import Order
from countermand.payments import ledger
from countermand.refusals import Refusal, fits
from countermand.threads import rules
from countermand.threads.kinds import KINDS
from countermand.threads.models import Entry, Thread
from countermand.threads.queries import writing
from countermand.threads.reading import LONGEST_TEXT

VIAS = ("webhook", "mail", "staff")

# The one thread of an order, made by whoever comes first, and locked against all others.
THREAD = """
INSERT INTO thread (id, merchant_id, order_id, entries, waiting, last_at)
VALUES (%(id)s, %(m)s, %(order)s, 0, 0, %(at)s)
ON CONFLICT (order_id) DO UPDATE SET last_at = thread.last_at
RETURNING id
"""
CAME_IN = """
UPDATE thread SET entries = entries + 1, waiting = waiting + 1, waiting_since = COALESCE(waiting_since, %(at)s),
    last_at = GREATEST(last_at, %(at)s)
WHERE id = %(id)s
"""
WENT_OUT = """
UPDATE thread SET entries = entries + 1, waiting = 0, waiting_since = NULL, last_at = GREATEST(last_at, %(at)s)
WHERE id = %(id)s
"""


class Kept(NamedTuple):
    """A message as it is written down, and whether it was new."""

    entry: Entry
    created: bool


@sql.verb
def take_message(
    *,
    merchant_id: int,
    order_id: UUID,
    text: str,
    via: str,
    source: str | None = None,
    sent_at: datetime | None = None,
    attachments: Sequence[str] = (),
    shortened: bool = False,
    known_sender: bool | None = None,
    mail_id: str = "",
    by: str,
    at: datetime,
) -> Kept:
    """This will write down what the buyer of an order said; the same `source` again is the same message.

    `sent_at` is when the buyer wrote it, never later than `at`. It makes no request: that stays a person's deed.
    Refuses `not_found`, `unknown_means`, `message_required`, `text_too_long`.
    """
    if via not in VIAS:
        raise Refusal("unknown_means", f"one of {', '.join(VIAS)}", field="via")
    said = text.strip()
    if not said and not attachments:
        raise Refusal("message_required", "there is nothing in it", field="text")
    fits(said, field="text", longest=LONGEST_TEXT)
    if not Order.of(merchant_id).filter(id=order_id).exists():
        raise Refusal("not_found", "no such order")
    thread = _thread(merchant_id, order_id, at)
    if known := _known(merchant_id, source):
        return Kept(known, False)
    entry = Entry.of(merchant_id).create(
        merchant_id=merchant_id,
        thread_id=thread,
        order_id=order_id,
        direction="in",
        via=via,
        text=said,
        shortened=shortened,
        attachments=list(attachments),
        known_sender=known_sender,
        answers_mail=mail_id,
        by=by,
        at=min(sent_at or at, at),
        source=source,
    )
    sql.execute(CAME_IN, {"id": thread, "at": entry.at})
    _record("message.received", entry, by=by, at=at, via=via)
    faults.point("take_message.written")
    return Kept(entry, True)


@sql.verb
def write_message(
    *,
    merchant_id: int,
    order_id: UUID,
    kind: str,
    text: str,
    reason: str = "",
    source: str | None = None,
    by: str,
    at: datetime,
) -> Kept:
    """This will send a message to the buyer of an order; the same `source` again is the same message.

    `reason`: why the order would be called off, where that is known; a shortage of the shop's forbids to ask the
    buyer for it. Refuses what `rules.judge` refuses, `not_found`, `message_needs_email`.
    """
    if not ledger.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    thread = _thread(merchant_id, order_id, at)
    if known := _known(merchant_id, source):
        return Kept(known, False)
    said = text.replace("\r\n", "\n").strip()
    found = writing(merchant_id=merchant_id, order_id=order_id, at=at)
    rules.judge(found.terms, found.facts, kind, said, reason=reason)
    if not is_address(found.email):
        raise Refusal("message_needs_email", "the order has no address to write to")
    mail = Message.across_merchants.create(
        id=ids.new(),
        merchant_id=merchant_id,
        order_id=order_id,
        kind="reply",
        facts={"number": found.number, "text": said, "answers": found.last_mail},
        state="planned",
        not_before=at,
        created_at=at,
    )
    entry = Entry.of(merchant_id).create(
        merchant_id=merchant_id,
        thread_id=thread,
        order_id=order_id,
        direction="out",
        kind=kind,
        via="mail",
        text=said,
        answers_mail=found.last_mail,
        # The platform's own words are to stay as they are.
        unedited=not KINDS[kind].ready and found.unedited(said),
        reason=reason,
        message_id=mail.id,
        by=by,
        at=at,
        source=source,
    )
    sql.execute(WENT_OUT, {"id": thread, "at": at})
    planned = event(
        kind="message.planned",
        merchant_id=merchant_id,
        at=at,
        by=by,
        order_id=order_id,
        subject=("message", mail.id),
        about="reply",
        entry=str(entry.id),
        message_kind=kind,
    )
    record([planned])
    faults.point("write_message.written")
    ping()
    return Kept(entry, True)


@sql.verb
def set_aside(*, merchant_id: int, order_id: UUID, by: str, at: datetime) -> None:
    """This will say that nothing is left to answer: a thanks, or it was said by phone. Refuses `not_found`."""
    thread = Thread.of(merchant_id).select_for_update(no_key=True).filter(order_id=order_id).first()
    if thread is None:
        raise Refusal("not_found", "nobody has written about this order")
    if not thread.waiting:
        return
    thread.waiting, thread.waiting_since = 0, None
    thread.save(update_fields=["waiting", "waiting_since"])
    told = event(
        kind="message.set_aside",
        merchant_id=merchant_id,
        at=at,
        by=by,
        order_id=order_id,
        subject=("thread", thread.id),
    )
    record([told])


def _thread(merchant_id: int, order_id: UUID, at: datetime) -> UUID:
    found: UUID = sql.tuples(THREAD, {"id": ids.new(), "m": merchant_id, "order": order_id, "at": at})[0][0]
    return found


def _known(merchant_id: int, source: str | None) -> Entry | None:
    # Asked once the thread is locked: two at once with one source come one after the other.
    return Entry.of(merchant_id).filter(source=source).first() if source else None


def _record(kind: str, entry: Entry, *, by: str, at: datetime, **facts: str) -> None:
    told = event(
        kind=kind,
        merchant_id=entry.merchant_id,
        at=at,
        by=by,
        order_id=entry.order_id,
        subject=("entry", entry.id),
        **facts,
    )
    record([told])
