"""What was sent back is here: counted, looked at, given back; proved, lost, or not coming after all."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from countermand.approvals.actions import Held
from countermand.money import parse
from countermand.overview import returns as reading
from countermand.payments.facts import Ledger
from countermand.payments.rules import to_give_back
from countermand.refusals import Refusal
from countermand.returns import actions, rules
from countermand.web import approvals, notices, readable, refusal_words, return_words
from countermand.web.access import member_view
from countermand.web.forms.receptions import ProofForm, ReceptionForm
from countermand.web.forms.returns import moment
from countermand.web.pages import page, part
from countermand.web.views.returns import ledger_of


@member_view("refund")
@require_http_methods(["GET", "POST"])
def reception(request: Any, return_id: UUID) -> HttpResponse:
    """This will ask what came and how it was found; do=confirm counts it in, puts it on sale, and gives back."""
    return show_reception(request, return_id)


def show_reception(
    request: Any, return_id: UUID, *, proof_form: ProofForm | None = None, status: int = 200
) -> HttpResponse:
    """This will show a return, with its proof's form that was refused where one was."""
    desk, now = request.desk, datetime.now(UTC)
    found = reading.return_shape(merchant_id=desk.merchant_id, return_id=return_id)
    ledger = ledger_of(desk.merchant_id, UUID(found["order_id"]))
    facts: dict[str, Any] = {
        "found": found,
        "order": ledger.order,
        "platform": ledger.terms.refunds_by != "merchant",
        "letter": _letter(found, ledger),
        "fee_minus": -parse(found["restocking_fee"], currency=ledger.order.currency),
        "proof_form": proof_form or ProofForm(initial={"on": timezone.localdate(now)}),
    }
    if found["state"] not in ("asked", "received"):
        return page(request, "web/returns/over.html", room="orders", status=status, **facts)
    own = request.method == "POST" and proof_form is None
    form = _form(request, found, ledger, own=own)
    confirming = own and form.is_valid() and request.POST.get("do") == "confirm" and not request.htmx
    if confirming and _receive(request, form, found, now):
        return redirect("web:order", order_id=found["order_id"])
    facts |= {"form": form, "rows": form.rows(), **_seen(form, found, ledger)}
    if request.htmx and own:
        return part(request, "web/returns/found.html", **facts)
    return page(
        request, "web/returns/reception.html", room="orders", status=422 if form.errors else status, **facts
    )


@member_view("cancel")
@require_POST
def proved(request: Any, return_id: UUID) -> HttpResponse:
    """This will note that the buyer proved to have sent it."""
    desk, now = request.desk, datetime.now(UTC)
    form = ProofForm(request.POST)
    if form.is_valid():
        try:
            actions.note_proof(
                merchant_id=desk.merchant_id,
                return_id=return_id,
                proof=form.cleaned_data["proof"],
                proof_at=moment(form.cleaned_data["on"], now=now) or now,
                by=desk.by,
                at=now,
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            notices.say(request, gettext("Preuve d'envoi notée."))
            return redirect("web:reception", return_id=return_id)
    return show_reception(request, return_id, proof_form=form, status=422)


@member_view("refund")
@require_POST
def ended(request: Any, return_id: UUID) -> HttpResponse:
    """This will end a return that does not come: withdrawn, lost and kept, or lost and given back."""
    desk, now = request.desk, datetime.now(UTC)
    who: dict[str, Any] = {"merchant_id": desk.merchant_id, "return_id": return_id, "by": desk.by, "at": now}
    do = request.POST.get("do", "")
    try:
        if do == "withdraw":
            found = actions.withdraw_return(**who)
            said = gettext("Retour retiré : le client garde ses articles.")
        elif do in ("lost", "lost_refund"):
            given = actions.lose_return(
                **who, give_back=do == "lost_refund", role=desk.role, held_by=desk.rules
            )
            found = given.found
            if isinstance(given.refund, Held):
                approvals.say_held(request, given.refund)
            said = gettext("Retour noté comme perdu.")
        else:
            return redirect("web:reception", return_id=return_id)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:reception", return_id=return_id)
    notices.say(request, said)
    return redirect("web:order", order_id=found.order_id)


def _form(request: Any, found: dict[str, Any], ledger: Ledger, *, own: bool) -> ReceptionForm:
    counted = found["state"] == "received"
    lines = [line for line in found["lines"] if line["received"] or not counted]
    form = ReceptionForm(request.POST if own else None, ledger=ledger, lines=lines, looked_at=counted)
    # What may never be kept, whatever is found, is not asked; what hangs on the condition is judged as one says it.
    if rules.why_no_fee(
        ledger.terms, kind=found["kind"], reason=found["reason"], conditions=rules.LESS_WORTH
    ):
        form.no_fee()
    return form


def _receive(request: Any, form: ReceptionForm, found: dict[str, Any], now: datetime) -> bool:
    desk = request.desk
    common: dict[str, Any] = {
        "merchant_id": desk.merchant_id,
        "return_id": UUID(found["id"]),
        "verdict": form.verdict(),
        "role": desk.role,
        "held_by": desk.rules,
        "by": desk.by,
        "at": now,
    }
    try:
        done = (
            actions.inspect_return(**common)
            if found["state"] == "received"
            else actions.receive_return(arrived=form.arrived(), **common)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        form.refuse(refusal)
        return False
    if isinstance(done.refund, Held):
        approvals.say_held(request, done.refund)
        return True
    notices.say(request, _said(done, found["order_number"]))
    return True


def _said(done: Any, number: str) -> str:
    found = done.found
    amount = readable.money(found.refund_minor, found.currency)
    facts = {"number": number, "amount": amount}
    if found.state == "received":
        return gettext("Commande %(number)s : retour compté. Il reste à le regarder.") % facts
    if found.refund_minor and found.refund_when == "now":
        return gettext("Commande %(number)s : retour reçu, %(amount)s à rendre.") % facts
    if found.refund_minor:
        return gettext("Commande %(number)s : retour reçu, %(amount)s restent à rembourser.") % facts
    return gettext("Commande %(number)s : retour reçu.") % facts


def _seen(form: ReceptionForm, found: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    """What follows from what is chosen, worked out as the verb will; the ledger is a copy of our own here."""
    facts: dict[str, Any] = {"why_no_fee": "", "ground": return_words.GROUND[rules.ground(found["kind"])]}
    why = rules.why_no_fee(
        ledger.terms, kind=found["kind"], reason=found["reason"], conditions=form.conditions()
    )
    facts["why_no_fee"] = return_words.NO_FEE.get(why, "")
    if form.is_bound and not hasattr(form, "cleaned_data"):
        form.is_valid()
    named = form._named()
    if not named:
        return facts | {"refused": gettext("Rien n'est arrivé : dites combien d'unités.")}
    known = {line.reference: line for line in ledger.lines}
    came = []
    for reference, units, condition in named:
        line = known[reference]
        if form.counted:
            amount = max(0, min(line.gone_worth - line.given, _amount(found, reference, ledger)))
        else:
            units = min(units, line.shipped - line.returned)
            worth = rules.freed(line, units)
            line.returned += units
            line.gone_worth += worth.worth
            amount = worth.amount
        came.append((line, units, amount, condition))
    later = any(not condition for *_, condition in came)
    receipt = [(f"{units} × {line.title}", amount) for line, units, amount, _ in came]
    if later:
        return facts | {"receipt": receipt, "look_later": True, "gross": sum(a for *_, a, _ in came)}
    try:
        settled = rules.settle(ledger, came, form.verdict(), kind=found["kind"], reason=found["reason"])
    except Refusal as refusal:
        return facts | {"refused": refusal_words.say(refusal)}
    for label, minor in (
        (gettext("Livraison"), settled.shipping),
        (gettext("Frais de la commande"), settled.fees),
        (gettext("Retenu"), -settled.fee),
    ):
        if minor:
            receipt.append((label, minor))
    order = ledger.order
    order.shipping_released += settled.shipping
    order.fees_released += settled.fees
    order.retained += settled.fee
    refund = min(settled.refund, to_give_back(ledger))
    if refund < settled.refund:
        receipt.append((gettext("Non encaissé, ou déjà rendu"), refund - settled.refund))
    return facts | {
        "receipt": receipt,
        "settled": settled,
        "refund": refund,
        "restocked": sum(settled.restock.values()),
        "units": sum(units for _, units, _, _ in came),
        "tracked": any(line.tracked for line, *_ in came),
    }


def _amount(found: dict[str, Any], reference: str, ledger: Ledger) -> int:
    [line] = [line for line in found["lines"] if line["line"] == reference]
    return parse(line["amount"], currency=ledger.order.currency)


def _letter(found: dict[str, Any], ledger: Ledger) -> str:
    """The ready words that confirm a reception to the customer service, which refunds then."""
    if ledger.terms.refunds_by == "merchant":
        return ""
    came = [line for line in found["lines"] if line["received"]] or found["lines"]
    articles = "\n".join(
        f"- {line['received'] or line['asked']} × {line['title']} ({line['sku']})" for line in came
    )
    said = gettext(
        "Bonjour,\n\nNous avons bien reçu le retour de la commande %(number)s :\n%(articles)s\n\n"
        "Vous pouvez rembourser le client.\n\nCordialement,"
    )
    return said % {"number": found["order_number"], "articles": articles}
