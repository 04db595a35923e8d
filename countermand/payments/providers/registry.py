"""The payment providers by name: the only place that names them. Jobs open them, nobody else does."""

from typing import Any
from uuid import UUID

from countermand.outside import leaving
from countermand.payments.providers.manual.provider import Manual
from countermand.payments.providers.port import Found, Outcome, Paid, Provider
from countermand.payments.providers.sandbox.provider import Sandbox
from countermand.payments.providers.store_credit.provider import StoreCredit


class Outside:
    """A provider behind the threshold: every call of its port is announced before it leaves."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def look_up(self, *, payment: Paid, refund_id: UUID) -> Found | None:
        leaving("look_up", refund_id=refund_id)
        return self._provider.look_up(payment=payment, refund_id=refund_id)

    def refund(self, *, payment: Paid, refund_id: UUID, key: UUID, amount_minor: int) -> Outcome:
        leaving("refund", refund_id=refund_id, key=key)
        return self._provider.refund(payment=payment, refund_id=refund_id, key=key, amount_minor=amount_minor)

    def void(self, *, payment: Paid, key: UUID) -> Outcome:
        leaving("void", key=key)
        return self._provider.void(payment=payment, key=key)

    def capture(self, *, payment: Paid, key: UUID, amount_minor: int) -> Outcome:
        leaving("capture", key=key)
        return self._provider.capture(payment=payment, key=key, amount_minor=amount_minor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._provider, name)


PROVIDERS: dict[str, Provider] = {
    "sandbox": Outside(Sandbox()),
    "manual": Outside(Manual()),
    "store_credit": Outside(StoreCredit()),
}
