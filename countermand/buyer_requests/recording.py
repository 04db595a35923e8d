"""Verbs of who writes a request down: recorded, found to be official after all, taken back by the buyer."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from countermand import ids, sql
from countermand.buyer_requests import letters, rules
from countermand.buyer_requests.models import BuyerRequest
from countermand.buyer_requests.rows import close, judge_open, locked_order, locked_request, tell, told
from countermand.cancellations.actions import RateOf, confirm
from countermand.cancellations.ask import Ask
from countermand.events.ping import ping
from countermand.events.record import record
from countermand.orders import permitted
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal


@sql.verb
def record_request(
    *,
    merchant_id: int,
    order_id: UUID,
    route: str,
    kind: str = "cancellation",
    lines: rules.Units | None = None,
    reason: str = "",
    comment: str = "",
    evidence: str = "",
    case_reference: str = "",
    case_at: datetime | None = None,
    requested_at: datetime | None = None,
    by: str,
    at: datetime,
    rate_of: RateOf | None = None,
    source: str | None = None,
) -> BuyerRequest:
    """This will write down what a buyer asks for, and say whether the channel's terms call it official (AZ-5, RK-8).

    `lines` (reference, units): None for the whole order. `source`: the same press of a button records once.
    Asked within the grace of the terms, it is called off at once. Refuses by name: `rules`, `not_found`, and
    what `permitted` says of the order's state.
    """
    reason, case_reference = reason or rules.USUAL_REASON, case_reference.strip()
    requested_at = requested_at or at
    rules.judge_words(route=route, kind=kind, reason=reason, comment=comment, evidence=evidence)
    rules.judge_case(case_reference=case_reference, case_at=case_at)
    rules.judge_times(requested_at=requested_at, case_at=case_at, at=at)
    ledger = locked_order(merchant_id, order_id)
    order, terms = ledger.order, ledger.terms
    if source and (known := BuyerRequest.of(merchant_id).filter(source=source).first()):
        return known
    permitted.judge(
        terms, permitted.state_of(status=order.status, verification=order.verification), "request"
    )
    at_once = rules.within_grace(
        terms, kind=kind, route=route, placed_at=order.placed_at, requested_at=requested_at
    )
    request = BuyerRequest.across_merchants.create(
        id=ids.new(),
        merchant_id=merchant_id,
        order_id=order_id,
        route=route,
        kind=kind,
        lines=rules.asked_units(lines, ledger.lines),
        reason=reason,
        comment=comment.strip(),
        evidence=evidence.strip(),
        case_reference=case_reference,
        case_at=(case_at or requested_at) if case_reference else None,
        official=at_once or rules.official(terms, route=route, case_reference=case_reference),
        requested_at=requested_at,
        recorded_at=at,
        recorded_by=by,
        due_at=rules.due(terms, requested_at=requested_at),
        due_then=terms.unanswered_then,
        source=source,
    )
    tell(merchant_id=merchant_id, order_ids=[order_id])
    record([told("request.received", request, by=by, at=at, route=route, about=kind)])
    if at_once:
        _call_off(request, ledger, by=by, at=at, rate_of=rate_of)
    if request.official and request.state == "open":
        letters.announce(request, ledger, at=at)
        ping()
    return request


@sql.verb
def make_official(
    *,
    merchant_id: int,
    request_id: UUID,
    route: str = "",
    case_reference: str = "",
    case_at: datetime | None = None,
    requested_at: datetime | None = None,
    evidence: str = "",
    by: str,
    at: datetime,
) -> BuyerRequest:
    """This will write down that the buyer has asked by the channel's own route now, or what case there is (AZ-7, RK-8).

    `route` "" keeps the one it came by. Refuses `not_found`, `already_decided`, `still_unofficial`, and what
    `record_request` refuses of its parts.
    """
    case_reference = case_reference.strip()
    requested_at = requested_at or at
    request = locked_request(merchant_id, request_id)
    if request.state != "open":
        raise Refusal("already_decided", f"it is {request.state}", facts={"state": request.state})
    route = route or request.route
    case_reference = case_reference or request.case_reference
    rules.judge_words(route=route, kind=request.kind, reason=request.reason, comment="", evidence=evidence)
    rules.judge_case(case_reference=case_reference, case_at=case_at)
    rules.judge_times(requested_at=requested_at, case_at=case_at, at=at)
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[request.order_id])[request.order_id]
    if not rules.official(ledger.terms, route=route, case_reference=case_reference):
        field = "case_reference" if ledger.terms.case_required else "route"
        raise Refusal("still_unofficial", "the channel does not take this for official", field=field)
    before = request.official
    request.route, request.official, request.case_reference = route, True, case_reference
    if case_reference:
        request.case_at = case_at or request.case_at or requested_at
    if not before:
        request.requested_at = requested_at
        request.due_at, request.reminded_at = rules.due(ledger.terms, requested_at=requested_at), None
    request.evidence = "\n".join(filter(None, (request.evidence, evidence.strip())))
    request.save()
    tell(merchant_id=merchant_id, order_ids=[request.order_id])
    if not before:
        record([told("request.official", request, by=by, at=at, route=route)])
        letters.announce(request, ledger, at=at)
        ping()
    return request


@sql.verb
def withdraw_request(*, merchant_id: int, request_id: UUID, by: str, at: datetime) -> BuyerRequest:
    """This will write down that the buyer does not ask any more; twice is once. Refuses `not_found`, `already_decided`."""
    request = locked_request(merchant_id, request_id)
    if request.state == "withdrawn":
        return request
    judge_open(request, "withdrawn")
    close(request, "withdrawn", by=by, at=at)
    record([told("request.withdrawn", request, by=by, at=at)])
    return request


def _call_off(
    request: BuyerRequest, ledger: Ledger, *, by: str, at: datetime, rate_of: RateOf | None
) -> None:
    """In the grace of the terms the buyer called it off alone: nobody is asked. What cannot be called off waits."""
    terms = ledger.terms
    ask = Ask(
        reason=request.reason,
        lines=tuple((line, units) for line, units in request.lines) if request.lines else None,
        initiated_by="buyer",
        request_id=request.id,
        message=letters.in_grace(ledger.order.language) if terms.message_required else "",
    )
    with suppress(Refusal):
        confirm(
            merchant_id=request.merchant_id, order_id=request.order_id, ask=ask, by=by, at=at, rate_of=rate_of
        )
        request.refresh_from_db()
