"""How wishes of a file are answered: for real, or as a dry run."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, ProgrammingError, connection
from psycopg.errors import LockNotAvailable, QueryCanceled

from countermand.cancellations.actions import Confirmed, Wish, confirm_many, judge_many
from countermand.cancellations.queries import AlreadyDone
from countermand.files.cancel_runs import Run
from countermand.files.cancellation_rows import CancellationFile, CancelRow
from countermand.files.row_identity import SeenRows, fingerprint
from countermand.files.statistics import CANCELLATIONS, refresh
from countermand.refusals import Refusal

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failed:
    """A wish that broke unexpectedly: nothing of it was written."""

    code: str
    detail: str


Answer = Confirmed | AlreadyDone | Refusal | Failed


class Confirming:
    """For real: all runs of a chunk in one transaction; when that breaks, each by itself."""

    def __init__(self, merchant_id: int, by: str, at: datetime) -> None:
        self.merchant_id, self.by, self.at = merchant_id, by, at

    def ask(self, made: list[Run]) -> Iterator[tuple[Run, Wish, Answer]]:
        """This will answer each run."""
        wishes = [run.wish() for run in made]
        return zip(made, wishes, self._confirm(wishes), strict=True)

    def finished(self) -> None:
        """This will keep what the planner knows of growing tables up to date."""
        refresh(tables=CANCELLATIONS)

    def _confirm(self, wishes: list[Wish]) -> Sequence[Answer]:
        if not wishes:
            return []
        try:
            return confirm_many(merchant_id=self.merchant_id, wishes=wishes, by=self.by, at=self.at)
        except Exception as error:
            # One odd row must not hold up a hundred thousand good ones; a lost database stops them all.
            if not goes_on(error):
                raise
            if len(wishes) > 1:
                return [answer for wish in wishes for answer in self._confirm([wish])]
            if isinstance(error.__cause__, LockNotAvailable | QueryCanceled):
                return [Failed("in_progress", "the order is being changed elsewhere: run the file again")]
            if not isinstance(error, DatabaseError):
                _log.exception("a row of a cancellation file broke")
            return [Failed("internal", f"{type(error).__name__}: run the file again, or tell us")]


def goes_on(error: Exception) -> bool:
    """This will say whether the next row may be tried after an error: not when the database is gone, or another."""
    if isinstance(error, ProgrammingError):
        return False  # tables of another release: every row would break alike
    if not isinstance(error, InterfaceError | OperationalError):
        return True
    if isinstance(error.__cause__, LockNotAvailable | QueryCanceled):
        return True
    connection.close()
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True


class Judging:
    """The dry run: each wish on what earlier ones would have done, by letting those pass before it again.

    Kept are the wishes for orders that come back in a later chunk: as a rule there is none.
    """

    def __init__(self, merchant_id: int, at: datetime, scattered: frozenset[int]) -> None:
        self.merchant_id, self.at, self.scattered = merchant_id, at, scattered
        self.before: dict[UUID, list[Wish]] = {}
        self.passing: set[UUID] = set()

    def ask(self, made: list[Run]) -> Iterator[tuple[Run, Wish, Answer]]:
        """This will answer each run."""
        if not made:
            return
        wishes = [run.wish() for run in made]
        orders = dict.fromkeys(wish.order_id for wish in wishes)
        ahead = list(chain.from_iterable(self.before.get(order, ()) for order in orders))
        judged = judge_many(merchant_id=self.merchant_id, wishes=[*ahead, *wishes], at=self.at)
        answers = judged[len(ahead) :]
        for run, wish, answer in zip(made, wishes, answers, strict=True):
            if isinstance(answer, Confirmed):
                self.before.setdefault(wish.order_id, []).append(wish)
                if not self.scattered or _key_of(run.rows[0]) not in self.scattered:
                    self.passing.add(wish.order_id)
            yield run, wish, answer

    def finished(self) -> None:
        """This will forget what no later chunk asks about."""
        for order in self.passing:
            self.before.pop(order, None)
        self.passing.clear()


def _key_of(row: CancelRow) -> int:
    return fingerprint(parts=(row.channel, row.order))


def scattered_orders(*, file: CancellationFile) -> frozenset[int]:
    """This will tell the orders whose rows do not all follow each other, each by its fingerprint.

    Costs a reading of the file, some 20 bytes an order, and a number for each of these.
    """
    seen = SeenRows()
    scattered: set[int] = set()
    last = 0
    for row in file.table:
        cells = row.cells
        channel = cells.get("channel", "").strip() or file.channel
        key = fingerprint(parts=(channel, cells.get("order", "").strip()))
        if key != last and seen.first(fingerprint=key, row_number=row.row_number) is not None:
            scattered.add(key)
        last = key
    return frozenset(scattered)
