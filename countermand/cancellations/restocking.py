"""Which of the cancelled units go back on sale. Pure.

SH-9, in this order: the choice in the dialog; a reason that forbids it; the article; the shop.
"""

from collections.abc import Iterable, Mapping

from countermand.cancellations.ask import Ask
from countermand.channels.presets import Terms
from countermand.orders.facts import LineFacts
from countermand.reasons import REASONS
from countermand.refusals import Refusal


def restocked(
    ask: Ask, wanted: Mapping[str, int], lines: Iterable[LineFacts], terms: Terms
) -> dict[str, int]:
    """This will say how many units of which line go back on sale; articles without stock keeping never do."""
    choice = ask.restock
    if isinstance(choice, tuple):
        return _chosen(choice, wanted, lines)
    forbidden = not REASONS[ask.reason].restock
    back: dict[str, int] = {}
    for line in lines:
        quantity = wanted.get(line.reference)
        if not quantity or not line.tracked:
            continue
        if choice is not None:
            yes = choice
        elif forbidden:
            yes = False
        elif line.item_restock is not None:
            yes = line.item_restock
        else:
            yes = terms.restock
        if yes:
            back[line.reference] = quantity
    return back


def _chosen(
    choice: tuple[tuple[str, int], ...], wanted: Mapping[str, int], lines: Iterable[LineFacts]
) -> dict[str, int]:
    tracked = {line.reference for line in lines if line.tracked}
    back: dict[str, int] = {}
    for i, (reference, quantity) in enumerate(choice):
        if reference not in wanted:
            raise Refusal(
                "unknown_line", f"line {reference!r} is not called off here", field=f"restock.{i}.line"
            )
        if quantity < 0 or quantity + back.get(reference, 0) > wanted[reference]:
            raise Refusal(
                "quantity_too_large", "more back on sale than called off", field=f"restock.{i}.quantity"
            )
        if reference in tracked and quantity:
            back[reference] = back.get(reference, 0) + quantity
    return back
