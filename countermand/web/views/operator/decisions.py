"""« Suspensions »: proposed by the desk, decided by a person, answered to, lifted (RK-10)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from countermand.marketplace import deciding, queries
from countermand.marketplace.states import OPEN
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.beside import beside
from countermand.web.forms.operator import AnswerForm, DecideForm, ReasonForm
from countermand.web.operator_access import operator_page, operator_view
from countermand.web.operator_words import alert_said, step_said
from countermand.web.views.operator.merchants import dressed, paged

FEW = 30
WEEK = timedelta(days=7)


@operator_view("agent")
@require_safe
def suspensions(request: Any) -> HttpResponse:
    """This will list suspensions, the newest first: those that somebody has to decide stand out."""
    every = request.GET.get("vue") == "toutes"
    found = paged(
        request,
        name="operator_suspensions",
        asked={"vue": "toutes" if every else ""},
        read=lambda after, limit: queries.suspensions_page(
            marketplace_id=request.station.marketplace_id,
            states=() if every else OPEN,
            after=after,
            limit=limit,
        ),
        key=lambda one: (one.proposed_at.isoformat(), str(one.id)),
    )
    address = reverse("web:operator_suspensions")
    views = [
        {"label": _("En cours"), "url": address, "current": not every, "count": None},
        {"label": _("Toutes"), "url": "?vue=toutes", "current": every, "count": None},
    ]
    return operator_page(
        request, "web/operator/suspensions.html", room="operator_suspensions", views=views, **found
    )


@operator_view("agent")
@require_safe
def suspension(request: Any, suspension_id: UUID) -> HttpResponse:
    """This will show one suspension with what may be decided now."""
    return _show(request, suspension_id)


@operator_view("manager")
@require_POST
def propose(request: Any, seat_id: UUID) -> HttpResponse:
    """This will put a suspension up for decision by hand."""
    try:
        made = deciding.propose(seat_id=seat_id, **request.station.who)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:operator_seat", seat_id=seat_id)
    return redirect("web:operator_suspension", suspension_id=made.id)


@operator_view("manager")
@require_POST
def decide(request: Any, suspension_id: UUID) -> HttpResponse:
    """This will suspend, from when until when, and why."""
    form = DecideForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        start = said["starts_at"] or datetime.now(UTC)
        asked = {"starts_at": start, "ends_at": said["ends_at"], "reason": said["reason"]}
        deciding.decide(suspension_id=suspension_id, **asked, **request.station.who)

    return _did(
        request, suspension_id, "decide_form", form, act, _("Suspension décidée. Le commerçant est prévenu.")
    )


@operator_view("manager")
@require_POST
def dismiss(request: Any, suspension_id: UUID) -> HttpResponse:
    """This will leave a proposal be."""
    form = ReasonForm(request.POST, prefix="dismiss")

    def act() -> None:
        reason = form.cleaned_data["reason"]
        deciding.dismiss(suspension_id=suspension_id, reason=reason, **request.station.who)

    return _did(request, suspension_id, "dismiss_form", form, act, _("Proposition écartée."))


@operator_view("manager")
@require_POST
def lift(request: Any, suspension_id: UUID) -> HttpResponse:
    """This will end a suspension early."""
    form = ReasonForm(request.POST, prefix="lift")

    def act() -> None:
        reason = form.cleaned_data["reason"]
        deciding.lift(suspension_id=suspension_id, reason=reason, **request.station.who)

    return _did(
        request, suspension_id, "lift_form", form, act, _("Suspension levée. Le commerçant est prévenu.")
    )


@operator_view("manager")
@require_POST
def answer(request: Any, suspension_id: UUID) -> HttpResponse:
    """This will answer what the merchant said."""
    form = AnswerForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        deciding.answer(
            suspension_id=suspension_id,
            lifts=said["lifts"] == "yes",
            text=said["text"],
            **request.station.who,
        )

    return _did(request, suspension_id, "answer_form", form, act, _("Réponse envoyée."))


def _did(
    request: Any, suspension_id: UUID, name: str, form: Form, act: Callable[[], None], said: str
) -> HttpResponse:
    """Acts on a valid form; what is refused stands beside its question, with what was typed."""
    if form.is_valid():
        try:
            act()
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            beside(form, refusal)
        else:
            notices.say(request, said)
            return redirect("web:operator_suspension", suspension_id=suspension_id)
    return _show(request, suspension_id, status=422, **{name: form})


def _show(request: Any, suspension_id: UUID, *, status: int = 200, **forms: Form) -> HttpResponse:
    here = {"marketplace_id": request.station.marketplace_id}
    found, now = queries.suspension(**here, suspension_id=suspension_id), datetime.now(UTC)
    row = queries.seat_row(**here, seat_id=found.seat_id, at=now)
    lasts = found.state in ("decided", "running") and found.ends_at is not None and found.ends_at > now
    end = timezone.localtime(now + WEEK).replace(hour=23, minute=59, second=0, microsecond=0)
    return operator_page(
        request,
        "web/operator/suspension.html",
        room="operator_suspensions",
        status=status,
        suspension=found,
        lasts=lasts,
        appeal_waits=lasts and found.appealed_at is not None and found.answered_at is None,
        # What was crossed then stands beside what is now: a rate that came back is a reason to leave it be.
        alerts=[alert_said(each) for each in queries.alerts_page(**here, seat_id=found.seat_id, limit=5)],
        steps=[step_said(each) for each in queries.journal_page(**here, subject_id=found.id, limit=FEW)],
        **{
            "decide_form": DecideForm(initial={"ends_at": end}),
            "dismiss_form": ReasonForm(prefix="dismiss"),
            "lift_form": ReasonForm(prefix="lift"),
            "answer_form": AnswerForm(),
            **dressed(row),
            **forms,
        },
    )
