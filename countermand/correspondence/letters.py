"""Letters: mails to colleagues. The row is the queue, as for mails to buyers, and practice never leaves.

A letter with a secret link is kept with `{lien}` in its place; the link is made when the letter leaves.
"""

import logging
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from countermand import faults, heartbeat, sql
from countermand.correspondence import outgoing
from countermand.correspondence.blocks import Paragraph, as_text, one_line
from countermand.correspondence.jobs import AUTOMATIC, BACK_OFF_MINUTES, Going
from countermand.correspondence.models import Letter
from countermand.correspondence.outgoing import SENT, Outcome
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail
from countermand.correspondence.wire import seal
from countermand.correspondence.wording.letters import PHRASES
from countermand.events.following import ask
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.ids import NONE
from countermand.merchants.invitations import link_of
from countermand.merchants.models import Invitation, Merchant

log = logging.getLogger(__name__)

BATCH = 20
LEASE_SECONDS = 300
LINK = "{lien}"
# Letters whose links somebody above makes as they leave; None where what they are about is over.
LINKED = {
    **dict.fromkeys(("sale", "sale_warning", "sale_reminder"), "links_of_sale"),
    "operator": "links_of_operator",
}
BY = "worker"


def invite(*, invitation: Invitation, at: datetime) -> None:
    """This will write the letter of an invitation, in the caller's transaction; one not yet sent is replaced."""
    shop = Merchant.objects.get(id=invitation.merchant_id)
    say = PHRASES["fr" if shop.language == "fr" else "en"]
    name = one_line(shop.name, longest=200)
    who = one_line(invitation.first_name, longest=100)
    paragraphs = [
        Paragraph(say["hello"].format(name=who) if who else say["hello.nobody"]),
        Paragraph(say["invited"].format(shop=name)),
        Paragraph(f"{say['link']}\n{LINK}"),
        Paragraph(say["lasts"]),
    ]
    subject = say["subject"].format(shop=name)
    Letter.of(invitation.merchant_id).filter(subject_id=invitation.id, state="planned").delete()
    write_letter(
        merchant_id=invitation.merchant_id,
        kind="invitation",
        recipient=invitation.email,
        mail=Mail(
            subject,
            as_text(list(paragraphs)),
            as_html(list(paragraphs), language=shop.language, subject=subject, shop=name),
        ),
        about=invitation.id,
        at=at,
    )


@sql.verb
def write_letter(
    *,
    merchant_id: int,
    kind: str,
    recipient: str,
    mail: Mail,
    about: UUID | None = None,
    from_name: str = "",
    reply_to: str = "",
    stays: bool = False,
    at: datetime,
) -> Letter:
    """This will put a letter into the queue. `from_name`, `reply_to`: of who writes, where it is not the merchant."""
    made = Letter.of(merchant_id).create(
        merchant_id=merchant_id,
        kind=kind,
        subject_id=about,
        recipient=recipient,
        subject=mail.subject[:300],
        text=mail.text,
        html=mail.html,
        from_name=from_name,
        reply_to=reply_to,
        stays=stays,
        not_before=at,
        created_at=at,
    )
    ping()
    return made


def drain(*, at: datetime, going: Going = lambda: True) -> int:
    """This will carry one batch of due letters through."""
    due = _claim(at)
    with outgoing.Connection() as connection:
        for letter in due:
            if not going():
                _settle_letter(letter, Outcome("planned"), at=at, untried=True)
                continue
            _settle_letter(letter, _try(letter, connection, at=at), at=at)
    return len(due)


def way(merchant: Merchant) -> str:
    """This will say where a merchant's letters go: smtp, the local mailbox, or nowhere."""
    if merchant.practice_of_id is not None:
        return "mailbox"
    if settings.EMAIL_HOST:
        return "smtp"
    # The demo's shop, and those that sell beside it.
    return "mailbox" if merchant.code == "demo" or merchant.code.startswith("demo-") else "nowhere"


def _claim(at: datetime) -> list[Letter]:
    with transaction.atomic():
        waiting = Letter.across_merchants.select_for_update(skip_locked=True, no_key=True, of=("self",))
        due = list(
            waiting.filter(Q(state="planned") | Q(state="sending", lease_until__lt=at), not_before__lte=at)
            .select_related("merchant")
            .order_by("not_before")[:BATCH]
        )
        for letter in due:
            letter.state, letter.tries = "sending", letter.tries + 1
            letter.lease_until = at + timedelta(seconds=LEASE_SECONDS)
            letter.lease_by = heartbeat.number()
            letter.save(update_fields=["state", "tries", "lease_until", "lease_by"])
    return due


def _try(letter: Letter, connection: outgoing.Connection, *, at: datetime) -> Outcome:
    if not outgoing.is_address(letter.recipient):
        return Outcome("failed", "invalid_address")
    where = "mailbox" if letter.stays else way(letter.merchant)
    if where == "nowhere":
        return Outcome("failed", "no_mail_server")
    try:
        mail = _mail(letter)
        if mail is None:
            return Outcome("failed", "withdrawn")
        if where == "mailbox":
            letter.kept, letter.text, letter.html = True, mail.text, mail.html
            return SENT
        reply_to = letter.reply_to if letter.from_name else letter.merchant.reply_to
        sealed = seal(
            mail=mail,
            sender=(letter.from_name or letter.merchant.name, outgoing.own_address()),
            recipient=letter.recipient,
            identity=outgoing.message_id(letter.id),
            reply_to=reply_to if outgoing.is_address(reply_to) else "",
            about=AUTOMATIC,
            at=at,
        )
        outcome = connection.send(sealed)
        faults.point("letter.sent")
        return outcome
    except Exception as error:
        log.error("letter %s could not be made: %s", letter.id, type(error).__name__)
        return Outcome("failed", f"not_sendable {type(error).__name__}"[:100])


def _mail(letter: Letter) -> Mail | None:
    """The letter as it leaves, its link filled in; None where what it is about is over."""
    if letter.kind in LINKED:
        return _linked(letter)
    if letter.kind != "invitation":
        return Mail(letter.subject, letter.text, letter.html)
    found = Invitation.of(letter.merchant_id).filter(id=letter.subject_id or NONE).first()
    if found is None or found.accepted_at or found.withdrawn_at:
        return None
    link = link_of(found)
    anchor = f'<a href="{escape(link)}">{escape(link)}</a>'
    return Mail(letter.subject, letter.text.replace(LINK, link), letter.html.replace(LINK, anchor))


def _linked(letter: Letter) -> Mail | None:
    """Each `{lien:…}` is an address in the text, and its words as a link in HTML."""
    links = ask(LINKED[letter.kind], merchant_id=letter.merchant_id, subject_id=letter.subject_id)
    if links is None:
        return None
    text, html = letter.text, letter.html
    for place, (address, words) in links.items():
        text = text.replace(place, address)
        html = html.replace(place, f'<a href="{escape(address)}">{escape(words)}</a>')
    return Mail(letter.subject, text, html)


@sql.verb
def _settle_letter(letter: Letter, outcome: Outcome, *, at: datetime, untried: bool = False) -> None:
    """Writes what became of a letter, unless somebody else has it by now (`tries` is the fence)."""
    changes: dict[str, object] = {
        "state": outcome.state,
        "error": outcome.error,
        "lease_until": None,
        "lease_by": None,
    }
    if untried:
        changes["tries"] = letter.tries - 1
    elif outcome.state == "planned":
        if letter.tries > len(BACK_OFF_MINUTES):
            changes["state"] = "failed"
        else:
            changes["not_before"] = at + timedelta(minutes=BACK_OFF_MINUTES[letter.tries - 1])
    elif outcome.state == "sent":
        changes |= {"sent_at": at, "kept": letter.kept}
        if letter.kept:
            changes |= {"text": letter.text, "html": letter.html}
    ours = Letter.of(letter.merchant_id).filter(id=letter.id, state="sending", tries=letter.tries)
    if ours.update(**changes) and changes["state"] in ("sent", "failed"):
        about = ("letter", letter.id)
        facts: dict[str, Any] = {"about": letter.kind, **({"error": outcome.error} if outcome.error else {})}
        told = event(
            kind=f"letter.{changes['state']}",
            merchant_id=letter.merchant_id,
            at=at,
            by=BY,
            subject=about,
            **facts,
        )
        record([told])


def about(*, merchant_id: int, kind: str, ids: list[UUID]) -> dict[UUID, Letter]:
    """This will give the latest letter of a kind about each of some rows."""
    if not ids:
        return {}
    found = Letter.of(merchant_id).filter(kind=kind, subject_id__in=ids).order_by("created_at", "id")
    return {letter.subject_id: letter for letter in found if letter.subject_id}
