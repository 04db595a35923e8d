"""Verbs on what buyers ask for: each finds the request that is open, or has one recorded first."""

from datetime import timedelta

from countermand.buyer_requests.actions import (
    approve_request,
    decline_request,
    make_official,
    record_request,
    take_back,
    withdraw_request,
)
from countermand.buyer_requests.jobs import attend_request, end_requests
from countermand.buyer_requests.models import BuyerRequest
from countermand.cancellations.ask import Ask
from countermand.returns.actions import Coming
from tests.races.scene import Scene
from tests.races.verb import Verb, here, there


def _request(scene: Scene) -> BuyerRequest:
    known = BuyerRequest.of(scene.merchant_id).filter(order_id=scene.order_id, state="open").first()
    return known or record_request(route="phone", lines=(("1", 1),), **here(scene))  # type: ignore[arg-type]


def _withdrawal(scene: Scene) -> BuyerRequest:
    open_ones = BuyerRequest.of(scene.merchant_id).filter(
        order_id=scene.order_id, state="open", kind="withdrawal"
    )
    known = open_ones.first()
    return known or record_request(route="phone", kind="withdrawal", lines=(("1", 1),), **here(scene))  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "record a request": Verb(
        lambda s: record_request(route="message", lines=(("2", 1),), **here(s)),  # type: ignore[arg-type]
        "order payments",
        ("record_request",),
    ),
    "make a request official": Verb(
        lambda s: make_official(request_id=_request(s).id, route="official", **there(s)),  # type: ignore[arg-type]
        "order payments",
        ("make_official",),
    ),
    "approve a request": Verb(
        lambda s: approve_request(request_id=_request(s).id, ask=Ask(reason=""), **there(s)),  # type: ignore[arg-type]
        "order payments items",
        ("approve_request",),
    ),
    "take back what a buyer withdraws from": Verb(
        lambda s: take_back(
            request_id=_withdrawal(s).id,
            cancel=None,
            coming=Coming(lines=(("1", 1),), kind="withdrawal"),
            **there(s),  # type: ignore[arg-type]
        ),
        "order payments",
        ("take_back",),
    ),
    "decline a request": Verb(
        lambda s: decline_request(request_id=_request(s).id, reason="parti", **there(s)),  # type: ignore[arg-type]
        "order",
        ("decline_request",),
    ),
    "withdraw a request": Verb(
        lambda s: withdraw_request(request_id=_request(s).id, **there(s)),  # type: ignore[arg-type]
        "order",
        ("withdraw_request",),
    ),
    "attend to a request": Verb(
        lambda s: attend_request(
            merchant_id=s.merchant_id, request_id=_request(s).id, at=s.later + timedelta(days=30)
        ),
        "order payments items",
        ("attend_request",),
    ),
    "end requests": Verb(lambda s: end_requests(at=s.later), "order", ("end_requests",)),
}
