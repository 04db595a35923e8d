"""What the clock does with offers: those without an answer, or not paid up in time, run out."""

from datetime import datetime

from countermand import sql
from countermand.offers.actions import end
from countermand.offers.models import Offer

# Accepted and paid up, an offer waits for the exchange however long it takes. Where the old units went
# another way meanwhile (cancelled, shipped), there is nothing left to exchange.
DUE = """
SELECT f.id, l.quantity - l.cancelled - l.shipped < f.quantity AS gone
FROM offer f JOIN order_line l ON l.id = f.line_id
WHERE f.state IN ('offered', 'accepted') AND (
    (f.expires_at <= %(at)s AND (f.state = 'offered' OR f.missing_minor > 0))
    OR l.quantity - l.cancelled - l.shipped < f.quantity
)
ORDER BY f.expires_at LIMIT %(limit)s FOR NO KEY UPDATE OF f SKIP LOCKED
"""


@sql.verb
def end_offers(*, at: datetime, limit: int = 100) -> int:
    """This will end offers whose time is over, or whose units are gone: what they held can be sold again (EM-4)."""
    due = dict(sql.tuples(DUE, {"at": at, "limit": limit}))
    offers = list(Offer.across_merchants.filter(id__in=list(due)).order_by("item_id", "id"))
    for offer in offers:
        end(offer, "withdrawn" if due[offer.id] else "expired", by="clock", at=at)
    return len(offers)
