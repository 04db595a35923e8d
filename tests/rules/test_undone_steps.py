"""An undo takes out its own step; what is cancelled afterwards makes the whole again, to the cent."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import apply, plan
from countermand.cancellations.planned import Plan
from countermand.payments.ledger import derive
from countermand.payments.rules import to_give_back

from .ledgers import NOON, a_body, a_ledger


def take_back(ledger: Any, made: Plan) -> None:
    """What an undo does to the facts of a cancellation whose refund was to come later."""
    for step in made.lines:
        step.line.cancelled -= step.quantity
        step.line.gone_worth -= step.worth
        step.line.gone_tax -= step.tax
    derive(ledger)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 5000), st.integers(1, 12), st.randoms(use_true_random=False))
def test_any_steps_and_undos_end_at_the_whole(cents: int, quantity: int, random: Any) -> None:
    line = {"sku": "MUG", "quantity": quantity, "unit_price": "20.00", "tax_rate": "5.5"}
    price = 2000 * quantity
    off = min(price, cents)
    body = a_body(
        lines=[line | {"discount": f"{off // 100}.{off % 100:02d}"}],
        discounts=[],
        fees=[],
        shipping={"amount": "0"},
        payments=[],
    )
    ledger = a_ledger(body)
    ledger.order.captured = ledger.order.total
    standing: list[Plan] = []
    for _ in range(quantity * 3):
        if standing and random.random() < 0.4:
            take_back(ledger, standing.pop(random.randrange(len(standing))))
            continue
        if not any(each.open for each in ledger.lines):
            break
        made = plan(ledger, Ask(reason="budget", lines=(("1", 1),), when="later"), at=NOON)
        apply(made)
        derive(ledger)
        standing.append(made)
    if any(each.open for each in ledger.lines):
        made = plan(ledger, Ask(reason="budget", when="later"), at=NOON)
        apply(made)
        derive(ledger)
        standing.append(made)
    assert sum(step.worth for made in standing for step in made.lines) == ledger.lines[0].total
    assert sum(step.tax for made in standing for step in made.lines) == ledger.lines[0].tax
    assert to_give_back(ledger) == ledger.order.total
