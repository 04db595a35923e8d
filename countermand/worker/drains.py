"""What the worker drains, in which order. A drain takes one batch and says what it touched."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from countermand.correspondence import jobs as correspondence
from countermand.performance.fold import fold

Going = Callable[[], bool]


class Work(NamedTuple):
    """One batch: how many rows were taken, and whose story may be over now."""

    taken: int
    cancellations: frozenset[UUID] = frozenset()


class Drain(NamedTuple):
    """A queue of the house. `take` takes one batch; `going` False asks it to stop at the next row."""

    name: str
    take: Callable[[Going], Work]


def _messages(going: Going) -> Work:
    done = correspondence.drain(at=datetime.now(UTC), going=going)
    return Work(done.count, frozenset(done.cancellations))


def _rates(going: Going) -> Work:
    return Work(fold())


DRAINS = (
    Drain("messages", _messages),
    Drain("rates", _rates),
)
