"""A second person looks (SH-12): the frozen plan, yes or no; cases handed over, taken, done; the rules behind it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from countermand.approvals import actions
from countermand.approvals.rules import may_approve
from countermand.overview.approvals import approval_of
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal
from countermand.web import approvals, notices, refusal_words
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.approvals import DeclineForm, HandOverForm, RuleForm
from countermand.web.pages import page
from countermand.web.views.order import show_order


@member_view("read")
@require_safe
def approval(request: Any, approval_id: UUID) -> HttpResponse:
    """This will show a frozen plan to whoever looks at it."""
    return _show(request, approval_id)


def _show(
    request: Any, approval_id: UUID, *, status: int = 200, form: DeclineForm | None = None
) -> HttpResponse:
    desk = request.desk
    shape = approval_of(merchant_id=desk.merchant_id, approval_id=approval_id)
    mine = shape["asked_by"] == desk.by
    waiting = shape["state"] == "waiting"
    facts = {
        "shape": shape,
        "mine": mine,
        "waiting": waiting,
        "may": waiting and not mine and may_approve(desk.role, approver=shape["approver"]),
        "outcome": approvals.OUTCOME[shape["state"]],
        "why": approvals.why(shape["why"], currency=shape["currency"]),
        "receipt": approvals.receipt(shape),
        "goes": approvals.goes(shape),
        "follows": approvals.follows(shape),
        "rate": approvals.rate(shape),
        "approver": approvals.BY_APPROVER[shape["approver"]],
        "refused": refusal_words.say(Refusal(shape["refusal"])) if shape["refusal"] else "",
        "form": form or DeclineForm(),
    }
    return page(request, "web/approvals/page.html", room="to_do", status=status, **facts)


@member_view("approve")
@require_POST
def approve(request: Any, approval_id: UUID) -> HttpResponse:
    """This will do what was asked; where facts moved, the plan is made anew and shown."""
    desk, now = request.desk, datetime.now(UTC)
    here: dict[str, Any] = {
        "merchant_id": desk.merchant_id,
        "approval_id": approval_id,
        "by": desk.by,
        "at": now,
    }
    try:
        done = actions.approve(**here, role=desk.role, rate_of=rate_of)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        if refusal.code in actions.NOT_THE_FACTS:
            notices.say(request, refusal_words.say(refusal), tone="attention")
            return redirect("web:approval", approval_id=approval_id)
        new = actions.renew(**here, rules=desk.rules, rate_of=rate_of)
        if new.state == "waiting":
            said = gettext(
                "La commande a changé depuis la demande. Voici le plan d'aujourd'hui : relisez, puis validez."
            )
        else:
            said = gettext("La commande a changé : ce n'est plus possible. Rien n'a été fait.")
        notices.say(request, said, tone="attention")
        return redirect("web:approval", approval_id=new.id)
    notices.say(request, gettext("C'est validé : c'est fait, et qui a demandé le saura."))
    return redirect("web:order", order_id=done.order_id)


@member_view("approve")
@require_POST
def decline(request: Any, approval_id: UUID) -> HttpResponse:
    """This will turn down what was asked."""
    desk, form = request.desk, DeclineForm(request.POST)
    if not form.is_valid():
        return _show(request, approval_id, status=422, form=form)
    return _then(
        request,
        approval_id,
        lambda: actions.decline(
            merchant_id=desk.merchant_id,
            approval_id=approval_id,
            note=form.cleaned_data["note"],
            by=desk.by,
            role=desk.role,
            at=datetime.now(UTC),
        ),
        gettext("C'est refusé : rien n'est parti, et qui a demandé le saura."),
    )


@member_view("cancel")
@require_POST
def withdraw(request: Any, approval_id: UUID) -> HttpResponse:
    """This will take one's own question back."""
    desk = request.desk
    return _then(
        request,
        approval_id,
        lambda: actions.withdraw(
            merchant_id=desk.merchant_id, approval_id=approval_id, by=desk.by, at=datetime.now(UTC)
        ),
        gettext("Demande retirée : rien n'est parti."),
    )


@member_view("read")
@require_POST
def seen(request: Any, approval_id: UUID) -> HttpResponse:
    """This will note that who asked has read the outcome."""
    desk = request.desk
    try:
        actions.acknowledge(
            merchant_id=desk.merchant_id, approval_id=approval_id, by=desk.by, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    return redirect("web:to_do")


@member_view("contact")
@require_POST
def hand_over(request: Any, order_id: UUID) -> HttpResponse:
    """This will hand a case over with a note."""
    desk, form = request.desk, HandOverForm(request.POST, desk=request.desk)
    if form.is_valid():
        try:
            actions.hand_over(
                merchant_id=desk.merchant_id,
                order_id=order_id,
                note=form.cleaned_data["note"],
                by=desk.by,
                at=datetime.now(UTC),
                **form.chosen(),
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            beside(form, refusal)
        else:
            notices.say(request, gettext("C'est transmis : cela attend dans « À traiter »."))
            return redirect("web:order", order_id=order_id)
    return show_order(request, order_id, status=422, hand_over_form=form)


@member_view("contact")
@require_POST
def case_take(request: Any, case_id: UUID) -> HttpResponse:
    """This will take a case that was handed over, and open its order."""
    return _case(request, case_id, actions.take, gettext("C'est pour vous. Terminez-le une fois réglé."))


@member_view("contact")
@require_POST
def case_done(request: Any, case_id: UUID) -> HttpResponse:
    """This will note that a case is dealt with."""
    return _case(request, case_id, actions.finish, gettext("Dossier terminé."))


def _case(request: Any, case_id: UUID, verb: Callable[..., Any], said: str) -> HttpResponse:
    desk = request.desk
    try:
        case = verb(
            merchant_id=desk.merchant_id, case_id=case_id, by=desk.by, role=desk.role, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:to_do")
    notices.say(request, said)
    return redirect("web:order", order_id=case.order_id)


def _then(request: Any, approval_id: UUID, act: Callable[[], Any], said: str) -> HttpResponse:
    """A deed on an approval, and back to it; what refuses it is said there."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, said)
    return redirect("web:approval", approval_id=approval_id)


@member_view("read")
@require_safe
def rules(request: Any) -> HttpResponse:
    """This will show what needs a second person."""
    return _rules(request)


@member_view("waive")
@require_POST
def add_rule(request: Any) -> HttpResponse:
    """This will add one rule."""
    desk, form = request.desk, RuleForm(request.POST)
    if form.is_valid():
        try:
            _set(desk, [*desk.rules, form.rule()])
        except Refusal as refusal:
            field = refusal.field.rpartition(".")[2]
            form.add_error(field if field in form.fields else None, refusal_words.say(refusal))
        else:
            notices.say(request, gettext("Règle ajoutée : elle vaut dès maintenant."))
            return redirect("web:approval_rules")
    return _rules(request, form=form, status=422)


@member_view("waive")
@require_POST
def drop_rule(request: Any) -> HttpResponse:
    """This will take one rule away."""
    desk, wanted = request.desk, request.POST.get("rule", "")
    kept = [rule for rule in desk.rules if _name(rule) != wanted]
    if len(kept) < len(desk.rules):
        _set(desk, kept)
        notices.say(request, gettext("Règle retirée. Ce qui attend déjà continue d'attendre."))
    return redirect("web:approval_rules")


def _set(desk: Any, wanted: list[Any]) -> None:
    actions.set_rules(merchant_id=desk.merchant_id, rules=wanted, by=desk.by, at=datetime.now(UTC))


def _name(rule: Any) -> str:
    return "|".join((rule.kind, rule.approver, rule.above, ",".join(rule.reasons), rule.near))


def _rules(request: Any, *, form: RuleForm | None = None, status: int = 200) -> HttpResponse:
    shown = [
        {
            "name": _name(rule),
            "words": approvals.rule_words(rule),
            "approver": approvals.APPROVER[rule.approver],
        }
        for rule in request.desk.rules
    ]
    facts = {"rules": shown, "form": form or RuleForm()}
    return page(request, "web/approvals/rules.html", room="settings", status=status, **facts)
