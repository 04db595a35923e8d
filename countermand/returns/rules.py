"""What may come back, what it is worth, what may be kept of it, and what goes back on sale. Pure.

Sources: SH-9, SH-16, AZ-4, AZ-18, AZ-19; docs/law.md (C. conso L221-23, L221-24); docs/money.md.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from countermand import money
from countermand.channels.presets import Terms
from countermand.law import Clock, return_clock
from countermand.orders.facts import LineFacts, OrderFacts
from countermand.payments.facts import Ledger
from countermand.reasons import REASONS, judge_reason
from countermand.refusals import Refusal
from countermand.returns.wishes import Verdict

KINDS = ("return", "withdrawal", "refused_delivery", "intercepted")
CONDITIONS = ("as_new", "used", "damaged", "incomplete", "lost")
# Found like this, an article is not put back on sale unless somebody says so (SH-9).
NOT_FOR_SALE = ("used", "damaged", "incomplete", "lost")
# Loss of value through the buyer's hands: the one thing that a withdrawal lets the merchant keep (L221-23).
LESS_WORTH = ("used", "damaged", "incomplete")
WHENS = ("", "now", "later")


class Found(NamedTuple):
    """Units of a line that came: what they are worth, the tax inside, and what was not given back before."""

    line: LineFacts
    quantity: int
    worth: int
    tax: int
    amount: int


class Settled(NamedTuple):
    """What follows from a verdict. Minor units."""

    shipping: int
    fees: int
    fee: int
    fee_ground: str
    refund: int
    when: str
    restock: dict[str, int]


def may_come(
    lines: Sequence[LineFacts], *, unconfirmed: Mapping[str, int], asked: Mapping[str, int]
) -> dict[str, int]:
    """This will say how many units of each line may be asked back: sent, confirmed, not back, not asked already."""
    return {
        line.reference: max(
            0,
            line.shipped - line.returned - unconfirmed.get(line.reference, 0) - asked.get(line.reference, 0),
        )
        for line in lines
    }


def judge_words(*, kind: str, reason: str) -> None:
    """This will refuse (`unknown_kind`, `reason_required`, `unknown_reason`) a return that says nothing known."""
    if kind not in KINDS:
        raise Refusal("unknown_kind", f"one of {', '.join(KINDS)}", field="kind")
    if not reason:
        raise Refusal("reason_required", "say why", field="reason")
    judge_reason(reason)


def wanted(
    asked: Sequence[tuple[str, int | None]] | None,
    lines: Sequence[LineFacts],
    free: Mapping[str, int],
    *,
    unconfirmed: Mapping[str, int],
) -> dict[str, int]:
    """This will say how many units of which line are to come back: reference -> units.

    Refuses `unknown_line`, `duplicate_line`, `invalid_quantity`, `quantity_too_large`; `nothing_shipped` where
    nothing left, `shipment_unconfirmed` where it was never confirmed (AZ-4), `return_open` where it is asked already.
    """
    if asked is None:
        units = {reference: most for reference, most in free.items() if most}
        if not units:
            raise _nothing(lines, unconfirmed)
        return units
    if not asked:
        raise Refusal("invalid_lines", "name at least one line, or none at all for all", field="lines")
    known = {line.reference: line for line in lines}
    units = {}
    for i, (reference, quantity) in enumerate(asked):
        if reference not in known:
            raise Refusal("unknown_line", f"no line {reference!r}", field=f"lines.{i}.line")
        if reference in units:
            raise Refusal("duplicate_line", f"line {reference!r} stands twice", field=f"lines.{i}.line")
        most = free[reference]
        if quantity is not None and quantity < 1:
            raise Refusal("invalid_quantity", "at least 1", field=f"lines.{i}.quantity")
        if not most:
            refusal = _nothing([known[reference]], unconfirmed)
            raise Refusal(refusal.code, refusal.detail, field=f"lines.{i}.line")
        if quantity is not None and quantity > most:
            detail = f"{most} of line {reference!r} may come back"
            raise Refusal("quantity_too_large", detail, field=f"lines.{i}.quantity", facts={"open": most})
        units[reference] = most if quantity is None else quantity
    return units


def _nothing(lines: Sequence[LineFacts], unconfirmed: Mapping[str, int]) -> Refusal:
    if any(unconfirmed.get(line.reference) for line in lines):
        return Refusal(
            "shipment_unconfirmed", "its shipment was never confirmed: ask for the parcel, then cancel"
        )
    if any(line.shipped > line.returned for line in lines):
        return Refusal("return_open", "all that left is asked back already")
    return Refusal("nothing_shipped", "nothing has left that is not back")


def freed(line: LineFacts, quantity: int) -> Found:
    """This will say what the next units of a line to come back are worth, as a cancel of them would."""
    gone = line.gone + quantity
    worth = max(0, line.total * gone // line.quantity - line.gone_worth)
    tax = max(0, line.tax * gone // line.quantity - line.gone_tax)
    before = max(0, line.gone_worth - line.given)
    amount = max(0, line.gone_worth + worth - line.given) - before
    return Found(line, quantity, worth, tax, amount)


def worth_of(ledger: Ledger, units: Mapping[str, int], *, kind: str, reason: str) -> tuple[list[Found], int]:
    """This will say what units that left are worth once they are here, and what of the carriage goes back with them."""
    coming_back = [freed(line, units[line.reference]) for line in ledger.lines if units.get(line.reference)]
    whole = all(line.gone + units.get(line.reference, 0) == line.quantity for line in ledger.lines)
    return coming_back, shipping_by_itself(ledger.order, kind=kind, reason=reason, whole=whole)


def clock(
    *,
    kind: str,
    informed_at: datetime,
    back_at: datetime | None,
    proof_at: datetime | None,
    timezone: str,
) -> Clock | None:
    """This will say until when the money must be back, None while the law lets it wait for the goods."""
    return return_clock(
        buyer_withdraws=kind == "withdrawal",
        informed_at=informed_at,
        back_at=back_at,
        proof_at=proof_at,
        timezone=timezone,
    )


def why_no_fee(terms: Terms, *, kind: str, reason: str, conditions: Sequence[str]) -> str:
    """This will name why nothing may be kept of a return's worth; "" where it may: see `ground`.

    Codes: platform_refunds, seller_caused, withdrawal (nothing but loss of value), delivery (only after a failed
    delivery), never.
    """
    if terms.refunds_by != "merchant":
        return "platform_refunds"
    if REASONS[reason].seller_caused:
        return "seller_caused"
    if kind == "withdrawal":
        return "" if any(each in LESS_WORTH for each in conditions) else "withdrawal"
    if terms.restocking_fee == "after_failed_delivery":
        # AZ-4: who changed their mind on the way pays none. AZ-18, AZ-19: a bad address, nobody there.
        failed = kind == "refused_delivery" or (kind == "intercepted" and reason == "wrong_address")
        return "" if failed else "delivery"
    if terms.restocking_fee == "customer_wish":
        return "" if REASONS[reason].customer_wish and kind != "intercepted" else "not_their_wish"
    return "never"


def ground(kind: str) -> str:
    """This will name on what ground a fee stands: loss of value (L221-23) or the terms' restocking fee."""
    return "loss_of_value" if kind == "withdrawal" else "restocking"


def settle(
    ledger: Ledger,
    found: Sequence[tuple[LineFacts, int, int, str]],
    verdict: Verdict,
    *,
    kind: str,
    reason: str,
) -> Settled:
    """This will say what follows from a verdict on units that are counted as back already.

    `found`: (line, quantity, amount not given back before, condition). Refuses `fee_not_allowed`,
    `amount_too_large`, `shipping_owed`, `terms_forbid`, `unknown_condition`, and what restocking refuses.
    """
    order, terms = ledger.order, ledger.terms
    if verdict.when not in WHENS:
        raise Refusal("unknown_when", "now or later", field="refund")
    whole = all(line.gone == line.quantity for line in ledger.lines)
    shipping = _shipping(order, verdict, kind=kind, reason=reason, whole=whole)
    all_back = whole and (kind == "withdrawal" or REASONS[reason].seller_caused)
    fees = max(0, order.fees_refundable - max(order.fees_released, order.fees_given)) if all_back else 0
    gross = sum(amount for _, _, amount, _ in found) + shipping + fees
    fee = _fee(ledger, verdict, [each for *_, each in found], kind=kind, reason=reason, gross=gross)
    when = "platform" if terms.refunds_by != "merchant" else (verdict.when or "now")
    return Settled(
        shipping=shipping,
        fees=fees,
        fee=fee,
        fee_ground=ground(kind) if fee else "",
        refund=max(0, gross - fee),
        when=when,
        restock=back_on_sale(found, verdict, terms),
    )


def shipping_by_itself(order: OrderFacts, *, kind: str, reason: str, whole: bool) -> int:
    """This will say what of the carriage goes back without being asked: all, on a whole withdrawal (L221-24)
    or where the seller caused it; none else, since what a part would have cost is not known."""
    left = order.shipping - max(order.shipping_released, order.shipping_given)
    return left if whole and (kind == "withdrawal" or REASONS[reason].seller_caused) else 0


def _shipping(order: OrderFacts, verdict: Verdict, *, kind: str, reason: str, whole: bool) -> int:
    left = order.shipping - max(order.shipping_released, order.shipping_given)
    usual = shipping_by_itself(order, kind=kind, reason=reason, whole=whole)
    if verdict.shipping == "terms":
        return usual
    if verdict.shipping == "none":
        if usual and kind == "withdrawal":
            raise Refusal(
                "shipping_owed", "a whole withdrawal gives back standard delivery (L221-24)", field="shipping"
            )
        return 0
    if verdict.shipping == "all":
        return left
    amount = money.parse(verdict.shipping, currency=order.currency, field="shipping")
    if amount > left:
        raise Refusal("amount_too_large", "above the shipping that is left", field="shipping")
    return amount


def _fee(
    ledger: Ledger, verdict: Verdict, conditions: Sequence[str], *, kind: str, reason: str, gross: int
) -> int:
    fee = money.parse(verdict.fee or "0", currency=ledger.order.currency, field="restocking_fee")
    if not fee:
        return 0
    if why := why_no_fee(ledger.terms, kind=kind, reason=reason, conditions=conditions):
        raise Refusal(
            "fee_not_allowed", f"nothing may be kept: {why}", field="restocking_fee", facts={"why": why}
        )
    if fee > gross:
        raise Refusal("amount_too_large", "the fee is above what would go back", field="restocking_fee")
    return fee


def back_on_sale(
    found: Sequence[tuple[LineFacts, int, int, str]], verdict: Verdict, terms: Terms
) -> dict[str, int]:
    """This will say how many units of which line go back on sale (SH-9): what is said, else by condition,
    else by article, else by shop. Articles without stock keeping, and what was lost, never do."""
    choice = verdict.restock
    if isinstance(choice, tuple):
        return _chosen(choice, found)
    back: dict[str, int] = {}
    for line, quantity, _, condition in found:
        if not line.tracked or condition == "lost":
            continue
        if choice is not None:
            yes = choice
        elif condition in NOT_FOR_SALE:
            yes = False
        else:
            yes = terms.restock if line.item_restock is None else line.item_restock
        if yes and quantity:
            back[line.reference] = quantity
    return back


def _chosen(
    choice: tuple[tuple[str, int], ...], found: Sequence[tuple[LineFacts, int, int, str]]
) -> dict[str, int]:
    came = {line.reference: (quantity, line.tracked) for line, quantity, _, _ in found}
    back: dict[str, int] = {}
    for i, (reference, quantity) in enumerate(choice):
        if reference not in came:
            raise Refusal("unknown_line", f"line {reference!r} did not come", field=f"restock.{i}.line")
        most, tracked = came[reference]
        if quantity < 0 or quantity + back.get(reference, 0) > most:
            raise Refusal("quantity_too_large", "more back on sale than came", field=f"restock.{i}.quantity")
        if tracked and quantity:
            back[reference] = back.get(reference, 0) + quantity
    return back
