"""A process dies at each place of each verb; the same code runs again; the books hold."""

import contextlib
import itertools
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections

from countermand import faults, outside
from countermand.refusals import Refusal
from tests.races.scene import Scene, quiet, set_up
from tests.races.verbs import VERBS

_tags = itertools.count(1)
PLACES = ("begun", "before_commit", "committed")
POINTS = [
    (name, f"{inner}.{place}") for name, verb in VERBS.items() for inner in verb.inner for place in PLACES
]
# Places inside of verbs and between them and the world outside.
INSIDE = {
    "confirm the whole": ("confirm.locked", "confirm.written"),
    "drain refunds": (
        "refund.after_claim",
        "refund.before_call",
        "sandbox.after_refund",
        "refund.after_call",
        "refund.before_landing",
        "refund.in_landing",
        "refund.after_landing",
    ),
    "nobody sends": ("overdue.called_off",),
    "drain messages": ("message.claimed", "message.written"),
}
POINTS += [(name, point) for name, points in INSIDE.items() for point in points]


def dies_at(point: str, run: Callable[[], object]) -> bool:
    """This will run in a child process that ends on the spot at `point`; False when it never came by."""
    child = os.fork()
    if child == 0:
        for alias in connections:
            connections[alias].connection = None  # the parent's socket: not ours to close
        outside._watchers.clear()  # they ask over a connection that is the parent's
        faults._wanted, faults._left = point, 1
        try:
            run()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == faults.KILLED


@pytest.mark.parametrize(("name", "point"), POINTS)
def test_a_verb_may_die_anywhere(merchant: Any, name: str, point: str) -> None:
    scene = set_up(merchant.id, f"K{next(_tags)}")
    assert dies_at(point, lambda: VERBS[name].run(scene)), f"{name} never came by {point}"
    again(scene, name)
    quiet(scene)


def again(scene: Scene, name: str) -> None:
    """This will run the verb once more, as whoever asked would: it does its work, or says that it is done."""
    expire_leases(scene)
    with contextlib.suppress(Refusal):  # done before it died: it says so
        VERBS[name].run(scene)
    expire_leases(scene)


def expire_leases(scene: Scene) -> None:
    """This will let the time pass that a dead worker's lease lasts."""
    from countermand.correspondence.models import Message
    from countermand.refunds.models import Refund

    for model in (Refund, Message):
        model.of(scene.merchant_id).filter(lease_until__isnull=False).update(lease_until=datetime.now(UTC))
        model.of(scene.merchant_id).filter(state__in=("sent", "unknown", "sending")).update(
            not_before=scene.at
        )
