"""After shipping: returns, what is found in them, and parcels called back (SH-16, AZ-4, AZ-18)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity, identity_asked
from countermand.api.once import answer, once
from countermand.api.schemas import returns as schemas
from countermand.approvals.actions import Held
from countermand.approvals.rules import read
from countermand.overview import returns as reading
from countermand.performance.queries import rate_of
from countermand.returns import actions
from countermand.returns.models import Return

router = Router(tags=["returns"])


@router.post("/orders/{order_id}/returns", auth=may("cancel"), response={201: schemas.ReturnAnswer})
def ask(request: HttpRequest, order_id: str, body: schemas.ReturnBody | None = None) -> HttpResponse:
    """This will open a return of units that left; nothing moves before they are here."""
    order, coming = identity(order_id, of="order"), (body or schemas.ReturnBody()).coming()
    return _done(request, 201, lambda who: actions.ask_return(order_id=order, coming=coming, **who))


@router.get("/returns", auth=may("read"), response=schemas.ReturnList)
def returns(
    request: HttpRequest,
    state: str = "",
    kind: str = "",
    order: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> HttpResponse:
    """This will list returns, newest first, by state (`open` is all that still need somebody), kind and order."""
    found = reading.return_list(
        merchant_id=bearer_of(request).merchant_id,
        state=state,
        kind=kind,
        order_id=identity_asked(order),
        limit=limit,
        cursor=cursor,
    )
    return answer(found)


@router.get("/returns/{return_id}", auth=may("read"), response=schemas.ReturnAnswer)
def one(request: HttpRequest, return_id: str) -> HttpResponse:
    """This will show one return."""
    found = identity(return_id, of="return")
    return answer(reading.return_shape(merchant_id=bearer_of(request).merchant_id, return_id=found))


@router.post("/returns/{return_id}/receive", auth=may("refund"), response=schemas.ReturnAnswer)
def receive(request: HttpRequest, return_id: str, body: schemas.ReceptionBody | None = None) -> HttpResponse:
    """This will count in what came; with a condition it is inspected in the same go."""
    came, found = body or schemas.ReceptionBody(), identity(return_id, of="return")
    return _done(
        request,
        200,
        lambda who: (
            actions.receive_return(
                return_id=found,
                arrived=came.arrived(),
                verdict=came.verdict(),
                **who,
                **_second(request),
            ).found
        ),
    )


@router.post("/returns/{return_id}/inspect", auth=may("refund"), response=schemas.ReturnAnswer)
def inspect(request: HttpRequest, return_id: str, body: schemas.InspectionBody) -> HttpResponse:
    """This will write down how units were found, and what follows for stock and money."""
    found, verdict = identity(return_id, of="return"), replace(body.verdict(), conditions=body.conditions())
    return _done(
        request,
        200,
        lambda who: actions.inspect_return(return_id=found, verdict=verdict, **who, **_second(request)).found,
    )


@router.post("/returns/{return_id}/withdraw", auth=may("cancel"), response=schemas.ReturnAnswer)
def withdraw(request: HttpRequest, return_id: str) -> HttpResponse:
    """This will end a return that will not come."""
    found = identity(return_id, of="return")
    return _done(request, 200, lambda who: actions.withdraw_return(return_id=found, **who))


@router.post("/returns/{return_id}/proof", auth=may("cancel"), response=schemas.ReturnAnswer)
def proof(request: HttpRequest, return_id: str, body: schemas.ProofBody) -> HttpResponse:
    """This will note that the buyer proved to have sent it."""
    found = identity(return_id, of="return")
    return _done(
        request,
        200,
        lambda who: actions.note_proof(return_id=found, proof=body.proof, proof_at=body.at, **who),
    )


@router.post("/returns/{return_id}/lost", auth=may("refund"), response=schemas.ReturnAnswer)
def lost(request: HttpRequest, return_id: str, body: schemas.LossBody) -> HttpResponse:
    """This will end a return that got lost on its way."""
    found, verdict = identity(return_id, of="return"), actions.Verdict(when=body.refund or "later")
    return _done(
        request,
        200,
        lambda who: (
            actions.lose_return(
                return_id=found, give_back=body.give_back, verdict=verdict, **who, **_second(request)
            ).found
        ),
    )


@router.post("/orders/{order_id}/intercepts", auth=may("cancel"), response={201: schemas.InterceptAnswer})
def call_back(request: HttpRequest, order_id: str, body: schemas.InterceptBody) -> HttpResponse:
    """This will write down that a parcel is asked back on its way."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        made = actions.ask_intercept(
            order_id=order,
            parcel=body.parcel,
            asked_of=body.asked_of or "carrier",
            reason=body.reason or "other",
            note=body.note or "",
            **_who(bearer),
        )
        return 201, reading.intercept_shape(merchant_id=bearer.merchant_id, intercept_id=made.id)

    return once(request, work)


@router.post("/intercepts/{intercept_id}/answer", auth=may("cancel"), response=schemas.InterceptAnswer)
def say(request: HttpRequest, intercept_id: str, body: schemas.InterceptAnswerBody) -> HttpResponse:
    """This will write down what came of it: accepted, refused, lost."""
    bearer, found = bearer_of(request), identity(intercept_id, of="intercept")

    def work() -> tuple[int, Any]:
        actions.answer_intercept(intercept_id=found, answer=body.answer, note=body.note or "", **_who(bearer))
        return 200, reading.intercept_shape(merchant_id=bearer.merchant_id, intercept_id=found)

    return once(request, work)


@router.post("/intercepts/{intercept_id}/back", auth=may("cancel"), response=schemas.HomeAnswer)
def home(request: HttpRequest, intercept_id: str, body: schemas.HomeBody | None = None) -> HttpResponse:
    """This will write down that the parcel is back: cancelled where never confirmed, else received as a return."""
    bearer, found = bearer_of(request), identity(intercept_id, of="intercept")
    ask = (body or schemas.HomeBody()).ask(role=bearer.role)

    def work() -> tuple[int, Any]:
        made = actions.parcel_home(
            intercept_id=found,
            ask=ask,
            held_by=read(bearer.approval_rules),
            rate_of=rate_of,
            **_who(bearer),
        )
        held = made.cancelled if isinstance(made.cancelled, Held) else None
        return 200, {
            "intercept": reading.intercept_shape(merchant_id=bearer.merchant_id, intercept_id=found),
            "return": _shape(bearer, made.came.id) if made.came else None,
            "cancellation": str(made.intercept.cancellation_id) if made.intercept.cancellation_id else None,
            "approval": str(held.approval.id) if held else None,
        }

    return once(request, work)


def _done(request: HttpRequest, status: int, act: Callable[[dict[str, Any]], Return]) -> HttpResponse:
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        return status, _shape(bearer, act(_who(bearer)).id)

    return once(request, work)


def _shape(bearer: Bearer, return_id: UUID) -> dict[str, Any]:
    return reading.return_shape(merchant_id=bearer.merchant_id, return_id=return_id)


def _who(bearer: Bearer) -> dict[str, Any]:
    return {"merchant_id": bearer.merchant_id, "by": bearer.by, "at": datetime.now(UTC)}


def _second(request: HttpRequest) -> dict[str, Any]:
    """What a refund is held to: the asker's role, and the rules of a second person."""
    bearer = bearer_of(request)
    return {"role": bearer.role, "held_by": read(bearer.approval_rules)}
