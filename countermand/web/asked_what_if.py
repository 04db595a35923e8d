"""What answering a request would do to the rate: as it is, and as it would be if it were official (AZ-7, AZ-22, RK-8)."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import ids
from countermand.buyer_requests import rules
from countermand.cancellations.actions import RateOf, preview
from countermand.cancellations.ask import Ask
from countermand.orders.facts import Requested
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal
from countermand.web import outcome, refusal_words, request_words
from countermand.web.access import Desk
from countermand.web.forms.requests import RequestForm


def of_recorded(
    desk: Desk, ledger: Ledger, request_id: UUID, at: datetime, *, rate_of: RateOf
) -> dict[str, Any]:
    """This will say what accepting an open request does, and what it would do once it were official."""
    found = next((each for each in ledger.order.requests if each.id == request_id), None)
    if found is None:
        return {}
    facts = {"now": _accepted(desk, ledger, found, at, rate_of)}
    if not found.official:
        facts["then"] = _accepted(desk, ledger, _as_official(found, at), at, rate_of)
    return {"what_if": facts}


def of_form(
    desk: Desk, ledger: Ledger, form: RequestForm, at: datetime, *, rate_of: RateOf
) -> dict[str, Any]:
    """This will say of a request that is being written down whether it is official, and what follows."""
    terms = ledger.terms
    wish = form.wish(now=at)
    if not wish["route"]:
        return {}
    case = str(wish["case_reference"]).strip()
    at_once = rules.within_grace(
        terms,
        kind=wish["kind"],
        route=wish["route"],
        placed_at=ledger.order.placed_at,
        requested_at=wish["requested_at"],
    )
    official = at_once or rules.official(terms, route=wish["route"], case_reference=case)
    lines = wish["lines"]
    asked = Requested(
        id=ids.new(),
        kind=wish["kind"],
        route=wish["route"],
        official=official,
        units=None if lines is None else dict(lines),
        reason=wish["reason"] or rules.USUAL_REASON,
        case_reference=case,
        case_at=(wish["case_at"] or wish["requested_at"]) if case else None,
        asked_at=wish["requested_at"],
    )
    facts: dict[str, Any] = {"now": _accepted(desk, ledger, asked, at, rate_of)}
    if not official:
        facts["then"] = _accepted(desk, ledger, _as_official(asked, at), at, rate_of)
    return {
        "official": official,
        "at_once": at_once,
        "why": request_words.why(official, terms, route=wish["route"]),
        "how": request_words.how_to_make_official(terms),
        "what_if": facts,
    }


def _as_official(asked: Requested, at: datetime) -> Requested:
    return replace(asked, official=True, case_at=None, asked_at=at)


def _accepted(desk: Desk, ledger: Ledger, asked: Requested, at: datetime, rate_of: RateOf) -> dict[str, Any]:
    """The rate card of a cancellation for this request, or why there is none."""
    lines = None if asked.units is None else tuple(asked.units.items())
    ask = Ask(
        reason=asked.reason,
        lines=lines,
        initiated_by="buyer",
        request_id=asked.id,
        message="–" if ledger.terms.message_required else "",
        role=desk.role,
    )
    here = replace(ledger.order, requests=(asked,))
    try:
        plan, rate = preview(
            merchant_id=desk.merchant_id,
            order_id=ledger.order.id,
            ask=ask,
            at=at,
            rate_of=rate_of,
            ledger=replace(ledger, order=here),
        )
    except Refusal as refusal:
        return {"refused": refusal_words.say(refusal)}
    return {"counts": plan.counts_in_rate, "rate": outcome.rate(rate, plan), "refund": plan.refund}
