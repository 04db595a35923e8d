"""What the worker drains, in which order. A drain takes one batch and says how much it found."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from countermand.acceptance import jobs as acceptance
from countermand.bulk import jobs as bulk
from countermand.buyer_requests import jobs as requests
from countermand.cancellations.conclude import conclude
from countermand.correspondence import jobs as correspondence
from countermand.correspondence import letters
from countermand.documents import jobs as documents
from countermand.overview.moments import events_feed
from countermand.payments import jobs as payments
from countermand.performance.fold import fold
from countermand.performance.queries import rate_of
from countermand.refunds import jobs as refunds
from countermand.refunds.release import release_held
from countermand.webhooks.jobs import plan_all

Going = Callable[[], bool]

# Asked to stop, it takes no more and waits for at most a hundred answers, a dozen at a time.
REFUNDS = 500
CAPTURES = 5


class Drain(NamedTuple):
    """A queue of the house. `take` takes one batch and counts it; `going` False asks it to stop at the next row."""

    name: str
    take: Callable[[Going], int]


def _held(going: Going) -> int:
    at = datetime.now(UTC)
    begun = release_held(at=at)
    conclude(cancellation_ids=begun, at=at)
    return len(begun)


def _captures(going: Going) -> int:
    return payments.drain(at=datetime.now(UTC), limit=CAPTURES)


def _sales(going: Going) -> int:
    return acceptance.drain(at=datetime.now(UTC), going=going)


def _refunds(going: Going) -> int:
    return refunds.drain(at=datetime.now(UTC), limit=REFUNDS, going=going).claimed


def _messages(going: Going) -> int:
    return correspondence.drain(at=datetime.now(UTC), going=going).count


def _documents(going: Going) -> int:
    return documents.drain(at=datetime.now(UTC), going=going)


def _bulk(going: Going) -> int:
    return bulk.drain(at=datetime.now(UTC), going=going)


def _letters(going: Going) -> int:
    return letters.drain(at=datetime.now(UTC), going=going)


def _requests(going: Going) -> int:
    return requests.drain(at=datetime.now(UTC), rate_of=rate_of)


def _rates(going: Going) -> int:
    return fold()


def _webhooks(going: Going) -> int:
    return plan_all(at=datetime.now(UTC), feed=events_feed)


# Undo windows end first: what they let go is due at once.
DRAINS = (
    Drain("undo windows", _held),
    Drain("bulk runs", _bulk),
    Drain("requests that nobody answered", _requests),
    Drain("captures", _captures),
    Drain("sales to decide", _sales),
    Drain("refunds", _refunds),
    Drain("messages", _messages),
    Drain("letters", _letters),
    Drain("documents", _documents),
    Drain("rates", _rates),
    Drain("webhooks", _webhooks),  # planned here; carried by the postman
)
