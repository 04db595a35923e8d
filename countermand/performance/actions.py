"""What people tell us: how many came to the shop, and how a cancellation went."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from countermand import sql
from countermand.cancellations.models import Cancellation
from countermand.events.record import event, record
from countermand.performance.models import Feedback, Visits
from countermand.refusals import Refusal, fits

MOST_VISITS = 2_000_000_000
MOST_DAYS = 1_000
SCORES = range(1, 6)


@sql.verb
def supply_visits(
    *, merchant_id: int, channel_id: UUID, visits: Mapping[date, int], by: str, at: datetime
) -> int:
    """This will note how many visits a channel had on each day; a day told again is replaced. Says how many days.

    Refuses `visits_required`, `too_many_days`, `invalid_visits`, `invalid_period`. Source: SH-17.
    """
    if not visits:
        raise Refusal("visits_required", "give a day and its visits", field="days")
    if len(visits) > MOST_DAYS:
        raise Refusal("too_many_days", f"at most {MOST_DAYS} days at once", field="days")
    for day, count in visits.items():
        if not 0 <= count <= MOST_VISITS:
            raise Refusal("invalid_visits", f"{count} is no number of visits", field="visits")
        if not 2000 <= day.year <= 2200 or day > at.date().replace(year=at.year + 1):
            raise Refusal("invalid_period", f"{day} is no day of this shop", field="day")
    # By day, so that two who tell the same days at once do not wait for each other crosswise.
    rows = [
        Visits(merchant_id=merchant_id, channel_id=channel_id, day=day, visits=count, by=by, at=at)
        for day, count in sorted(visits.items())
    ]
    Visits.across_merchants.bulk_create(
        rows, update_conflicts=True, unique_fields=["channel", "day"], update_fields=["visits", "by", "at"]
    )
    return len(rows)


@sql.verb
def give_feedback(
    *, merchant_id: int, cancellation_id: UUID, score: int, text: str, via: str, by: str, at: datetime
) -> Feedback:
    """This will keep what a customer said of a cancellation, once: 1 (bad) to 5 (good), and words.

    Refuses `not_found`, `invalid_score`, `text_too_long`, and `feedback_given` the second time. Source: SH-14.
    """
    if score not in SCORES:
        raise Refusal("invalid_score", "from 1 to 5", field="score")
    fits(text, field="text")
    order_id = (
        Cancellation.of(merchant_id).filter(id=cancellation_id).values_list("order_id", flat=True).first()
    )
    if order_id is None:
        raise Refusal("not_found", "no such cancellation")
    said = {"order_id": order_id, "score": score, "text": text, "via": via, "by": by, "at": at}
    kept, made = Feedback.across_merchants.get_or_create(
        merchant_id=merchant_id, cancellation_id=cancellation_id, defaults=said
    )
    if not made:
        raise Refusal("feedback_given", "an opinion was given before")
    record(
        [
            event(
                kind="feedback.given",
                merchant_id=merchant_id,
                at=at,
                by=by,
                order_id=order_id,
                subject=("cancellation", cancellation_id),
                score=score,
                via=via,
            )
        ]
    )
    return kept
