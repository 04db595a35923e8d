"""Calling off: one page, one question. What follows stands beside every choice; nothing moves before the last button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from countermand.approvals.actions import Held
from countermand.cancellations.actions import Confirmed, RateView, Wish, preview
from countermand.cancellations.may_cancel import judge_order
from countermand.cancellations.planned import Plan
from countermand.cancellations.queries import AlreadyDone, done_by_source
from countermand.cancellations.undo import undo
from countermand.correspondence.reasons import wordings_of
from countermand.orders.requested import left
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.performance.queries import rate_of
from countermand.procedure import queries as procedure
from countermand.procedure.queries import Progress
from countermand.procedure.shipping import cancel_and_ship
from countermand.refusals import Refusal
from countermand.stock.queries import short_skus
from countermand.web import approvals, cancel_texts, dialog, guided, notices, outcome, readable, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.cancel import CancelForm
from countermand.web.forms.steps import ShipForm
from countermand.web.pages import page, part


@dataclass
class Seen:
    """What the page shows beside the choices: the plan, or why there is none."""

    plan: Plan | None = None
    rate: RateView | None = None
    refusal: str = ""


@member_view("cancel")
@require_http_methods(["GET", "POST"])
def cancel(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask what is called off and show what follows; POST do=confirm does it, any other POST works it out anew."""
    return show_cancel(request, order_id)


def show_cancel(request: Any, order_id: UUID, *, status: int = 200, **forms: Any) -> HttpResponse:
    """This will show the three steps; `forms` are those of step one or two that were refused just now."""
    now = datetime.now(UTC)
    ledger = _ledger(request, order_id)
    try:
        judge_order(ledger.order, ledger.lines, ledger.terms, request.desk.role)
    except Refusal as refusal:
        facts = {"order": ledger.order, "why": refusal_words.say(refusal)}
        return page(request, "web/cancel/refused.html", room="orders", status=409, **facts)
    own = request.method == "POST" and not forms
    do, offered = request.POST.get("do", "") if own else "", []
    if do.startswith((cancel_texts.SHOW, cancel_texts.TAKE)):
        offered = cancel_texts.choices(merchant_id=request.desk.merchant_id, order_id=order_id, at=now)
    form = _form(request, ledger, typed=cancel_texts.typed_with(request.POST, offered) if own else None)
    found = procedure.progress(merchant_id=request.desk.merchant_id, order_id=order_id)
    asked = {line.reference for line, _ in form.wanted()}
    left: tuple[str, ...] = ()
    if not own:
        guided.prepare(form, found)
        form.as_asked()
    if own:
        # A line that shipped meanwhile asks for more than is open: said beside it, like any other error.
        valid = form.is_valid()
        # A part of a page is only ever looked at: a preview on its way carries the button just pressed too.
        if valid and request.POST.get("do") == "confirm" and not request.htmx:
            left = _left(request, form, found)
            if not left and isinstance(_confirm(request, form, now), UUID):
                return redirect("web:order", order_id=order_id)
    seen = _look(request, form, now)
    facts = _facts(request, form, seen, found, now)
    # What is exchanged is not called off besides, and its stock is still to be made right.
    chosen = {line.reference for line, _ in form.wanted()} if own else asked
    shown = ",".join(str(line.position) for line in form.open_lines if line.reference in chosen)
    facts["shown"] = shown
    if request.htmx and own and request.POST.get("shown") == shown:
        return part(request, "web/cancel/side.html", **facts)
    facts |= guided.facts(request.desk, ledger, found=found, chosen=chosen, at=now, forms=forms)
    if request.htmx and own:
        return part(request, "web/cancel/side.html", **facts)
    facts |= {"ship_form": ShipForm(request.POST if own else None)}
    facts |= {"texts": offered, "texts_open": do == cancel_texts.SHOW, "there": f"{request.path}#tell"}
    facts |= {"stopped": left, "few": len(form.open_lines) <= guided.FEW_LINES}
    wrong = form.errors or left
    return page(request, "web/cancel/page.html", room="orders", status=422 if wrong else status, **facts)


def _left(request: Any, form: CancelForm, found: Progress) -> tuple[str, ...]:
    """The steps that are still open before this cancel (EM-11). What was done before is not asked again."""
    source = f"web:{form.value('token')}"
    if done_by_source(merchant_id=request.desk.merchant_id, sources=[source]):
        return ()
    return guided.still_open(found, **_about(form))


def _about(form: CancelForm) -> dict[str, Any]:
    return {
        "lines": [line for line, _ in form.wanted()],
        "reason": form.value("reason") or "",
        "initiated_by": form.value("asked_by") or ("buyer" if form.answers else ""),
    }


@member_view("cancel")
@require_POST
def take_back(request: Any, cancellation_id: UUID) -> HttpResponse:
    """This will undo a cancellation within its window."""
    desk, now = request.desk, datetime.now(UTC)
    try:
        ledger = undo(merchant_id=desk.merchant_id, cancellation_id=cancellation_id, by=desk.by, at=now)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        there = request.POST.get("order") or ""
        return redirect("web:order", order_id=there) if _is_uuid(there) else redirect("web:orders")
    said = gettext("Commande %(number)s : annulation retirée, rien n'est parti.")
    notices.say(request, said % {"number": ledger.order.number})
    return redirect("web:order", order_id=ledger.order.id)


def _ledger(request: Any, order_id: UUID) -> Ledger:
    found = ledgers.read(merchant_id=request.desk.merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    return found[order_id]


def _form(request: Any, ledger: Ledger, *, typed: Any) -> CancelForm:
    """The page's questions: answered as `typed`, or as they open where nothing was sent."""
    role = request.desk.role
    wordings = wordings_of(
        merchant_id=request.desk.merchant_id,
        language=request.desk.merchant.language,
        buyer_language=ledger.order.language,
    )
    if typed is not None:
        return CancelForm(typed, ledger=ledger, role=role, wordings=wordings)
    asked = request.GET.getlist("ligne") or request.POST.getlist("ligne")
    lines = [line for line in ledger.lines if line.open]
    short: set[str] = set()
    if "courts" in asked:
        skus = {line.sku for line in lines}
        short = set(short_skus(merchant_id=request.desk.merchant_id, skus=skus))
    return CancelForm(
        ledger=ledger,
        role=role,
        chosen=guided.asked_lines(asked, lines, short=short),
        said_units=guided.asked_units(
            request.GET.getlist("combien") or request.POST.getlist("combien"), lines
        )
        or _as_asked(request, ledger, asked),
        wordings=wordings,
        initial={"token": uuid4().hex, "request": request.GET.get("demande", "")},
    )


def _as_asked(request: Any, ledger: Ledger, named: Sequence[str]) -> dict[int, int]:
    """The units that a buyer asked for, where the page was opened to answer it, or for no line by name (AZ-6)."""
    wanted = request.GET.get("demande", "")
    found = next((each for each in ledger.order.requests if str(each.id) == wanted), None)
    if found is None and not wanted and not named and len(ledger.order.requests) == 1:
        found = ledger.order.requests[0]
    if found is None:
        return {}
    units = left(found, ledger.lines)
    return {line.position: units.get(line.reference, 0) for line in ledger.lines if line.open}


def _confirm(request: Any, form: CancelForm, now: datetime) -> UUID | None:
    """Writes it, once per page that was opened; None (and the form says why) when it may not be done."""
    ledger = form.ledger
    ask = form.ask(at=now, undo_seconds=ledger.terms.undo_seconds, confirming=True)
    source = f"web:{form.value('token') or uuid4().hex}"
    wish = Wish(ledger.order.id, ask, source=source)
    answer = _done(request, form, wish, now)
    if isinstance(answer, Refusal):
        form.moved = answer.code == "plan_changed"  # type: ignore[attr-defined]
        if not form.moved:  # type: ignore[attr-defined]
            form.refuse(answer)
        return None
    if isinstance(answer, Held):
        approvals.say_held(request, answer)
        return answer.approval.id
    if isinstance(answer, AlreadyDone):
        # The second of two presses finds what the first did, and says the same.
        notices.say(request, gettext("C'est déjà fait : une annulation, pas deux."), tone="info")
        return answer.id
    _say(request, answer)
    return answer.id


def _done(request: Any, form: CancelForm, wish: Wish, now: datetime) -> Any:
    """The cancel, and with it the parcel where what is left is to leave at once: both or neither."""
    desk, parcel = request.desk, ShipForm(request.POST)
    carry_out = partial(dialog.carry_out, desk=desk, wish=wish, offer=form.offer(), at=now)
    if not parcel.is_valid() or not parcel.cleaned_data["rest"] or not desk.allows("intake"):
        return carry_out()
    said = {name: parcel.cleaned_data[name] for name in ("carrier", "tracking")}
    common: dict[str, Any] = {"merchant_id": desk.merchant_id, "by": desk.by, "at": now}
    try:
        return cancel_and_ship(order_id=wish.order_id, cancel=carry_out, **common, **said)
    except Refusal as refusal:
        return refusal


def _say(request: Any, done: Confirmed) -> None:
    units = sum(planned.quantity for planned in done.plan.lines)
    text = ngettext(
        "Commande %(number)s : %(units)s article annulé",
        "Commande %(number)s : %(units)s articles annulés",
        units,
    ) % {"number": done.plan.ledger.order.number, "units": units}
    if done.plan.refund and done.plan.when == "now":
        amount = readable.money(done.plan.refund, done.plan.ledger.order.currency)
        text += gettext(", %(amount)s à rendre") % {"amount": amount}
    back = reverse("web:undo", kwargs={"cancellation_id": done.id}) if done.plan.undo_until else ""
    notices.say(request, text, undo_url=back)


def _look(request: Any, form: CancelForm, now: datetime) -> Seen:
    if form.is_bound and not form.is_valid() and not form.open_lines:
        return Seen()
    if not form.wanted():
        return Seen(refusal=gettext("Choisissez au moins un article à annuler."))
    ask = form.ask(at=now, undo_seconds=form.ledger.terms.undo_seconds, confirming=False)
    try:
        plan, rate = preview(
            merchant_id=request.desk.merchant_id,
            order_id=form.ledger.order.id,
            ask=ask,
            at=now,
            rate_of=rate_of,
            # Where it moved just now, it is read anew.
            ledger=None if getattr(form, "moved", False) else form.ledger,
        )
    except Refusal as refusal:
        return Seen(refusal=refusal_words.say(refusal))
    return Seen(plan, rate)


def _facts(request: Any, form: CancelForm, seen: Seen, found: Progress, now: datetime) -> dict[str, Any]:
    plan, order = seen.plan, form.ledger.order
    # Marked as needed only now: a preview goes on without it, and the verb asks for it by name.
    form.fields["message"].required = form.ledger.terms.message_required
    facts: dict[str, Any] = {
        "form": form,
        "rows": form.rows(),
        "order": order,
        "open_units": sum(line.open for line in form.open_lines),
        "plan": plan,
        "refused": seen.refusal,
        "token": form.value("token") or uuid4().hex,
        "platform_refunds": form.ledger.terms.refunds_by != "merchant",
        "refunds_by": form.ledger.terms.refunds_by,
        "choices_digest": form.choices_digest(),
        "still_open": guided.still_open(found, **_about(form)),
    }
    if plan is None:
        return facts
    units = sum(planned.quantity for planned in plan.lines)
    moved = getattr(form, "moved", False)
    facts["ahead"] = approvals.ahead(request.desk, plan, seen.rate)
    chosen_anew = moved and form.value("seen").split("|")[0] != facts["choices_digest"]
    facts |= {
        "units": units,
        "receipt": outcome.receipt(plan),
        "rate": outcome.rate(seen.rate, plan),
        "undo_seconds": plan.ask.undo_seconds,
        "restocked": sum(planned.restock for planned in plan.lines),
        "tracked": any(planned.line.tracked for planned in plan.lines),
        "moved": moved and not chosen_anew,
        "chosen_anew": chosen_anew,
        "seen_before": _seen_before(form) if moved else None,
        "seen": f"{facts['choices_digest']}|{plan.refund}|{units}",
    }
    facts |= dialog.shown(
        desk=request.desk, plan=plan, message=form.value("message"), offer=form.offer(), at=now
    )
    if not form.value("reason"):
        facts.pop("mail", None)  # without its reason the mail would say another's
    return facts


def _seen_before(form: CancelForm) -> dict[str, int] | None:
    _, _, rest = str(form.value("seen")).partition("|")
    refund, _, units = rest.partition("|")
    if refund.isdigit() and units.isdigit():
        return {"refund": int(refund), "units": int(units)}
    return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
