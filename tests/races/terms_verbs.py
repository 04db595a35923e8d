"""Verbs of a platform: what it says about a payment, and what it calls off since nobody sent it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from countermand.channels.actions import open_channel
from countermand.intake.actions import receive
from countermand.overdue.channels import watched
from countermand.overdue.jobs import close_overdue, end_overdue, warn_of_overdue
from countermand.refusals import Refusal
from countermand.verification.actions import fail, fail_together, verify
from tests.races.scene import Scene, an_order
from tests.races.verb import Verb, there


def _pending(scene: Scene) -> dict[str, Any]:
    """An order of the same articles whose payment is being verified: the same one however often it is asked for."""
    body = an_order(f"{scene.body['number']}-P") | {"verification": "pending"}
    return there(scene) | {"order_id": receive(body=body, **there(scene)).order_id}  # type: ignore[arg-type]


def _run_out(scene: Scene) -> object:
    said = _pending(scene)
    return fail_together(order_ids=[said.pop("order_id")], how="ran_out", **said)


def _unsent(scene: Scene) -> None:
    """An order of a platform that is late by more than its days."""
    platform: dict[str, Any] = {
        "terms": "amazon",
        "timezone": "Europe/Paris",
        "mode": "test",
        "overrides": {},
    }
    open_channel(code="platform", name="P", **platform, **there(scene))  # type: ignore[arg-type]
    body = an_order(f"{scene.body['number']}-L") | {"channel": "platform", "ship_by": "2026-11-23"}
    receive(body=body, **there(scene))  # type: ignore[arg-type]


def nobody_sends(scene: Scene) -> None:
    """Warned three days and one day before, called off after the last day, and looked at once more."""
    _unsent(scene)
    for day in (27, 29):
        at = datetime(2026, 11, day, 12, tzinfo=UTC)
        warn_of_overdue(channels=_own(scene, at), at=at)
    at += timedelta(days=2)
    end_overdue(channels=_own(scene, at), at=at)
    with suppress(Refusal):
        close_overdue(channels=_own(scene, at), at=at)


def _own(scene: Scene, at: datetime) -> list[Any]:
    return [channel for channel in watched(at=at) if channel.merchant_id == scene.merchant_id]


VERBS: dict[str, Verb] = {
    "verify": Verb(lambda s: verify(**_pending(s)), "order payments", ("verify",)),
    "fail a verification": Verb(lambda s: fail(**_pending(s)), "order payments items", ("fail",)),
    "a verification runs out": Verb(_run_out, "order payments items", ("fail_together",)),
    "nobody sends": Verb(
        nobody_sends, "order payments items", ("warn_of_overdue", "end_overdue", "close_overdue")
    ),
}
