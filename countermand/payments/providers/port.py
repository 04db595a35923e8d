"""What every payment provider must be able to do, and what it may answer.

The worker calls a provider outside any transaction, after the intent and an attempt were committed,
from several threads at once. A provider only talks to the other side: it reads and writes none of
our tables, and keeps nothing between two calls.
"""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as we know it: whose account, what the provider calls it, minor units of `currency`."""

    account: str
    reference: str
    currency: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Succeeded:
    """It is done. `reference`: what the provider calls it, for a person who asks there."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Pending:
    """The provider has taken it on and will do it later: look it up until it is done or declined."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class Declined:
    """A definite no: nothing moved and nothing ever will under this key. Only this frees the amount."""

    reason: str


Outcome = Succeeded | Pending | Declined


@dataclass(frozen=True, slots=True)
class Found:
    """What the provider's books say of a payment, and of one refund of ours on it (None: not there).

    `refunded_minor` counts every refund that it made or took on, ours and others'.
    """

    captured_minor: int
    voided: bool
    refunded_minor: int
    refund: Outcome | None = None
    refund_minor: int = 0


class Unanswered(Exception):
    """No answer came: it may have happened or not. Look up; never send again without."""


class NotNow(Exception):
    """The provider says that it did nothing and that the same call may be made again (busy, 429, 503)."""


class Provider(Protocol):
    """One payment provider. Raises `NotNow` when nothing happened, `Unanswered` when nobody knows;
    any other exception is treated as `Unanswered`."""

    def look_up(self, *, payment: Paid, refund_id: UUID) -> Found | None:
        """This will ask what the provider knows of a payment and of our refund with this id.

        Called before the first refund of a payment, before every void, and whenever an earlier call
        went unanswered. Must change nothing. None: the provider knows no such payment.
        """
        ...

    def refund(self, *, payment: Paid, refund_id: UUID, key: UUID, amount_minor: int) -> Outcome:
        """This will give `amount_minor` of a captured payment back.

        Called after the attempt is committed; again with the same key only after a look-up did not
        find it, or after `NotNow`. Must hand the key on as the provider's idempotency key, and our
        refund's id as metadata by which `look_up` finds it. Must not round, split or retry.
        """
        ...

    def void(self, *, payment: Paid, key: UUID) -> Outcome:
        """This will let an authorised payment go.

        Called after a look-up said that nothing is captured. Declines (and gives nothing back) when
        it has been captured meanwhile: the worker then looks up again. Voided before: succeeded.
        """
        ...

    def capture(self, *, payment: Paid, key: UUID, amount_minor: int) -> Outcome:
        """This will draw an authorised amount.

        Called after an acceptance is committed as `capturing`. Must not capture more than was authorised.
        """
        ...
