"""« Motifs »: the merchant's own words under each kind of reason (SH-6)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.correspondence import reasons as verbs
from countermand.reasons import FAMILIES, REASONS
from countermand.web import notices, words
from countermand.web.access import member_view
from countermand.web.forms.settings import WordingForm
from countermand.web.pages import page
from countermand.web.views.settings.asked import did, took, who

FIELDS = ("reason", "label_fr", "label_en", "words_fr", "words_en", "active")


@member_view("settings")
@require_safe
def wordings(request: Any) -> HttpResponse:
    """This will list the families with the merchant's wordings under each."""
    known = verbs.all_wordings(merchant_id=request.desk.merchant_id)
    groups = [
        {
            "family": words.FAMILY[family],
            "kinds": [words.REASON[code] for code, kind in REASONS.items() if kind.family == family],
            "own": [each for each in known if REASONS[each.reason].family == family],
        }
        for family in FAMILIES
    ]
    return page(request, "web/settings/wordings.html", room="settings", groups=groups, any=bool(known))


@member_view("settings")
@require_http_methods(["GET", "POST"])
def new_wording(request: Any) -> HttpResponse:
    """This will add a wording."""
    form = WordingForm(request.POST if request.method == "POST" else None)
    del form.fields["active"]
    if request.method == "POST" and took(
        form, lambda: verbs.add_wording(**form.cleaned_data, **who(request))
    ):
        notices.say(request, gettext("Motif ajouté : l'équipe le trouve dans la liste."))
        return redirect("web:wordings")
    return _form(request, form)


@member_view("settings")
@require_http_methods(["GET", "POST"])
def wording(request: Any, wording_id: UUID) -> HttpResponse:
    """This will change a wording, or put it away."""
    known = verbs.wording_of(merchant_id=request.desk.merchant_id, wording_id=wording_id)
    initial = {name: getattr(known, name) for name in FIELDS}
    form = WordingForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and took(
        form, lambda: verbs.change_wording(wording_id=wording_id, **form.cleaned_data, **who(request))
    ):
        notices.say(request, gettext("Motif changé."))
        return redirect("web:wordings")
    return _form(request, form, known=known)


@member_view("settings")
@require_POST
def move_wording(request: Any, wording_id: UUID) -> HttpResponse:
    """This will move a wording one place up or down."""
    up = request.POST.get("to") == "up"
    did(
        request,
        lambda: verbs.move_wording(wording_id=wording_id, up=up, **who(request)),
        gettext("Ordre changé."),
    )
    return redirect("web:wordings")


def _form(request: Any, form: WordingForm, known: Any = None) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, "web/settings/wording.html", room="settings", status=status, form=form, known=known)
