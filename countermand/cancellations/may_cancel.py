"""Whether units may be called off: one question after the other, each with its name. Pure."""

from collections.abc import Iterable

from countermand.cancellations.ask import Ask
from countermand.channels.presets import Terms
from countermand.orders import permitted
from countermand.orders.facts import LineFacts, OrderFacts
from countermand.reasons import judge_reason
from countermand.refusals import Refusal

INITIATORS = ("buyer", "merchant", "platform")


def judge_why(ask: Ask) -> None:
    """This will refuse a wish without a reason, and one that is no reason or comes from nobody."""
    if not ask.reason:
        raise Refusal("reason_required", "say why", field="reason")
    judge_reason(ask.reason)
    if ask.initiated_by not in INITIATORS:
        raise Refusal("unknown_initiator", "buyer, merchant or platform", field="initiated_by")


def judge_message(ask: Ask, terms: Terms) -> None:
    """This will refuse a wish whose message to the buyer the terms do not take."""
    if terms.message_required and not ask.message.strip():
        raise Refusal("message_required", "this channel wants a text to the buyer", field="message")
    if len(ask.message) > terms.message_max:
        raise Refusal("message_too_long", f"at most {terms.message_max} characters", field="message")


def judge_order(order: OrderFacts, lines: Iterable[LineFacts], terms: Terms, role: str = "") -> None:
    """This will refuse to cancel an order whose state does not permit it, saying which other way there is."""
    state = permitted.state_of(status=order.status, verification=order.verification)
    code = permitted.why(terms, state, "cancel", role)
    if code and code != "already_shipped":
        raise Refusal(code, permitted.DETAILS.get(code, ""), facts={"status": order.status})
    if not any(line.open for line in lines):
        if all(line.cancelled == 0 for line in lines):
            raise Refusal("already_shipped", "everything has left: take it back as a return")
        raise Refusal("nothing_open", "what was not called off has left: take it back as a return")


def units(lines: Iterable[LineFacts], ask: Ask) -> dict[str, int]:
    """This will say how many units of which line are called off: line reference -> units."""
    if ask.lines is None:
        return {line.reference: still for line in lines if (still := line.open)}
    known = {line.reference: line for line in lines}
    wanted: dict[str, int] = {}
    if not ask.lines:
        raise Refusal(
            "invalid_lines", "name at least one line, or none at all for everything open", field="lines"
        )
    for i, (reference, quantity) in enumerate(ask.lines):
        line = known.get(reference)
        if line is None:
            raise Refusal("unknown_line", f"no line {reference!r}", field=f"lines.{i}.line")
        if reference in wanted:
            raise Refusal("duplicate_line", f"line {reference!r} stands twice", field=f"lines.{i}.line")
        if quantity is None:
            if not line.open:
                raise _too_many(line, field=f"lines.{i}.line")
            quantity = line.open
        if quantity < 1:
            raise Refusal("invalid_quantity", "at least 1", field=f"lines.{i}.quantity")
        if quantity > line.open:
            raise _too_many(line, field=f"lines.{i}.quantity")
        wanted[reference] = quantity
    return wanted


def _too_many(line: LineFacts, *, field: str) -> Refusal:
    if line.open:
        detail = f"{line.open} of line {line.reference!r} can still be called off"
        return Refusal("quantity_too_large", detail, field=field, facts={"open": line.open})
    if line.cancelled == line.quantity:
        return Refusal("already_cancelled", f"line {line.reference!r} has been called off", field=field)
    if not line.cancelled:
        return Refusal("already_shipped", f"line {line.reference!r} has left", field=field)
    return Refusal("nothing_open", f"nothing of line {line.reference!r} is open", field=field)
