"""How fast one token may ask, in each process: a bucket that fills by the second.

The default is far above what one machine answers: it stops a client that has gone wild on a large
installation and nothing else. COUNTERMAND_API_RATE sets requests per second; 0 switches it off.
"""

import math
import os
import time
from threading import Lock
from uuid import UUID

from countermand.api.problems import Problem

RATE = float(os.environ.get("COUNTERMAND_API_RATE", "2000"))
MOST_BUCKETS = 10_000


class Buckets:
    """Buckets of requests: each holds two seconds' worth and fills at `rate` per second."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self.most = max(1.0, 2 * rate)
        self._left: dict[UUID, tuple[float, float]] = {}
        self._lock = Lock()

    def wait(self, token: UUID, *, now: float) -> float:
        """This will take one request out and say how many seconds to wait (0: go on)."""
        with self._lock:
            left, since = self._left.get(token, (self.most, now))
            left = min(self.most, left + (now - since) * self.rate)
            if left < 1:
                return (1 - left) / self.rate
            if len(self._left) >= MOST_BUCKETS and token not in self._left:
                self._left.clear()  # full buckets all over again: generous, and bounded
            self._left[token] = (left - 1, now)
            return 0.0

    def check(self, token: UUID, *, now: float) -> None:
        """This will refuse (429, with Retry-After) a token that asks too fast."""
        if self.rate and (seconds := self.wait(token, now=now)):
            headers = {"Retry-After": str(math.ceil(seconds))}
            raise Problem(429, detail=f"at most {self.rate:g} requests a second", headers=headers)


_buckets = Buckets(RATE)


def check(token: UUID) -> None:
    """This will refuse (429, with Retry-After) a token that asks this process too fast."""
    _buckets.check(token, now=time.monotonic())
