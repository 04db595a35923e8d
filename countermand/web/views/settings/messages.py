"""« Messages » among the settings: the shop's own texts, and the secrets with which channels hand messages in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.channels.queries import channels
from countermand.threads import own
from countermand.threads.keys import make_key
from countermand.threads.queries import inbound_keys, own_text, own_texts
from countermand.web import message_words, notices
from countermand.web.access import member_view
from countermand.web.forms.messages import ReplyTextForm
from countermand.web.pages import page
from countermand.web.views.settings.asked import did, took, who

FIELDS = ("name", "kind", "language", "body")


@member_view("settings")
@require_safe
def reply_texts(request: Any) -> HttpResponse:
    """This will list the shop's own texts."""
    found = own_texts(merchant_id=request.desk.merchant_id)
    rows = [{"text": each, "kind": message_words.KIND[each.kind]} for each in found]
    return page(request, "web/settings/reply_texts.html", room="settings", rows=rows)


@member_view("settings")
@require_http_methods(["GET", "POST"])
def reply_text_new(request: Any) -> HttpResponse:
    """This will keep a new text."""
    form = ReplyTextForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and took(form, lambda: own.keep_text(**form.cleaned_data, **who(request))):
        notices.say(request, gettext("Texte gardé : l'équipe le trouve au-dessus de la réponse."))
        return redirect("web:reply_texts")
    return _form(request, form)


@member_view("settings")
@require_http_methods(["GET", "POST"])
def reply_text(request: Any, text_id: UUID) -> HttpResponse:
    """This will change a text."""
    known = own_text(merchant_id=request.desk.merchant_id, text_id=text_id)
    initial = {name: getattr(known, name) for name in FIELDS}
    form = ReplyTextForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and took(
        form, lambda: own.keep_text(text_id=text_id, **form.cleaned_data, **who(request))
    ):
        notices.say(request, gettext("Texte changé."))
        return redirect("web:reply_texts")
    return _form(request, form, known=known)


@member_view("settings")
@require_POST
def reply_text_drop(request: Any, text_id: UUID) -> HttpResponse:
    """This will put a text away."""
    own_text(merchant_id=request.desk.merchant_id, text_id=text_id)
    did(request, lambda: own.drop_text(text_id=text_id, **who(request)), gettext("Texte retiré."))
    return redirect("web:reply_texts")


@member_view("tokens")
@require_safe
def inbound(request: Any) -> HttpResponse:
    """This will say how each channel hands messages in."""
    return _inbound(request)


@member_view("tokens")
@require_POST
def inbound_key(request: Any, code: str) -> HttpResponse:
    """This will make a channel's secret and show it: the only time that anybody sees it."""
    desk = request.desk
    made = make_key(merchant_id=desk.merchant_id, code=code, by=desk.by, at=datetime.now(UTC))
    answer = _inbound(request, secret=made.secret, made_for=made.key.channel_id, status=201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _inbound(
    request: Any, *, secret: str = "", made_for: UUID | None = None, status: int = 200
) -> HttpResponse:
    desk = request.desk
    known = inbound_keys(merchant_id=desk.merchant_id)
    rows = [
        {
            "channel": each,
            "key": known.get(each.id),
            "secret": secret if each.id == made_for else "",
            "url": f"{settings.PUBLIC_URL}/api/v1/inbound/{each.code}/messages?merchant={desk.merchant.code}",
        }
        for each in channels(merchant_id=desk.merchant_id)
    ]
    facts = {"rows": rows, "domain": settings.INBOUND_DOMAIN}
    return page(request, "web/settings/inbound.html", room="settings", status=status, **facts)


def _form(request: Any, form: ReplyTextForm, known: Any = None) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(
        request, "web/settings/reply_text.html", room="settings", status=status, form=form, known=known
    )
