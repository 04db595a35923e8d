"""What the clock does with the traces of who came in."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from countermand.merchants.models import TillSignIn
from countermand.merchants.till import DAY

# Long enough to see who tried what after something went wrong; addresses are personal, so no longer.
KEPT_DAYS = 30


def forget_old_sign_ins(*, at: datetime, limit: int = 1000) -> int:
    """This will forget a chunk of what is over: sessions, tills of yesterday, and tries to come in 30 days ago."""
    before = at - timedelta(days=KEPT_DAYS)
    over: list[QuerySet[Model]] = [
        Session.objects.filter(expire_date__lt=at),
        TillSignIn.objects.filter(at__lt=at - DAY),
        *(
            kind.objects.filter(attempt_time__lt=before)
            for kind in (AccessAttempt, AccessFailureLog, AccessLog)
        ),
    ]
    return sum(
        each.filter(pk__in=list(each.values_list("pk", flat=True)[:limit])).delete()[0] for each in over
    )
