"""« Modèles d'e-mails »: the merchant's own texts, with a preview from a real order and a copy to oneself."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from countermand.correspondence import letters
from countermand.correspondence import templates as verbs
from countermand.correspondence.filling import ONLY_CANCELLATION, VARIABLES, Own, default
from countermand.correspondence.rendering import Mail
from countermand.refusals import Refusal
from countermand.web import notices, words
from countermand.web.access import member_view
from countermand.web.forms.settings import LANGUAGES, TemplateForm
from countermand.web.mails import flowing
from countermand.web.pages import page
from countermand.web.template_words import ABOUT
from countermand.web.views.settings.asked import took, who


@member_view("settings")
@require_safe
def templates(request: Any) -> HttpResponse:
    """This will list the kinds of mail, and in which language the merchant wrote a text of their own."""
    own = verbs.texts_of(merchant_id=request.desk.merchant_id)
    rows = [
        {
            "kind": kind,
            "word": words.MESSAGE[kind],
            "texts": [
                {
                    "language": code,
                    "word": name,
                    "own": own.get((kind, code)),
                    "url": address(kind=kind, language=code),
                }
                for code, name in LANGUAGES
            ],
        }
        for kind in verbs.KINDS
    ]
    return page(request, "web/settings/templates.html", room="settings", rows=rows)


@member_view("settings")
@require_http_methods(["GET", "POST"])
def template(request: Any) -> HttpResponse:
    """This will edit the text that ?mail= and ?langue= name: do=save keeps it, do=test sends it to the reader, do=default lets ours hold again."""
    merchant_id = request.desk.merchant_id
    kind = request.GET.get("mail", verbs.KINDS[0])
    language = request.GET.get("langue", verbs.LANGUAGES[0])
    own = verbs.texts_of(merchant_id=merchant_id).get((kind, language))
    if kind not in verbs.KINDS or language not in verbs.LANGUAGES:
        raise Refusal("not_found", "no such mail")
    what: dict[str, Any] = {"kind": kind, "language": language}
    start = Own(own.subject, own.body) if own else default(**what)
    if request.method == "GET":
        form = TemplateForm(initial=start._asdict())
        return _show(request, form, start, own=own, **what)
    do = request.POST.get("do", "preview")
    if do == "default":
        verbs.drop_template(**what, **who(request))
        notices.say(request, gettext("Notre texte vaut à nouveau."))
        return redirect(address(**what))
    form = TemplateForm(request.POST)
    if do == "save" and took(form, lambda: verbs.write_template(**what, **_texts(form), **who(request))):
        notices.say(request, gettext("Modèle enregistré : les prochains e-mails le suivent."))
        return redirect(address(**what))
    typed = Own(**_texts(form)) if form.is_valid() else start
    return _show(request, form, typed, own=own, send=do == "test", **what)


def address(*, kind: str, language: str) -> str:
    """This will give the address of one text."""
    return f"{reverse('web:template')}?{urlencode({'mail': kind, 'langue': language})}"


def _texts(form: TemplateForm) -> dict[str, Any]:
    return {"subject": form.cleaned_data["subject"], "body": form.cleaned_data["body"]}


def _show(
    request: Any, form: TemplateForm, text: Own, *, own: Any, kind: str, language: str, send: bool = False
) -> HttpResponse:
    mail, number = None, ""
    if not form.errors:
        mail, number = _tried(request, form, text, kind, language)
    if send and mail is not None:
        _to_me(request, mail)
    return page(
        request,
        "web/settings/template.html",
        room="settings",
        status=422 if form.errors else 200,
        form=form,
        own=own,
        kind=kind,
        language=language,
        language_word=dict(LANGUAGES)[language],
        word=words.MESSAGE[kind],
        variables=_variables(kind, language),
        mail={"subject": mail.subject, "text": flowing(mail.text)} if mail else None,
        number=number,
    )


def _tried(request: Any, form: TemplateForm, text: Own, kind: str, language: str) -> tuple[Mail | None, str]:
    merchant = request.desk.merchant
    wanted = (form.cleaned_data.get("number") or "").strip() if form.is_bound else ""
    today = datetime.now(UTC).astimezone(ZoneInfo(merchant.timezone)).date()
    try:
        return verbs.tried(
            merchant_id=merchant.id, kind=kind, language=language, own=text, number=wanted, on=today
        )
    except Refusal as refusal:
        if refusal.field == "number":
            form.add_error(
                "number", gettext("Cette commande n'a pas d'e-mail de ce genre. Essayez-en une autre.")
            )
        else:
            form.refuse(refusal)
        return None, ""


def _to_me(request: Any, mail: Mail) -> None:
    desk = request.desk
    letters.write_letter(
        merchant_id=desk.merchant_id, kind="test", recipient=desk.user.email, mail=mail, at=datetime.now(UTC)
    )
    there = letters.way(desk.merchant)
    said = {
        "smtp": gettext("Un essai part vers %(address)s."),
        "mailbox": gettext("Un essai arrive dans la boîte aux lettres d'ici."),
        "nowhere": gettext("Aucun serveur de courrier n'est réglé : l'essai ne partira pas."),
    }[there]
    notices.say(
        request, said % {"address": desk.user.email}, tone="attention" if there == "nowhere" else "done"
    )


def _variables(kind: str, language: str) -> list[dict[str, Any]]:
    shown = [each for each in VARIABLES if kind == "cancellation" or each.fr not in ONLY_CANCELLATION]
    return [
        {"name": "{" + getattr(each, language) + "}", "about": ABOUT[each.fr], "block": each.block}
        for each in shown
    ]
