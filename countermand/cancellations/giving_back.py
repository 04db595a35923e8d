"""What goes back with a cancellation: of the carriage, less a fee, when, by which means, in which movements. Pure."""

from countermand.cancellations.ask import Ask
from countermand.cancellations.planned import Part, PlannedLine
from countermand.money import parse
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.providers.abilities import BY_HAND, OUR_CREDIT
from countermand.reasons import REASONS
from countermand.refunds.amounts import Target, take
from countermand.refunds.split import split
from countermand.refusals import Refusal


def shipping(ledger: Ledger, ask: Ask, lines: list[PlannedLine], *, empties: bool) -> int:
    """This will say what of the carriage goes back: asked for, or by the terms; all of it when nothing will leave at all."""
    order = ledger.order
    left = order.shipping - max(order.shipping_released, order.shipping_given)
    if ask.shipping_amount is not None:
        amount = parse(ask.shipping_amount, currency=order.currency, field="refund.shipping_amount")
        if amount > left:
            raise Refusal(
                "amount_too_large", "above the shipping that is left", field="refund.shipping_amount"
            )
        return amount
    how = ask.shipping
    if how == "terms":
        how = "all" if empties else ledger.terms.shipping_on_part
    if how == "all":
        return left
    if how == "prorate":
        whole = sum(line.total for line in ledger.lines)
        going = {id(x.line): x.quantity for x in lines}
        gone = sum(x.total * (x.gone + going.get(id(x), 0)) // x.quantity for x in ledger.lines)
        share = order.shipping * gone // whole if whole else 0
        return max(0, share - max(order.shipping_released, order.shipping_given))
    return 0


def fee(ask: Ask, ledger: Ledger, gross: int) -> int:
    """This will read a fee of the merchant's: explicit, only where terms allow it, never above what it is taken from."""
    if ask.fee == "0":
        return 0
    fee = parse(ask.fee, currency=ledger.order.currency, field="refund.fee")
    if fee:
        reason, allowed = REASONS[ask.reason], ledger.terms.fee_allowed
        if allowed == "never" or (allowed == "customer_wish" and not reason.customer_wish):
            raise Refusal(
                "fee_not_allowed", f"no fee for reason {ask.reason} under these terms", field="refund.fee"
            )
        if fee > gross:
            raise Refusal("amount_too_large", "the fee is above what would go back", field="refund.fee")
    return fee


def refund(ask: Ask, ledger: Ledger, most: int) -> tuple[str, str, int, int]:
    """This will decide what of `most` goes back: (when, method, what goes back, what is waived)."""
    order, terms = ledger.order, ledger.terms
    if terms.refunds_by != "merchant":
        if ask.when == "none" or ask.amount is not None:
            raise Refusal("terms_forbid", "the platform refunds here, and all of it", field="refund.when")
        if ask.method not in terms.methods:
            raise Refusal("terms_forbid", f"{ask.method} is no way to refund here", field="refund.method")
        return "platform", "original", most, 0
    if ask.method not in terms.methods:
        raise Refusal("terms_forbid", f"{ask.method} is no way to refund here", field="refund.method")
    if ask.method in ("store_credit", "gift_card"):
        if REASONS[ask.reason].family == "fraud":
            raise Refusal(
                "original_only", "suspected money goes back where it came from", field="refund.method"
            )
        if not (ask.consent and ask.consent.get("text") and ask.consent.get("at") and ask.consent.get("via")):
            raise Refusal(
                "consent_required",
                "money goes back as it came unless the buyer agrees",
                field="refund.consent",
            )
        if not order.email:
            raise Refusal("email_required", "a credit belongs to an e-mail address", field="refund.method")
    if ask.when == "none":
        if most and not ask.waiver.strip():
            raise Refusal(
                "refund_owed", "the buyer has paid for this: waive it with a reason, or give it back"
            )
        if most and ask.role != "owner":
            raise Refusal("refund_owed", "only an owner may waive what is owed", field="refund.waiver")
        return "none", ask.method, 0, most
    amount = most
    if ask.amount is not None:
        amount = parse(ask.amount, currency=order.currency, field="refund.amount")
        if amount > most:
            raise Refusal(
                "amount_too_large", "above what this cancellation can give back", field="refund.amount"
            )
    return ask.when, ask.method, amount, 0


def parts(ledger: Ledger, targets: list[Target], refund: int, method: str) -> list[Part]:
    """This will spread what goes back over payments, with the fewest movements."""
    return [
        Part(move.share, "refund", move.method, move.amount, take(targets, move.amount))
        for move in split(ledger.shares, refund, method=method)
    ]


def voids(shares: list[ShareFacts]) -> list[Part]:
    """This will let go money that is only authorised, whenever the rest is given back."""
    return [
        Part(share, "void", "original", share.amount, [])
        for share in shares
        if share.state in ("authorized", "capturing") and share.provider not in BY_HAND | OUR_CREDIT
    ]


def dropped(shares: list[ShareFacts]) -> list[ShareFacts]:
    """This will name the payments by hand that need not be collected any more."""
    return [s for s in shares if s.provider in BY_HAND and s.state in ("pending", "authorized")]
