"""What the clock does with the history."""

from datetime import datetime

from countermand import sql

MONTHS_AHEAD = 4


def make_months(*, at: datetime) -> int:
    """This will make the tables of this month and the next ones, so that none is missing on the first."""
    return int(sql.tuples("SELECT event_make_months(%s::date, %s)", (at.date(), MONTHS_AHEAD))[0][0])
