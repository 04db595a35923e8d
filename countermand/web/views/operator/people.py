"""« Historique » and « Équipe » of a marketplace: what was done here, and who works here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.marketplace import actions, queries
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.beside import beside
from countermand.web.forms.operator import OperatorForm
from countermand.web.operator_access import CHOSEN, operator_page, operator_view
from countermand.web.operator_words import step_said
from countermand.web.views.operator.merchants import paged


@operator_view("agent")
@require_safe
def journal(request: Any) -> HttpResponse:
    """This will list every step, newest first."""
    found = paged(
        request,
        name="operator_journal",
        asked={},
        read=lambda after, limit: queries.journal_page(
            marketplace_id=request.station.marketplace_id, after=after, limit=limit
        ),
        key=lambda step: (str(step.id),),
    )
    found["rows"] = [step_said(step) for step in found["rows"]]
    return operator_page(request, "web/operator/journal.html", room="operator", **found)


@operator_view("manager")
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: Any) -> HttpResponse:
    """This will list who works here, and give somebody a place."""
    form, status = OperatorForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.add_operator(password=None, **form.cleaned_data, **request.station.who)
            except Refusal as refusal:
                beside(form, refusal)
            else:
                notices.say(request, _("Place donnée : l'invitation part par e-mail."))
                return redirect("web:operator_team")
    return operator_page(request, "web/operator/team.html", room="operator", status=status, form=form)


@operator_view("manager")
@require_POST
def role(request: Any, operator_id: int) -> HttpResponse:
    """This will give a colleague another role."""
    wanted = request.POST.get("role", "")
    return _changed(
        request, lambda: actions.change_operator(operator_id=operator_id, role=wanted, **request.station.who)
    )


@operator_view("manager")
@require_POST
def invite_again(request: Any, operator_id: int) -> HttpResponse:
    """This will write to a colleague once more who has no password yet."""
    return _changed(
        request,
        lambda: actions.invite_operator_again(operator_id=operator_id, **request.station.who),
        said=_("L'invitation repart par e-mail."),
    )


@operator_view("manager")
@require_POST
def remove(request: Any, operator_id: int) -> HttpResponse:
    """This will end a colleague's place."""
    return _changed(request, lambda: actions.remove_operator(operator_id=operator_id, **request.station.who))


@operator_view("agent")
@require_POST
def switch(request: Any) -> HttpResponse:
    """This will work for another marketplace from now on."""
    wanted = request.POST.get("marketplace", "")
    if any(str(each.id) == wanted for each in request.station.others):
        request.session[CHOSEN] = int(wanted)
    return redirect("web:operator")


def _changed(request: Any, act: Any, *, said: str = "") -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, said or _("C'est changé : cela vaut dès le prochain clic."))
    return redirect("web:operator_team")
