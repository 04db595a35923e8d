"""How a step is written twice over: into the merchant's history, and into the marketplace's own journal."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand.events.record import event, record
from countermand.marketplace.models import Marketplace, Operator, Seat, Step

BY_THE_CLOCK = "worker"


def write(
    kind: str,
    *,
    seat: Seat,
    by: str,
    at: datetime,
    about: tuple[str, UUID],
    order_id: UUID | None = None,
    inside: bool = False,
    **facts: Any,
) -> None:
    """This will write one step about a merchant's seat, in the caller's transaction. Ids and figures only.

    `inside`: what the marketplace turns over by itself and nobody has decided: in its own house's history, not in
    the merchant's.
    """
    told = {"seat": seat.id, "channel": seat.channel_id, **facts}
    record(
        [
            event(
                kind=kind,
                merchant_id=seat.marketplace.house_id if inside else seat.merchant_id,
                at=at,
                by=by if inside else as_merchants_read(by, seat=seat),
                order_id=order_id,
                subject=about,
                **told,
            )
        ]
    )
    Step.objects.create(
        marketplace_id=seat.marketplace_id,
        merchant_id=seat.merchant_id,
        seat=seat,
        at=at,
        by=by,
        kind=kind,
        subject_id=about[1],
        facts=_plain(facts),
    )


def as_merchants_read(by: str, *, seat: Seat) -> str:
    """This will name the marketplace for one of its people: their addresses stay in its own journal.

    Who acted for the merchant, and the clock, stay who they are.
    """
    staff = Operator.objects.filter(marketplace_id=seat.marketplace_id, user__email=by).exists()
    return f"operator:{seat.marketplace.name}"[:100] if staff else by


def write_own(kind: str, *, marketplace: Marketplace, by: str, at: datetime, **facts: Any) -> None:
    """This will write one step that is about no merchant: people, seats, settings."""
    record(
        [
            event(
                kind=kind,
                merchant_id=marketplace.house_id,
                at=at,
                by=by,
                subject=("marketplace", None),
                **facts,
            )
        ]
    )
    Step.objects.create(marketplace=marketplace, at=at, by=by, kind=kind, facts=_plain(facts))


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    simple = (str, int, bool, list, dict, type(None))
    return {name: value if isinstance(value, simple) else str(value) for name, value in facts.items()}
