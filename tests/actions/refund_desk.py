"""What tests of refunds do again and again."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections

from countermand.orders.models import Order
from countermand.payments.providers.sandbox.queries import payment_state
from countermand.refunds.actions import GiveBack, Reimbursed, reimburse
from countermand.refunds.jobs import drain
from countermand.refunds.models import Refund
from countermand.refusals import Refusal


def give_back(merchant: Any, order_id: UUID, **wish: Any) -> Reimbursed:
    """Plans refunds for a wish."""
    return reimburse(
        merchant_id=merchant.id, order_id=order_id, wish=GiveBack(**wish), by="test", at=datetime.now(UTC)
    )


def one_refund(merchant: Any, order_id: UUID, **wish: Any) -> Refund:
    """Plans the one refund of a wish and hands its row back."""
    [part] = give_back(merchant, order_id, **wish).parts
    return Refund.of(merchant.id).get(id=part.id)


def provider_says(refund: Refund) -> dict[str, Any]:
    """What the sandbox believes of a refund's payment."""
    payment = refund.share.payment
    return payment_state(account=payment.account, reference=payment.provider_reference)


def drain_now() -> None:
    """One round of the worker."""
    drain(at=datetime.now(UTC))


def drain_until_quiet(*, after_seconds: float = 0, rounds: int = 8, step_seconds: float = 8) -> None:
    """Rounds of the worker, each some seconds later on its clock."""
    for i in range(rounds):
        drain(at=datetime.now(UTC) + timedelta(seconds=after_seconds + i * step_seconds))


def state_of(refund: Refund) -> str:
    """The state in which a refund is now."""
    refund.refresh_from_db()
    return refund.state


def order_of(merchant: Any, order_id: UUID) -> Order:
    """The order as it stands now."""
    return Order.of(merchant.id).get(id=order_id)


def code_of(error: Any) -> str:
    """The code of a refusal that pytest caught."""
    assert isinstance(error.value, Refusal)
    return error.value.code


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs acts in as many threads, started together; an exception is an answer too."""
    start = threading.Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(i: int) -> None:
        try:
            start.wait()
            answers[i] = acts[i]()
        except Exception as error:
            answers[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
