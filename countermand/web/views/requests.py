"""« Demandes »: what buyers ask for, recorded by staff, and how each is answered (AZ-5 to AZ-7, AZ-9, RK-8)."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.buyer_requests.actions import (
    decline_request,
    make_official,
    record_request,
    withdraw_request,
)
from countermand.buyer_requests.actions import take_back as take_back_asked
from countermand.buyer_requests.taking_back import coming, propose
from countermand.channels.presets import effective
from countermand.channels.queries import channels
from countermand.orders import permitted
from countermand.overview.requests import request_list, request_of
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal
from countermand.threads import texts
from countermand.web import asked_what_if, notices, refusal_words, request_words
from countermand.web.access import member_view
from countermand.web.forms.requests import DeclineForm, OfficialForm, RequestForm, TakeBackForm, today
from countermand.web.pages import page, part

SHOWN = 50
TABS = (("open", _("À répondre")), ("", _("Toutes")))


@member_view("read")
@require_safe
def requests(request: Any) -> HttpResponse:
    """This will list requests: those that wait first, `?etat=toutes` all; `?suite=` the next page."""
    desk, now = request.desk, datetime.now(UTC)
    state = "" if request.GET.get("etat") == "toutes" else "open"
    asked: dict[str, Any] = {"merchant_id": desk.merchant_id, "state": state, "limit": SHOWN}
    try:
        found = request_list(**asked, cursor=request.GET.get("suite") or None)
    except Refusal:  # a place that is no more: the list begins anew
        found = request_list(**asked)
    terms = {
        channel.code: effective(channel.terms, channel.overrides)
        for channel in channels(merchant_id=desk.merchant_id)
    }
    rows = [_dressed(row, terms[row["channel"]], now) for row in found["items"]]
    kept = {"etat": "toutes"} if not state else {}
    facts: dict[str, Any] = {
        "rows": rows,
        "state": state,
        "tabs": [
            {"label": label, "url": "?" if name else "?etat=toutes", "current": name == state}
            for name, label in TABS
        ],
        "after_url": f"?{urlencode({**kept, 'suite': found['next']})}" if found["next"] else "",
    }
    return page(request, "web/requests/page.html", room="requests", **facts)


@member_view("read")
@require_safe
def request(request: Any, request_id: UUID) -> HttpResponse:
    """This will show a request, what answering it would do, and the ways to answer."""
    return show_request(request, request_id)


def show_request(request: Any, request_id: UUID, *, status: int = 200, **forms: Any) -> HttpResponse:
    """This will show a request's page, with a form that was refused where one was."""
    desk, now = request.desk, datetime.now(UTC)
    row = request_of(merchant_id=desk.merchant_id, request_id=request_id)
    ledger = _ledger(desk.merchant_id, UUID(row["order_id"]))
    terms = ledger.terms
    titles = {line.reference: line.title for line in ledger.lines}
    facts: dict[str, Any] = {
        "asked": _dressed(row, terms, now),
        "wanted": [(titles.get(each["line"], each["line"]), each["quantity"]) for each in row["lines"] or ()],
        "how": request_words.how_to_make_official(terms),
        "case": terms.case_required,
        "decline_form": DeclineForm(),
        "official_form": OfficialForm(
            case=terms.case_required, initial={"requested_at": today(), "case_on": today()}
        ),
        "cancellable": not permitted.why(
            terms,
            permitted.state_of(status=ledger.order.status, verification=ledger.order.verification),
            "cancel",
        ),
        "shipped": any(line.shipped > line.returned for line in ledger.lines),
    }
    if row["state"] == "open" and not row["official"]:
        ready = texts.ready(terms, kind="ask_officially")
        facts["ready_reply"] = ready[0].name if ready and "ask_officially" in terms.message_kinds else ""
    if row["state"] == "open" and row["kind"] == "withdrawal":
        asked = next(each for each in ledger.order.requests if str(each.id) == row["id"])
        facts["proposed"] = propose(ledger, asked)
        facts["back_form"] = TakeBackForm(terms=terms)
        facts["platform"] = terms.refunds_by != "merchant"
        facts["currency"] = ledger.order.currency
    if row["state"] == "open":
        facts |= asked_what_if.of_recorded(desk, ledger, UUID(row["id"]), now, rate_of=rate_of)
    return page(request, "web/requests/request.html", room="requests", status=status, **{**facts, **forms})


@member_view("contact")
@require_http_methods(["GET", "POST"])
def new(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask what the buyer asks for, and say before it is saved whether it is official, and what follows."""
    desk, now = request.desk, datetime.now(UTC)
    ledger = _ledger(desk.merchant_id, order_id)
    order = ledger.order
    state = permitted.state_of(status=order.status, verification=order.verification)
    if code := permitted.why(ledger.terms, state, "request", desk.role):
        why = refusal_words.say(Refusal(code))
        return page(request, "web/requests/refused.html", room="orders", status=409, order=order, why=why)
    form = RequestForm(
        request.POST if request.method == "POST" else None,
        ledger=ledger,
        initial={"token": uuid4().hex, "requested_at": today(), "route": request.GET.get("par", "")},
    )
    if request.method == "POST" and form.is_valid() and request.POST.get("do") == "save" and not request.htmx:
        recorded = _record(request, form, order_id, now)
        if recorded is not None:
            return redirect("web:request", request_id=recorded)
    facts: dict[str, Any] = {
        "form": form,
        "order": order,
        "rows": form.rows(),
        "lines_open": len(form.lines) > 1 or any(line.quantity > 1 for line in form.lines),
        "token": form.value("token") or uuid4().hex,
        "all_sent": not any(line.open for line in ledger.lines),
        **asked_what_if.of_form(desk, ledger, form, now, rate_of=rate_of),
    }
    if request.htmx:
        return part(request, "web/requests/side.html", **facts)
    saving = request.method == "POST" and request.POST.get("do") == "save"
    return page(request, "web/requests/new.html", room="orders", status=422 if saving else 200, **facts)


@member_view("cancel")
@require_POST
def decline(request: Any, request_id: UUID) -> HttpResponse:
    """This will say no to the buyer, with a reason that stays."""
    desk, form = request.desk, DeclineForm(request.POST)
    if form.is_valid():
        try:
            decline_request(
                merchant_id=desk.merchant_id,
                request_id=request_id,
                **form.cleaned_data,
                by=desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            notices.say(request, gettext("Demande déclinée. La commande reste comme elle est."))
            return redirect("web:request", request_id=request_id)
    return show_request(request, request_id, status=422, decline_form=form)


@member_view("cancel")
@require_POST
def take_back(request: Any, request_id: UUID) -> HttpResponse:
    """This will accept a withdrawal from what has left: its return is expected from now on (SH-16)."""
    desk, now = request.desk, datetime.now(UTC)
    row = request_of(merchant_id=desk.merchant_id, request_id=request_id)
    ledger = _ledger(desk.merchant_id, UUID(row["order_id"]))
    asked = next((each for each in ledger.order.requests if each.id == request_id), None)
    proposed = propose(ledger, asked) if asked and asked.kind == "withdrawal" else None
    if proposed and proposed.parted.off:
        return redirect(
            "web:return", order_id=ledger.order.id
        )  # what is still here is called off with a plan
    form = TakeBackForm(request.POST, terms=ledger.terms)
    if form.is_valid():
        said = form.cleaned_data
        try:
            if asked is None or proposed is None:
                raise Refusal("already_decided" if asked is None else "not_a_withdrawal")
            take_back_asked(
                merchant_id=desk.merchant_id,
                request_id=request_id,
                cancel=None,
                coming=coming(
                    proposed.parted.back,
                    reason=asked.reason,
                    asked_at=asked.asked_at,
                    message=said["message"],
                    notify=said.get("notify", True),
                ),
                by=desk.by,
                at=now,
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            said_so = gettext("Commande %(number)s : retour attendu.") % {"number": row["number"]}
            notices.say(request, said_so)
            return redirect("web:request", request_id=request_id)
    return show_request(request, request_id, status=422, back_form=form)


@member_view("contact")
@require_POST
def official(request: Any, request_id: UUID) -> HttpResponse:
    """This will note that the buyer has asked officially since, or the customer service's case."""
    desk = request.desk
    row = request_of(merchant_id=desk.merchant_id, request_id=request_id)
    terms = _ledger(desk.merchant_id, UUID(row["order_id"])).terms
    form = OfficialForm(request.POST, case=terms.case_required)
    if form.is_valid():
        try:
            make_official(
                merchant_id=desk.merchant_id,
                request_id=request_id,
                **form.wish(route=terms.official_routes[0]),
                by=desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            notices.say(
                request, gettext("La demande est officielle : l'accepter ne compte pas dans le taux.")
            )
            return redirect("web:request", request_id=request_id)
    return show_request(request, request_id, status=422, official_form=form)


@member_view("contact")
@require_POST
def withdraw(request: Any, request_id: UUID) -> HttpResponse:
    """This will note that the buyer does not ask any more."""
    desk = request.desk
    try:
        withdraw_request(
            merchant_id=desk.merchant_id, request_id=request_id, by=desk.by, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, gettext("Demande retirée : la commande peut partir."))
    return redirect("web:request", request_id=request_id)


def _record(request: Any, form: RequestForm, order_id: UUID, now: datetime) -> UUID | None:
    desk = request.desk
    try:
        recorded = record_request(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            **form.wish(now=now),
            by=desk.by,
            at=now,
            rate_of=rate_of,
            source=f"web:{form.value('token') or uuid4().hex}",
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        form.refuse(refusal)
        return None
    if recorded.state == "approved":
        notices.say(request, gettext("Dans le délai de grâce : la commande est annulée."))
    elif recorded.kind == "withdrawal" and not any(line.open for line in form.ledger.lines):
        notices.say(request, gettext("Rétractation notée. Acceptez-la, et le retour s'ouvre."))
    elif recorded.official:
        notices.say(request, gettext("Demande officielle notée : n'expédiez pas avant d'avoir répondu."))
    else:
        notices.say(request, gettext("Demande notée. Elle n'est pas officielle."), tone="attention")
    return recorded.id


def _ledger(merchant_id: int, order_id: UUID) -> Ledger:
    found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    return found[order_id]


def _dressed(row: dict[str, Any], terms: Any, now: datetime) -> dict[str, Any]:
    said, tone = request_words.clock(row, now)
    return {
        **row,
        "why": request_words.why(row["official"], terms, route=row["route"]),
        "route_said": request_words.ROUTE[row["route"]],
        "kind_said": request_words.KIND[row["kind"]],
        "clock": said,
        "clock_tone": tone,
    }
