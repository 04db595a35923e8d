"""Giving money back on an order outside a cancellation: shown before it runs (SG-3), then done once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.access.idempotency import once
from countermand.approvals.actions import Held, reimburse_or_hold
from countermand.approvals.rules import may_ask
from countermand.merchants.roles import require
from countermand.overview import refunds as overview
from countermand.payments import ledger as ledgers
from countermand.payments import queries as payments
from countermand.payments import rules
from countermand.refunds.actions import Reimbursed, preview_reimbursement, settle
from countermand.refusals import Refusal
from countermand.web import approvals, notices, readable, refusal_words
from countermand.web.access import Desk, member_view
from countermand.web.beside import beside
from countermand.web.forms.refund import RefundForm, SettleForm
from countermand.web.mails import by_which_way
from countermand.web.pages import page, part


@member_view("refund")
@require_http_methods(["GET", "POST"])
def give_back(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask what goes back and by which way; do=confirm gives back what was shown."""
    desk, now = request.desk, datetime.now(UTC)
    found = ledgers.read(merchant_id=desk.merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    ledger = found[order_id]
    owed = rules.to_give_back(ledger)
    around: dict[str, Any] = {"ledger": ledger, "owed": owed, "goodwill": _goodwill(desk)}
    form = RefundForm(request.POST if request.method == "POST" else None, **around)
    # A part of a page is only ever looked at: a preview on its way carries the button just pressed too.
    confirming = request.POST.get("do") == "confirm" and not request.htmx
    if request.method == "POST" and form.is_valid() and confirming:
        done = _confirm(request, form, order_id, now)
        if done is not None:
            return redirect("web:order", order_id=order_id)
    facts = {"form": form, "order": ledger.order, "owed": owed, "rows": form.rows()}
    facts |= _look(request, form, order_id, now)
    facts["token"] = form.value("token") or uuid4().hex
    if request.htmx:
        return part(request, "web/refunds/side.html", **facts)
    status = 422 if form.errors else 200
    return page(request, "web/refunds/give_back.html", room="orders", status=status, **facts)


@member_view("settle")
@require_http_methods(["GET", "POST"])
def settle_by_hand(request: Any, refund_id: UUID) -> HttpResponse:
    """This will ask when and with what proof a refund was made by hand."""
    desk, now = request.desk, datetime.now(UTC)
    refund = overview.refund_shape(merchant_id=desk.merchant_id, refund_id=refund_id)
    form = SettleForm(request.POST or None, initial={"at": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            settle(
                merchant_id=desk.merchant_id,
                refund_id=refund_id,
                settled_at=form.settled_at(now=now),
                evidence=form.cleaned_data["evidence"],
                by=desk.by,
                at=now,
            )
        except Refusal as refusal:
            beside(form, refusal)
        else:
            notices.say(request, gettext("Remboursement réglé."))
            return redirect("web:order", order_id=refund["order_id"])
    status = 422 if form.errors else 200
    return page(request, "web/refunds/settle.html", room="refunds", status=status, form=form, refund=refund)


def _look(request: Any, form: RefundForm, order_id: UUID, now: datetime) -> dict[str, Any]:
    """What the page shows beside the choices: the movements, or why there are none."""
    if form.is_bound and form.errors and not hasattr(form, "cleaned_data"):
        return {}
    wish = form.wish(at=now, confirming=False)
    try:
        made = preview_reimbursement(merchant_id=request.desk.merchant_id, order_id=order_id, wish=wish)
    except Refusal as refusal:
        # Nothing was chosen yet, where something could be: the page asks for it and refuses nothing.
        unasked = refusal.code == "nothing_to_refund" and not wish.lines and wish.amount in (None, "0")
        open_yet = any(row["left"] for row in form.rows())
        return {"refused": "" if unasked and open_yet else refusal_words.say(refusal)}
    digits = payments.last_digits(merchant_id=request.desk.merchant_id, order_id=order_id)
    return {"made": made, "goes": _goes(made, now, digits), "seen": form.digest(made.amount_minor)}


def _confirm(request: Any, form: RefundForm, order_id: UUID, now: datetime) -> UUID | None:
    """Gives back what was shown, once per page that was opened; None (and the form says why) otherwise."""
    desk = request.desk
    wish = form.wish(at=now, confirming=True)
    if wish.is_goodwill and not _goodwill(desk):
        require(desk.role, "goodwill")
    held: list[Held] = []

    def act() -> tuple[int, str]:
        made = preview_reimbursement(merchant_id=desk.merchant_id, order_id=order_id, wish=wish)
        if form.value("seen") != form.digest(made.amount_minor):
            raise Refusal("plan_changed", "not what was shown")
        done = reimburse_or_hold(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            wish=wish,
            rules=desk.rules,
            role=desk.role,
            by=desk.by,
            at=now,
        )
        if isinstance(done, Held):
            held[:] = [done]
            return 202, json.dumps({"id": str(done.approval.id)})
        return 201, json.dumps({"id": str(done.id), "amount": done.amount_minor, "currency": done.currency})

    try:
        stored, again = once(
            merchant_id=desk.merchant_id,
            method="WEB",
            path=f"/commandes/{order_id}/rembourser",
            key=form.value("token") or uuid4().hex,
            body={},
            act=act,
        )
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.refuse(refusal)
        return None
    answer = json.loads(stored.answer)
    if held:
        approvals.say_held(request, held[0])
    elif again and stored.status == 202:
        notices.say(request, gettext("La demande attend déjà sa validation."), tone="info")
    elif again:
        notices.say(request, gettext("C'est déjà fait : un remboursement, pas deux."), tone="info")
    else:
        by_hand = wish.method == "manual"
        said = (
            gettext("%(amount)s à régler à la main : notez ensuite la date et la preuve.")
            if by_hand
            else gettext("%(amount)s à rendre : le remboursement part.")
        )
        notices.say(request, said % {"amount": readable.money(answer["amount"], answer["currency"])})
    return UUID(answer["id"])


def _goodwill(desk: Desk) -> bool:
    """Who may grant goodwill, or ask for it because somebody looks at it first (SH-12)."""
    return desk.allows("goodwill") or may_ask(desk.rules, role=desk.role, kind="goodwill")


def _goes(made: Reimbursed, now: datetime, digits: Mapping[UUID, str]) -> list[str]:
    return [
        by_which_way(
            *(readable.money(part.amount_minor, made.currency), part.method, part.share.method, now),
            digits.get(part.share.id, ""),
        )
        for part in made.parts
    ]
