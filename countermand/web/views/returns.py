"""After shipping: one plan for what is here and what left, what comes back and how it is found, parcels called back."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from countermand.approvals.actions import Held
from countermand.buyer_requests.actions import take_back
from countermand.buyer_requests.taking_back import parted, units_of, withdrawal_of
from countermand.cancellations.actions import Confirmed, Wish
from countermand.overview import returns as reading
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.performance.queries import rate_of
from countermand.procedure import queries as procedure
from countermand.refusals import Refusal
from countermand.returns import actions
from countermand.returns.asking import free_units
from countermand.web import approvals, dialog, guided, notices, outcome, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.returns import TogetherForm
from countermand.web.pages import page, part

TABS = (
    ("open", "open"),
    ("asked", "asked"),
    ("received", "received"),
    ("inspected", "inspected"),
    ("over", "done,lost,withdrawn"),
)
PAGE = 50


@member_view("read")
@require_safe
def returns(request: Any) -> HttpResponse:
    """This will list returns by what they wait for, newest first."""
    chosen = request.GET.get("etat", "open")
    state = dict(TABS).get(chosen)
    if state is None:
        chosen, state = TABS[0]
    try:
        found = reading.return_list(
            merchant_id=request.desk.merchant_id,
            state=state,
            limit=PAGE,
            cursor=request.GET.get("apres") or None,
        )
    except Refusal as refusal:
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:returns")
    names = {
        "open": gettext("En cours"),
        "asked": gettext("Attendus"),
        "received": gettext("À regarder"),
        "inspected": gettext("À rembourser"),
        "over": gettext("Terminés"),
    }
    tabs = [{"label": names[key], "url": f"?etat={key}", "current": key == chosen} for key, _ in TABS]
    after = f"?etat={chosen}&apres={found['next']}" if found["next"] else ""
    return page(
        request,
        "web/returns/page.html",
        room="orders",
        rows=found["items"],
        tabs=tabs,
        chosen=chosen,
        after_url=after,
        first=not request.GET.get("apres"),
    )


@member_view("cancel")
@require_http_methods(["GET", "POST"])
def together(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask what is called off of the rest and what comes back of what left; do=confirm does both or neither."""
    desk, now = request.desk, datetime.now(UTC)
    ledger = ledger_of(desk.merchant_id, order_id)
    try:
        free, unconfirmed = free_units(ledger)
        if not any(free.values()) and not any(unconfirmed.values()):
            raise Refusal("return_open")
    except Refusal as refusal:
        facts = {"order": ledger.order, "why": refusal_words.say(refusal)}
        return page(request, "web/returns/refused.html", room="orders", status=409, **facts)
    # A buyer who withdraws: the plan is filled in as they asked, and confirming it answers them.
    withdrawal = withdrawal_of(ledger)
    form = TogetherForm(
        request.POST if request.method == "POST" else None,
        ledger=ledger,
        free=free,
        role=desk.role,
        initial={"token": uuid4().hex},
    )
    if withdrawal:
        form.as_asked(withdrawal, parted(ledger, units_of(withdrawal)))
    left: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid() and _confirming(request):
        left = _steps_left(desk.merchant_id, form)
        if not left and _do_both(request, form, now):
            return redirect("web:order", order_id=order_id)
    facts = {"form": form, "order": ledger.order, "stopped": left, "unconfirmed": sum(unconfirmed.values())}
    facts["withdrawal"] = withdrawal
    facts |= _both_seen(request, form, now)
    facts |= {
        "off": form.rows("off"),
        "back_rows": form.rows("back"),
        "token": form.value("token") or uuid4().hex,
    }
    if request.htmx:
        return part(request, "web/returns/side.html", **facts)
    status = 422 if form.errors or left else 200
    return page(request, "web/returns/together.html", room="orders", status=status, **facts)


def _steps_left(merchant_id: int, form: TogetherForm) -> tuple[str, ...]:
    """What EM-11 wants done before units are called off; a return alone asks for nothing first."""
    off = dict(form.units("off"))
    if not off:
        return ()
    found = procedure.progress(merchant_id=merchant_id, order_id=form.ledger.order.id)
    lines = [line for line in form.open_lines if line.reference in off]
    return guided.still_open(
        found, lines=lines, reason=form.value("reason"), initiated_by=form.value("asked_by")
    )


def _both_seen(request: Any, form: TogetherForm, now: datetime) -> dict[str, Any]:
    if form.is_bound and not hasattr(form, "cleaned_data"):
        form.is_valid()
    ask, coming = form.ask(confirming=False), form.coming(now=now, confirming=False)
    if ask is None and coming is None:
        return {"refused": gettext("Choisissez ce qui est annulé et ce qui revient.")}
    try:
        seen = actions.preview_both(
            merchant_id=request.desk.merchant_id,
            order_id=form.ledger.order.id,
            ask=ask,
            coming=coming,
            at=now,
            # A plan reads the ledger, which the form still needs as it is.
            rate_of=rate_of,
        )
    except Refusal as refusal:
        return {"refused": refusal_words.say(refusal)}
    shown = [(f"{each.quantity} × {each.line.title}", each.amount) for each in seen.coming]
    if seen.shipping:
        shown.append((gettext("Livraison"), seen.shipping))
    return {
        "seen": seen,
        "plan": seen.plan,
        "receipt": outcome.receipt(seen.plan) if seen.plan else [],
        "rate": outcome.rate(seen.rate, seen.plan) if seen.plan else None,
        "later": shown,
        "coming": coming,
        "platform": form.ledger.terms.refunds_by != "merchant",
        "stamp": _stamp(seen),
    }


def _stamp(seen: Any) -> str:
    """What was shown, so that a confirm of something else shows the new plan first."""
    plan = seen.plan.digest if seen.plan else ""
    coming = [(each.line.reference, each.quantity, each.amount) for each in seen.coming]
    return sha256(repr((plan, coming, seen.shipping)).encode()).hexdigest()[:24]


def _do_both(request: Any, form: TogetherForm, now: datetime) -> bool:
    desk, order = request.desk, form.ledger.order
    ask, coming = form.ask(confirming=True), form.coming(now=now, confirming=True)
    cancel: Callable[[], Any] | None = None
    if ask is not None:
        wish = Wish(order.id, ask, source=f"web:{form.value('token') or uuid4().hex}")

        def cancel() -> Any:
            return dialog.carry_out(desk=desk, wish=wish, offer=None, at=now)

    try:
        if ask is None and coming is None:
            raise Refusal("invalid_lines", field="lines")
        seen = actions.preview_both(
            merchant_id=desk.merchant_id, order_id=order.id, ask=ask, coming=coming, at=now, rate_of=rate_of
        )
        if form.value("seen") and form.value("seen") != _stamp(seen):
            raise Refusal("plan_changed", "not what was shown")
        both = {"merchant_id": desk.merchant_id, "cancel": cancel, "coming": coming, "by": desk.by, "at": now}
        if form.answers and coming is not None and coming.kind == "withdrawal":
            done = take_back(request_id=form.answers.id, **both)
        else:
            done = actions.cancel_and_return(order_id=order.id, **both)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        form.refuse(refusal)
        return False
    if isinstance(done.cancelled, Held):
        approvals.say_held(request, done.cancelled)
        return True
    undo = ""
    if isinstance(done.cancelled, Confirmed) and done.cancelled.plan.undo_until:
        undo = reverse("web:undo", kwargs={"cancellation_id": done.cancelled.id})
    _say_both(request, order.number, cancelled=ask is not None, asked=done.asked is not None, undo=undo)
    return True


def _say_both(request: Any, number: str, *, cancelled: bool, asked: bool, undo: str) -> None:
    said = gettext("Commande %(number)s : reste annulé, retour attendu.")
    if not asked:
        said = gettext("Commande %(number)s : reste annulé.")
    elif not cancelled:
        said = gettext("Commande %(number)s : retour attendu.")
    notices.say(request, said % {"number": number}, undo_url=undo)


def _confirming(request: Any) -> bool:
    # A part of a page is only ever looked at: a preview on its way carries the button just pressed too.
    return request.POST.get("do") == "confirm" and not request.htmx


def ledger_of(merchant_id: int, order_id: UUID) -> Ledger:
    """This will read an order with its money. Refuses `not_found`."""
    found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    return found[order_id]
