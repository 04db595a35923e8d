"""What may be recorded of a buyer's wish, whether it is official, and what the terms make of it in time. Pure.

Sources: AZ-5, AZ-7, AZ-22, RK-8, SH-19; docs/terms.md (grace, unanswered request).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from countermand.channels.presets import Terms
from countermand.orders.facts import LineFacts
from countermand.reasons import judge_reason
from countermand.refusals import AHEAD, Refusal, fits

ROUTES = ("official", "message", "email", "phone", "counter", "customer_service")
KINDS = ("cancellation", "withdrawal")
USUAL_REASON = "customer_changed_mind"
LONGEST_CASE = 100
# Clocks of two machines differ a little.

Units = Sequence[tuple[str, int | None]]


def judge_words(*, route: str, kind: str, reason: str, comment: str, evidence: str) -> None:
    """This will refuse `unknown_route`, `unknown_kind`, `unknown_reason`, `text_too_long`."""
    if route not in ROUTES:
        raise Refusal("unknown_route", f"one of {', '.join(ROUTES)}", field="route")
    if kind not in KINDS:
        raise Refusal("unknown_kind", "cancellation or withdrawal", field="kind")
    judge_reason(reason)
    for field, text in (("comment", comment), ("evidence", evidence)):
        fits(text, field=field)


def judge_times(*, requested_at: datetime, case_at: datetime | None, at: datetime) -> None:
    """This will refuse (`in_future`) what is said to have happened after now."""
    if requested_at > at + AHEAD:
        raise Refusal("in_future", "it cannot have been asked after now", field="requested_at")
    if case_at and case_at > at + AHEAD:
        raise Refusal("in_future", "the case cannot have been opened after now", field="case_at")


def judge_case(*, case_reference: str, case_at: datetime | None) -> None:
    """This will refuse a case without its reference (`case_reference_required`), and one that is too long."""
    fits(case_reference, field="case_reference", longest=LONGEST_CASE)
    if case_at and not case_reference:
        raise Refusal("case_reference_required", "which case is it?", field="case_reference")


def official(terms: Terms, *, route: str, case_reference: str) -> bool:
    """This will say whether the channel recognises a request: by its route, or by its case where terms want one (RK-8).

    Where the customer service opens a case, the case is what counts, by whatever way the buyer had begun.
    """
    return bool(case_reference) if terms.case_required else route in terms.official_routes


def within_grace(terms: Terms, *, kind: str, route: str, placed_at: datetime, requested_at: datetime) -> bool:
    """This will say whether the buyer called it off alone, in the first minutes, where terms have such minutes.

    On the buyer's own page or by a route that the channel recognises: a message is read by people, later.
    """
    return (
        kind == "cancellation"
        and (route == "official" or route in terms.official_routes)
        and placed_at <= requested_at < placed_at + timedelta(minutes=terms.grace_minutes)
    )


def due(terms: Terms, *, requested_at: datetime) -> datetime:
    """This will say when the terms do something about a request that nobody has answered."""
    return requested_at + timedelta(days=terms.unanswered_days)


def asked_units(wanted: Units | None, lines: Iterable[LineFacts]) -> list[tuple[str, int]] | None:
    """This will read which units are asked for; None for the whole order.

    Refuses `invalid_lines`, `unknown_line`, `duplicate_line`, `invalid_quantity`, `quantity_too_large`: a buyer
    may ask for what has left, not for what was called off before.
    """
    if wanted is None:
        return None
    if not wanted:
        raise Refusal("invalid_lines", "name at least one line, or none at all", field="lines")
    known = {line.reference: line for line in lines}
    found: dict[str, int] = {}
    for i, (reference, quantity) in enumerate(wanted):
        line = known.get(reference)
        if line is None:
            raise Refusal("unknown_line", f"no line {reference!r}", field=f"lines.{i}.line")
        if reference in found:
            raise Refusal("duplicate_line", f"line {reference!r} stands twice", field=f"lines.{i}.line")
        here = line.quantity - line.cancelled
        units = here if quantity is None else quantity
        if units < 1 and here:
            raise Refusal("invalid_quantity", "at least 1", field=f"lines.{i}.quantity")
        if units > here or not here:
            raise Refusal(
                "quantity_too_large",
                f"{here} of line {reference!r} can be asked for",
                field=f"lines.{i}.quantity",
                facts={"open": here},
            )
        found[reference] = units
    return list(found.items())


def parted(
    asked: Units | None, lines: Iterable[LineFacts], free: Mapping[str, int]
) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """This will part what a buyer withdraws from: units still here, to be called off, and units that left, to come back.

    `free`: how many of each line that left may be asked back. What is still here goes first.
    """
    wanted = None if asked is None else dict(asked)
    off, back = [], []
    for line in lines:
        if wanted is not None and line.reference not in wanted:
            continue
        named = wanted[line.reference] if wanted is not None else None
        units = line.quantity if named is None else named
        here = min(units, line.open)
        sent = min(units - here, free.get(line.reference, 0))
        off += [(line.reference, here)] if here else []
        back += [(line.reference, sent)] if sent else []
    return off, back
