"""What somebody wants to give back on an order, and what that is in amounts per target. Pure.

Source: docs/api.md, Refunds (`POST /orders/{id}/refunds`); SG-2, SH-10.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from countermand.money import cumulative, parse
from countermand.orders.facts import LineFacts
from countermand.payments import rules
from countermand.payments.facts import Ledger
from countermand.refunds.amounts import Target, line_tax, shipping_tax, take
from countermand.refusals import Refusal

CREDIT = ("store_credit", "gift_card")
VIAS = ("page", "phone", "email")


@dataclass(frozen=True, slots=True)
class LineWish:
    """Of one line, so many units or (else) an amount in major units."""

    line: str
    quantity: int | None = None
    amount: str | None = None


@dataclass(frozen=True, slots=True)
class GiveBack:
    """One wish; amounts are text in major units. Nothing named: all that is to give back.

    `shipping`: all, none, or an amount. `amount` alone is goodwill; beside lines it is the most that
    goes back for them. `consent` {text, at, via} is the buyer's, for credit in place of money.
    """

    lines: tuple[LineWish, ...] | None = None
    shipping: str | None = None
    amount: str | None = None
    method: str = "original"
    reason: str = ""
    notify: bool = True
    consent: dict[str, Any] | None = None

    @property
    def is_goodwill(self) -> bool:
        """This will say whether it gives back what is not owed and names no line: it takes a manager."""
        return self.amount is not None and not self.lines


def judge_method(wish: GiveBack, ledger: Ledger) -> None:
    """This will refuse a way to give back that terms or law do not take."""
    if wish.method not in ("original", "store_credit", "gift_card", "manual"):
        raise Refusal("unknown_method", "original, store_credit, gift_card or manual", field="method")
    if wish.method not in ledger.terms.methods:
        raise Refusal("terms_forbid", f"{wish.method} is no way to refund here", field="method")
    if wish.method in CREDIT:
        consent = wish.consent or {}
        if not (consent.get("text") and _instant(consent.get("at")) and consent.get("via") in VIAS):
            raise Refusal(
                "consent_required",
                "money goes back as it came unless the buyer agrees: text, at, via (page, phone, email)",
                field="consent",
            )
        if wish.method == "store_credit" and not ledger.order.email.strip():
            raise Refusal("email_required", "a credit belongs to an e-mail address", field="method")


def wanted(wish: GiveBack, ledger: Ledger) -> list[Target]:
    """This will say what goes back, and for what.

    Refuses `unknown_line`, `duplicate_line`, `quantity_too_large`, `amount_too_large`; `nothing_to_refund`
    when it comes to nothing.
    """
    free = sum(share.free for share in ledger.shares)
    if wish.lines is None and wish.shipping is None and wish.amount is None:
        targets = take(owed_targets(ledger), min(rules.to_give_back(ledger), free))
    else:
        targets = _named(wish, ledger)
    total = sum(target.amount for target in targets)
    if not total:
        raise Refusal("nothing_to_refund", "there is nothing to give back")
    order = ledger.order
    if total > min(free, order.captured - order.refunded - order.in_flight):
        raise Refusal("amount_too_large", "above what is captured and not yet given back", field="amount")
    return targets


def owed_targets(ledger: Ledger) -> list[Target]:
    """This will list what is owed and not given back, in the order in which money goes to it.

    Its end is open: what is owed beyond units, shipping and fees was paid too much.
    """
    order = ledger.order
    targets = [
        Target("line", amount, line_tax(line, amount=amount), line)
        for line in ledger.lines
        if (amount := rules.not_given(line))
    ]
    if (shipping := order.shipping_released - order.shipping_given) > 0:
        targets.append(Target("shipping", shipping, shipping_tax(order, amount=shipping)))
    if (fees := order.fees_released - order.fees_given) > 0:
        targets.append(Target("fees", fees))
    return [*targets, Target("overpaid", max(1, order.captured))]


def units_worth(line: LineFacts, quantity: int) -> int:
    """This will say what the next `quantity` units of a line are worth that were not given back.

    Units gone come first, then those kept; a unit given back in part gives its rest.
    Refuses `amount_too_large` beyond the last unit.
    """
    given = 0  # units whose worth is given back whole
    while given < line.quantity and cumulative(line.total, given + 1, line.quantity) <= line.given:
        given += 1
    if given + quantity > line.quantity:
        raise Refusal("amount_too_large", f"of line {line.reference}, {line.quantity - given} units are left")
    return cumulative(line.total, given + quantity, line.quantity) - line.given


def _named(wish: GiveBack, ledger: Ledger) -> list[Target]:
    order = ledger.order
    targets = _of_lines(wish.lines or (), ledger)
    left = order.shipping - order.shipping_given
    how = wish.shipping or "none"
    shipping = 0
    if how != "none":
        shipping = left if how == "all" else parse(how, currency=order.currency, field="shipping")
    if shipping > left:
        raise Refusal("amount_too_large", "above the shipping that is left", field="shipping")
    if shipping:
        targets.append(Target("shipping", shipping, shipping_tax(order, amount=shipping)))
    if wish.amount is not None:
        amount = parse(wish.amount, currency=order.currency)
        if wish.lines:
            if amount > sum(target.amount for target in targets):
                raise Refusal("amount_too_large", "above what the lines are still worth", field="amount")
            return take(targets, amount)
        if amount:
            targets.append(Target("goodwill", amount))
    return targets


def _of_lines(wishes: Sequence[LineWish], ledger: Ledger) -> list[Target]:
    known = {line.reference: line for line in ledger.lines}
    targets: dict[str, Target] = {}
    for i, wish in enumerate(wishes):
        line = known.get(wish.line)
        if line is None:
            raise Refusal("unknown_line", f"no line {wish.line!r}", field=f"lines.{i}.line")
        if wish.line in targets:
            raise Refusal("duplicate_line", f"line {wish.line!r} stands twice", field=f"lines.{i}.line")
        targets[wish.line] = _of_line(wish, line, ledger.order.currency, f"lines.{i}")
    return [target for target in targets.values() if target.amount]


def _of_line(wish: LineWish, line: LineFacts, currency: str, at: str) -> Target:
    if (wish.quantity is None) == (wish.amount is None):
        raise Refusal("invalid_lines", "a quantity or an amount", field=at)
    if wish.quantity is not None:
        if wish.quantity < 1:
            raise Refusal("invalid_quantity", "at least 1", field=f"{at}.quantity")
        if wish.quantity > line.quantity:
            raise Refusal("quantity_too_large", f"the line has {line.quantity} units", field=f"{at}.quantity")
        amount = units_worth(line, wish.quantity)
    else:
        amount = parse(wish.amount or "", currency=currency, field=f"{at}.amount")
        if amount > line.total - line.given:
            raise Refusal("amount_too_large", "above what the line is still worth", field=f"{at}.amount")
    return Target("line", amount, line_tax(line, amount=amount), line)


def _instant(value: Any) -> bool:
    """Whether it is a moment with its offset: a consent without one proves nothing."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return False
    return isinstance(value, datetime) and value.tzinfo is not None
