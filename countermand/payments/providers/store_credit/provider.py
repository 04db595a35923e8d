"""Credit of the shop's own: a payment in our books, and so is giving it back."""

from uuid import UUID

from countermand.payments.providers.port import Declined, Found, Outcome, Paid, Succeeded


class StoreCredit:
    """Nothing is outside: refunds by credit are entries that commit together with the refund itself
    (refunds.credits), so none arrives here."""

    def look_up(self, *, payment: Paid, refund_id: UUID) -> Found | None:
        return Found(captured_minor=0, voided=False, refunded_minor=0)

    def refund(self, *, payment: Paid, refund_id: UUID, key: UUID, amount_minor: int) -> Outcome:
        return Declined("own_books")

    def void(self, *, payment: Paid, key: UUID) -> Outcome:
        return Succeeded()

    def capture(self, *, payment: Paid, key: UUID, amount_minor: int) -> Outcome:
        return Declined("own_books")
