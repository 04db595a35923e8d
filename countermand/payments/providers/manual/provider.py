"""Money that people move: cash, cheques, transfers. There is nobody to ask but a person."""

from uuid import UUID

from countermand.payments.providers.port import Declined, Found, Outcome, Paid, Succeeded


class Manual:
    """Its refunds wait in `planned` for a person who settles them with evidence, so none arrives here."""

    def look_up(self, *, payment: Paid, refund_id: UUID) -> Found | None:
        return Found(captured_minor=0, voided=False, refunded_minor=0)

    def refund(self, *, payment: Paid, refund_id: UUID, key: UUID, amount_minor: int) -> Outcome:
        return Declined("by_hand")

    def void(self, *, payment: Paid, key: UUID) -> Outcome:
        return Succeeded()

    def capture(self, *, payment: Paid, key: UUID, amount_minor: int) -> Outcome:
        return Declined("by_hand")
