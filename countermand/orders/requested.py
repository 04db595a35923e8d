"""What buyers have asked for and nobody has answered yet, as plain facts of an order. Pure.

They stand in the order's own row (`order.requests`), so that a plan knows of them without asking a table more.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

from countermand.orders.facts import LineFacts, OrderFacts, Requested
from countermand.refusals import Refusal


def requests_of(written: str | None) -> tuple[Requested, ...]:
    """This will read the open requests from the order's row; most orders have none."""
    return tuple(_request(row) for row in loads(written)) if written else ()


def named(order: OrderFacts, request_id: UUID | None) -> Requested | None:
    """This will find the request that a cancellation answers. Refuses `unknown_request` where none is open by that id."""
    if request_id is None:
        return None
    for each in order.requests:
        if each.id == request_id:
            return each
    raise Refusal("unknown_request", "no open request of this order has that id", field="request")


def judge_held(order: OrderFacts, answers: Requested | None, *, initiated_by: str, despite: bool) -> None:
    """This will refuse (`held_by_request`) to call off past a buyer who waits for an answer.

    A cancellation names the request that it answers, or says that it is not for one (`despite`): what is asked
    officially does not count, and would count under another name (AZ-6). The platform is not asked.
    """
    if order.requests and answers is None and not despite and initiated_by != "platform":
        first = order.requests[0]
        raise Refusal(
            "held_by_request",
            "the buyer asked for this order to be called off: name the request, or say despite_request",
            field="request",
            facts={"request": str(first.id), "official": first.official},
        )


def judge_shipping(
    requests: Iterable[Requested], leaving: Iterable[tuple[LineFacts, int]], *, shipped_at: datetime
) -> None:
    """This will refuse (`held_by_request`) to send by the way what a buyer officially asks to call off (AZ-5, RK-12).

    What had left before it was asked for is gone. What is not official may be sent, or called off and counted (AZ-22).
    """
    parcel = list(leaving)
    for each in requests:
        if each.official and each.asked_at <= shipped_at and _takes_of(each, parcel):
            raise Refusal(
                "held_by_request",
                "the buyer officially asks to call this off: answer, or say despite_request to send it all the same",
                field="despite_request",
                facts={"request": str(each.id), "official": True},
            )


def _takes_of(request: Requested, leaving: Iterable[tuple[LineFacts, int]]) -> bool:
    """Fewer units would stay here than were asked for."""
    for line, quantity in leaving:
        wanted = line.open if request.units is None else request.units.get(line.reference, 0)
        if quantity > line.open - min(wanted, line.open):
            return True
    return False


def beyond(request: Requested, wanted: Mapping[str, int]) -> bool:
    """This will say whether more units are called off than were asked for (AZ-6)."""
    return request.units is not None and any(
        quantity > request.units.get(line, 0) for line, quantity in wanted.items()
    )


def stands(request: Requested, *, at: datetime) -> bool:
    """This will say whether a request makes a cancellation one that the buyer asked for officially before.

    A case of the customer service that was opened after the cancellation does not precede it (RK-8).
    """
    return request.official and (request.case_at is None or request.case_at <= at)


def left(request: Requested, lines: Iterable[LineFacts]) -> dict[str, int]:
    """This will say what of a request can still be called off: line reference -> units."""
    found: dict[str, int] = {}
    for line in lines:
        wanted = line.quantity if request.units is None else request.units.get(line.reference, 0)
        if units := min(wanted, line.open):
            found[line.reference] = units
    return found


def still_open(
    requests: Iterable[Requested], lines: Iterable[LineFacts], *, answered: Requested | None
) -> tuple[Requested, ...]:
    """This will keep the requests that wait on after a cancellation: those that it neither answers nor ends."""
    here = list(lines)
    return tuple(each for each in requests if each is not answered and not is_over(each, here))


def is_over(request: Requested, lines: Iterable[LineFacts]) -> bool:
    """This will say whether nothing of what was asked for is with the shop or on its way any more.

    What has left stays asked for: somebody has to tell the buyer that it comes back as a return.
    """
    return not any(
        line.open or line.shipped > line.returned
        for line in lines
        if request.units is None or line.reference in request.units
    )


def _request(row: Mapping[str, Any]) -> Requested:
    lines = row["lines"]
    return Requested(
        id=UUID(row["id"]),
        kind=row["kind"],
        route=row["route"],
        official=row["official"],
        units=None if lines is None else dict(lines),
        reason=row["reason"],
        case_reference=row["case_reference"],
        case_at=datetime.fromisoformat(row["case_at"]) if row["case_at"] else None,
        asked_at=datetime.fromisoformat(row["requested_at"]),
    )
