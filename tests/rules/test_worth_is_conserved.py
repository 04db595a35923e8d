"""Any way of calling an order off in parts gives back just what calling it off whole gives back."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import apply, plan
from countermand.money import plain
from countermand.payments.ledger import derive
from countermand.payments.rules import to_give_back

from .ledgers import NOON, a_body, a_ledger

RATES = ("0", "2.1", "5.5", "10", "20")


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Orders of all shapes, in currencies of 0, 2 and 3 decimals, with and without tax, paid in full."""
    currency = draw(st.sampled_from(("EUR", "JPY", "KWD")))
    lines = []
    net = 0
    for i in range(draw(st.integers(1, 5))):
        quantity = draw(st.one_of(st.integers(1, 7), st.integers(1, 10_000)))
        price = draw(st.integers(0, 20_000))
        discount = draw(st.integers(0, min(price * quantity, 5_000)))
        net += price * quantity - discount
        lines.append(
            {
                "sku": f"S{i}",
                "quantity": quantity,
                "unit_price": plain(price, currency),
                "discount": plain(discount, currency),
                "tax_rate": draw(st.sampled_from(RATES)),
            }
        )
    shipping = draw(st.integers(0, 2_000))
    discounts = []
    for target, most in (("lines", net // 2), ("shipping", shipping // 2), ("all", (net + shipping) // 3)):
        amount = draw(st.integers(0, min(most, 3_000)))
        discounts.append({"title": target, "amount": plain(amount, currency), "target": target})
    body = a_body(
        currency=currency,
        prices_include_tax=draw(st.booleans()),
        lines=lines,
        discounts=discounts,
        shipping={"amount": plain(shipping, currency), "tax_rate": "20"},
        fees=[{"amount": plain(draw(st.integers(0, 500)), currency), "refundable": draw(st.booleans())}],
        payments=[],
    )
    total = a_ledger(body).order.total
    first = draw(st.integers(0, total))
    body["payments"] = [
        {"provider": "sandbox", "method": "card", "amount": plain(amount, currency), "state": "captured"}
        for amount in (first, total - first)
        if amount
    ]
    return body


def call_off(ledger: Any, **wish: Any) -> Any:
    made = plan(ledger, Ask(reason="out_of_stock", **wish), at=NOON)
    apply(made)
    derive(ledger)
    return made


@settings(max_examples=150, deadline=None)
@given(bodies(), st.randoms(use_true_random=False))
def test_parts_sum_to_the_whole_in_any_order(body: dict[str, Any], random: Any) -> None:
    whole = call_off(a_ledger(body))

    ledger = a_ledger(body)
    parts = []
    while any(line.open for line in ledger.lines):
        line = random.choice([line for line in ledger.lines if line.open])
        parts.append(call_off(ledger, lines=((line.reference, random.randint(1, line.open)),)))

    assert sum(part.refund for part in parts) == whole.refund
    assert sum(x.tax for part in parts for x in part.lines) == sum(line.tax for line in ledger.lines)
    for line in ledger.lines:
        assert sum(x.amount for part in parts for x in part.lines if x.line is line) == line.total
    assert ledger.order.in_flight == whole.refund
    assert to_give_back(ledger) == 0
    assert ledger.order.status == "cancelled"


@settings(max_examples=150, deadline=None)
@given(bodies(), st.randoms(use_true_random=False))
def test_tax_given_back_never_exceeds_tax_charged(body: dict[str, Any], random: Any) -> None:
    ledger = a_ledger(body)
    charged: dict[int, int] = {}
    for line in ledger.lines:
        charged[line.tax_rate] = charged.get(line.tax_rate, 0) + line.tax
    given_back = dict.fromkeys(charged, 0)
    while any(line.open for line in ledger.lines):
        line = random.choice([line for line in ledger.lines if line.open])
        made = call_off(ledger, lines=((line.reference, random.randint(1, line.open)),))
        for part in made.parts:
            for target in part.targets:
                if target.line is not None:
                    given_back[target.line.tax_rate] += target.tax
        assert all(given_back[rate] <= charged[rate] for rate in charged)


@settings(max_examples=100, deadline=None)
@given(bodies(), st.randoms(use_true_random=False))
def test_what_is_owed_later_is_what_now_would_have_given(body: dict[str, Any], random: Any) -> None:
    ledger = a_ledger(body)
    while any(line.open for line in ledger.lines):
        line = random.choice([line for line in ledger.lines if line.open])
        before = to_give_back(ledger)
        made = call_off(ledger, lines=((line.reference, random.randint(1, line.open)),), when="later")
        assert to_give_back(ledger) == before + made.refund
        assert ledger.order.in_flight == 0
    assert to_give_back(ledger) == call_off(a_ledger(body)).refund
