"""When a delivery is tried again, and when it is given up: pure decisions on plain facts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# After the first try; the last one is three days later (docs/api.md), then a delivery is given up.
LATER = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 300, 1800, *(hours * 3600 for hours in (2, 6, 12, 24, 36, 48, 72)))
)
LONGEST_ASKED = timedelta(hours=6)  # of a Retry-After
LONGEST_REST = timedelta(minutes=5)
GONE = 410


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one try: a status, or why there is none."""

    status: int | None
    error: str = ""
    answer: str = ""
    retry_after: str = ""
    took_ms: int = 0

    @property
    def received(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver says that it wants no more of it."""
        return self.status == GONE

    @property
    def place_is_away(self) -> bool:
        """Whether the address as a whole does not do its work, rather than this one event being refused."""
        return self.status is None or self.status in (408, 429) or self.status >= 500


def next_try(*, heard: Heard, begun_at: datetime, at: datetime) -> datetime | None:
    """This will say when to try again; None: three days are over, or the receiver is gone."""
    then = next((begun_at + later for later in LATER if begun_at + later > at), None)
    if heard.gone or then is None:
        return None
    if heard.retry_after.isascii() and heard.retry_after.isdigit():
        then = max(then, at + min(LONGEST_ASKED, timedelta(seconds=min(int(heard.retry_after), 10**6))))
    return then


def rest(*, failures: int) -> timedelta:
    """This will say how long an address that is away is left alone, after so many tries in a row without any luck."""
    return min(LONGEST_REST, timedelta(seconds=5 * 2 ** min(failures - 1, 10)))
