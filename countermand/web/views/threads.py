"""« Messages »: what buyers and the shop write to each other, one thread per order (AZ-20)."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.overview.threads import thread_page, threads
from countermand.refusals import Refusal
from countermand.threads import rules
from countermand.threads.actions import set_aside, take_message, write_message
from countermand.threads.kinds import CANCELLATION, KINDS
from countermand.threads.queries import Writing, writing
from countermand.web import message_words, notices, todo_words
from countermand.web.access import forbidden, member_view
from countermand.web.forms.messages import CameInForm, ReplyForm
from countermand.web.pages import page, part

ROWS = 30
ENTRIES = 50
LATEST = 3


@member_view("read")
@require_safe
def messages(request: Any) -> HttpResponse:
    """This will list the threads: those that wait for an answer, or all."""
    waiting = request.GET.get("vue") != "toutes"
    try:
        found = threads(
            merchant_id=request.desk.merchant_id,
            only_waiting=waiting,
            limit=ROWS,
            cursor=request.GET.get("apres") or None,
        )
    except Refusal:
        return redirect("web:messages")
    here = {} if waiting else {"vue": "toutes"}
    return page(
        request,
        "web/threads/list.html",
        room="messages",
        waiting=waiting,
        rows=found["items"],
        tabs=[
            {"label": gettext("Sans réponse"), "url": "?", "current": waiting},
            {"label": gettext("Tous"), "url": "?vue=toutes", "current": not waiting},
        ],
        after_url="?" + urlencode({**here, "apres": found["next"]}) if found["next"] else "",
        first_url="?" + urlencode(here) if request.GET.get("apres") else "",
    )


@member_view("read")
@require_http_methods(["GET", "POST"])
def thread(request: Any, order_id: UUID) -> HttpResponse:
    """This will show the thread of an order with the box to answer in, and send what was written."""
    if request.method != "POST":
        return _show(request, order_id)
    desk, now = request.desk, datetime.now(UTC)
    if not desk.allows("contact"):
        return forbidden(request, "contact")
    found = writing(merchant_id=desk.merchant_id, order_id=order_id, at=now)
    form = ReplyForm(request.POST, kinds=_kinds(found))
    if form.is_valid():
        said = form.cleaned_data
        try:
            kept = write_message(
                merchant_id=desk.merchant_id,
                order_id=order_id,
                kind=said["kind"],
                text=said["text"],
                source=f"page:{said['key']}",
                by=desk.by,
                at=now,
            )
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            form.add_error(
                refusal.field if refusal.field in form.fields else "text", message_words.refused(refusal)
            )
        else:
            told = gettext("Message envoyé.")
            if kept.entry.unedited:
                told += " " + gettext("C'était le modèle tel quel : un mot personnel touche davantage.")
            notices.say(request, told)
            return redirect("web:thread", order_id=order_id)
    return _show(request, order_id, status=422, form=form)


@member_view("read")
@require_safe
def latest(request: Any, order_id: UUID) -> HttpResponse:
    """This will show the last words of a thread, for the order's page."""
    found = thread_page(merchant_id=request.desk.merchant_id, order_id=order_id, limit=LATEST)
    return part(
        request,
        "web/threads/latest.html",
        thread=found,
        waits=_waits(found),
        entries=_entries(found),
        order=found["order"],
    )


@member_view("contact")
@require_POST
def came_in(request: Any, order_id: UUID) -> HttpResponse:
    """This will note a message that the buyer sent another way."""
    form = CameInForm(request.POST)
    if form.is_valid():
        take_message(
            merchant_id=request.desk.merchant_id,
            order_id=order_id,
            text=form.cleaned_data["text"],
            via="staff",
            by=request.desk.by,
            at=datetime.now(UTC),
        )
        notices.say(request, gettext("Message noté. Il attend votre réponse."))
        return redirect("web:thread", order_id=order_id)
    return _show(request, order_id, status=422, in_form=form)


@member_view("contact")
@require_POST
def answered(request: Any, order_id: UUID) -> HttpResponse:
    """This will say that nothing is left to answer."""
    set_aside(
        merchant_id=request.desk.merchant_id, order_id=order_id, by=request.desk.by, at=datetime.now(UTC)
    )
    notices.say(request, gettext("Rien à répondre : le message ne vous attend plus."))
    return redirect("web:thread", order_id=order_id)


@member_view("contact")
@require_POST
def proof(request: Any, order_id: UUID) -> HttpResponse:
    """This will read a message before it is sent: how long it is, what forbids it, and whether it is still a template."""
    found = writing(merchant_id=request.desk.merchant_id, order_id=order_id, at=datetime.now(UTC))
    cancelling = "message" in request.POST
    text = request.POST.get("message" if cancelling else "reply-text", "")[:20_000]
    kind = CANCELLATION if cancelling else request.POST.get("reply-kind", "")
    return part(request, "web/threads/proof.html", proof=_proof(found, kind, text))


def _show(
    request: Any,
    order_id: UUID,
    *,
    status: int = 200,
    form: ReplyForm | None = None,
    in_form: CameInForm | None = None,
) -> HttpResponse:
    desk, now = request.desk, datetime.now(UTC)
    found = writing(merchant_id=desk.merchant_id, order_id=order_id, at=now)
    try:
        thread = thread_page(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            limit=ENTRIES,
            cursor=request.GET.get("avant") or None,
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return redirect("web:thread", order_id=order_id)
    ready = _ready(found)
    chosen = next((each for each in ready if each["name"] == request.GET.get("modele")), None)
    kinds = _kinds(found)
    if form is None:
        initial = {"kind": chosen["kind"] if chosen else kinds[0][0] if kinds else "", "key": uuid4()}
        form = ReplyForm(initial={**initial, "text": chosen["text"] if chosen else ""}, kinds=kinds)
    return page(
        request,
        "web/threads/thread.html",
        room="messages",
        status=status,
        order=thread["order"],
        thread=thread,
        waits=_waits(thread),
        entries=_entries(thread),
        older_url=f"?avant={thread['next']}" if thread["next"] else "",
        form=form,
        in_form=in_form or CameInForm(),
        ready=ready,
        chosen=chosen,
        most=found.terms.message_max,
        proof=_proof(found, str(form["kind"].value()), str(form["text"].value() or "")),
        closed="" if kinds else message_words.why_not(_closed(found)),
        no_address=not found.email and not thread["hidden"],
    )


def _entries(thread: dict[str, Any]) -> list[dict[str, Any]]:
    """What was written, the oldest first, with how each came."""
    return [
        {
            **each,
            "how": message_words.VIA.get(each["via"], ""),
            "what": message_words.KIND.get(each["kind"], ""),
        }
        for each in reversed(thread["items"])
    ]


def _waits(thread: dict[str, Any]) -> str:
    """How long the buyer has been waiting: "5 h"."""
    since = thread["waiting_since"]
    return todo_words.lasting(datetime.fromisoformat(since), datetime.now(UTC)) if since else ""


def _kinds(found: Writing) -> list[tuple[str, Any]]:
    """The kinds that may be sent now, in the order of the terms."""
    allowed = (
        kind for kind in found.terms.message_kinds if not rules.may_write(found.terms, found.facts, kind)
    )
    return [(kind, message_words.KIND[kind]) for kind in allowed]


def _closed(found: Writing) -> str:
    """What stands in the way of every kind of message."""
    return rules.stands_in_the_way(found.terms, found.facts, found.terms.message_kinds[0])


def _ready(found: Writing) -> list[dict[str, Any]]:
    """The texts to begin with; one that may not be sent says why."""
    shown = []
    for each in found.ready():
        because = rules.stands_in_the_way(found.terms, found.facts, each.kind)
        label = each.label or message_words.TEXT[each.name]
        shown.append(
            {
                **each._asdict(),
                "label": label,
                "no": message_words.why_not(because) if because else "",
                "watched": KINDS[each.kind].ready,
            }
        )
    return shown


def _proof(found: Writing, kind: str, text: str) -> dict[str, Any]:
    """What is to be said of a message as it stands."""
    said, most = text.replace("\r\n", "\n").strip(), found.terms.message_max
    left = most - len(said)
    because = ""
    if said and kind != CANCELLATION:
        because = rules.stands_in_the_way(found.terms, found.facts, kind, said)
    # The platform's own words are to stay as they are.
    watched = kind in KINDS and KINDS[kind].ready
    template = not watched and (
        found.unedited(said) or (kind == CANCELLATION and found.unedited(said, kind=CANCELLATION))
    )
    shown = ngettext("%(n)s caractère de reste", "%(n)s caractères de reste", left) % {"n": left}
    over = ngettext("%(n)s caractère de trop", "%(n)s caractères de trop", -left) % {"n": -left}
    return {
        "left": shown if left >= 0 else over,
        "over": left < 0,
        "unedited": bool(said) and template,
        "no": message_words.why_not(because) if because and because != "too_long" else "",
    }
