"""« Webhooks »: programs that are told what happens, each delivery with what was sent and what came back."""

from datetime import UTC, datetime
from json import dumps, loads
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from countermand.overview import cursors
from countermand.refusals import Refusal
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.webhooks import FAMILIES, WebhookForm
from countermand.web.pages import page
from countermand.webhooks import actions, queries
from countermand.webhooks.models import Webhook

SHOWN = 25


@member_view("tokens")
@require_safe
def webhooks(request: Any) -> HttpResponse:
    """This will list the subscriptions, and ask for one more."""
    return _list(request)


@member_view("tokens")
@require_POST
def subscribe(request: Any) -> HttpResponse:
    """This will make a subscription and show its secret: the only time that anybody sees it."""
    form = WebhookForm(request.POST)
    if not form.is_valid():
        return _list(request, form=form, status=422)
    try:
        made = actions.subscribe(**_who(request), **form.cleaned_data)
    except Refusal as refusal:
        beside(form, refusal)
        return _list(request, form=form, status=422)
    return _one(request, made.webhook, secret=made.secret, status=201)


@member_view("tokens")
@require_safe
def webhook(request: Any, webhook_id: UUID) -> HttpResponse:
    """This will show a subscription with its latest deliveries."""
    return _one(request, queries.webhook(merchant_id=request.desk.merchant_id, webhook_id=webhook_id))


@member_view("tokens")
@require_POST
def change_webhook(request: Any, webhook_id: UUID) -> HttpResponse:
    """This will change address and events, stop a subscription, or let it go on."""
    found = queries.webhook(merchant_id=request.desk.merchant_id, webhook_id=webhook_id)
    do = request.POST.get("do", "")
    if do in ("stop", "go_on"):
        actions.change(**_who(request), webhook_id=webhook_id, active=do == "go_on")
        said = gettext("Les envois reprennent là où ils s'étaient arrêtés.")
        notices.say(request, said if do == "go_on" else gettext("Les envois sont arrêtés."))
        return redirect("web:webhook", webhook_id=webhook_id)
    form = WebhookForm(request.POST, known=found.events)
    if form.is_valid():
        try:
            actions.change(**_who(request), webhook_id=webhook_id, **form.cleaned_data)
            notices.say(request, gettext("Webhook changé."))
            return redirect("web:webhook", webhook_id=webhook_id)
        except Refusal as refusal:
            beside(form, refusal)
    return _one(request, found, form=form, status=422)


@member_view("tokens")
@require_POST
def remove_webhook(request: Any, webhook_id: UUID) -> HttpResponse:
    """This will end a subscription for good."""
    actions.remove(**_who(request), webhook_id=webhook_id)
    notices.say(request, gettext("Webhook retiré : il ne reçoit plus rien."))
    return redirect("web:webhooks")


@member_view("tokens")
@require_POST
def rotate_webhook(request: Any, webhook_id: UUID) -> HttpResponse:
    """This will make a new secret and show it once."""
    made = actions.rotate(**_who(request), webhook_id=webhook_id)
    return _one(request, made.webhook, secret=made.secret, status=201)


@member_view("tokens")
@require_POST
def ping_webhook(request: Any, webhook_id: UUID) -> HttpResponse:
    """This will send an event of no consequence."""
    made = actions.try_out(**_who(request), webhook_id=webhook_id)
    notices.say(request, gettext("L'essai part. Rechargez cette page pour lire la réponse."), tone="info")
    return redirect("web:delivery", delivery_id=made.id)


@member_view("tokens")
@require_safe
def delivery(request: Any, delivery_id: UUID) -> HttpResponse:
    """This will show what was sent, and what came back."""
    found = queries.delivery(merchant_id=request.desk.merchant_id, delivery_id=delivery_id)
    sent = dumps(loads(found.payload), ensure_ascii=False, indent=2)
    return page(request, "web/webhooks/delivery.html", room="settings", delivery=found, sent=sent)


@member_view("tokens")
@require_POST
def resend(request: Any, delivery_id: UUID) -> HttpResponse:
    """This will send a delivery once more."""
    try:
        actions.send_again_delivery(**_who(request), delivery_id=delivery_id)
        notices.say(request, gettext("L'envoi repart, avec le même identifiant."))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, gettext("Cet envoi est en route. Attendez sa réponse."), tone="attention")
    return redirect("web:delivery", delivery_id=delivery_id)


def _who(request: Any) -> dict[str, Any]:
    return {"merchant_id": request.desk.merchant_id, "by": request.desk.by, "at": datetime.now(UTC)}


def _list(request: Any, *, form: WebhookForm | None = None, status: int = 200) -> HttpResponse:
    found = queries.webhooks(merchant_id=request.desk.merchant_id)
    rows = [{"webhook": each, "events": _said(each.events)} for each in found]
    asked = form or WebhookForm(initial={"events": ["*"]})
    return page(request, "web/webhooks/list.html", room="settings", status=status, rows=rows, form=asked)


def _one(
    request: Any, found: Webhook, *, form: WebhookForm | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    merchant_id = request.desk.merchant_id
    asked = ["web deliveries", merchant_id, str(found.id)]
    before = cursors.read(request.GET["apres"], asked=asked)[0] if request.GET.get("apres") else None
    rows = queries.deliveries(merchant_id=merchant_id, webhook_id=found.id, before=before, limit=SHOWN + 1)
    following = cursors.make(place=[str(rows[SHOWN - 1].id)], asked=asked) if len(rows) > SHOWN else ""
    answer = page(
        request,
        "web/webhooks/one.html",
        room="settings",
        status=status,
        webhook=found,
        form=form or WebhookForm(initial={"url": found.url, "events": found.events}, known=found.events),
        secret=secret,
        rows=rows[:SHOWN],
        after_url=f"?apres={following}" if following else "",
        first_url=request.path if before else "",
    )
    if secret:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _said(events: list[str]) -> str:
    return ", ".join(str(FAMILIES.get(kind, kind)) for kind in events)
