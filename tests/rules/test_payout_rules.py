"""What a merchant is paid out: numbers that one checks by hand."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from countermand import ids
from countermand.payouts.rules import (
    BACK,
    COMMISSION,
    KEPT,
    REFUND,
    REVERSAL,
    SALE,
    CalledOff,
    OrderMoney,
    Written,
    balances,
    missing,
    rate_of,
)

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def called_off(amount: int, commission: str = "reversed") -> CalledOff:
    return CalledOff(ids.new(), NOON, amount, commission)


def said(money: OrderMoney, written: Written = Written()) -> list[tuple[str, int]]:  # noqa: B008
    return [(entry.kind, entry.amount) for entry in missing(money, written)]


def test_RK5_a_sale_less_its_commission_and_the_payout_is_cancelled_with_it() -> None:
    assert said(OrderMoney(3000, 0, 1500, [])) == [(SALE, 3000), (COMMISSION, -450)]
    whole = OrderMoney(3000, 3000, 1500, [called_off(3000)])
    assert said(whole) == [(SALE, 3000), (COMMISSION, -450), (REVERSAL, -3000), (BACK, 450)]
    assert sum(amount for _, amount in said(whole)) == 0


def test_RK13_without_a_case_the_commission_stays_due() -> None:
    kept = OrderMoney(3000, 1000, 1500, [called_off(1000, "kept")])
    [*_, reversal, stays] = missing(kept, Written({SALE: 3000, COMMISSION: -450}))
    assert (reversal.kind, reversal.amount) == (REVERSAL, -1000)
    assert (stays.kind, stays.amount, stays.about) == (KEPT, 0, 150)
    assert sum(balances(kept).values()) == 3000 - 450 - 1000


def test_what_went_back_without_a_cancellation_is_taken_off_too() -> None:
    money = OrderMoney(3000, 400, 1500, [])
    assert said(money, Written({SALE: 3000, COMMISSION: -450})) == [(REFUND, -400), (BACK, 60)]


def test_nothing_captured_is_nothing_paid_out() -> None:
    assert said(OrderMoney(0, 0, 1500, [])) == []


def test_a_rate_is_read_in_hundredths() -> None:
    assert [rate_of(text) for text in ("15.00", "15", "7.5", "", "0.25")] == [1500, 1500, 750, 0, 25]


@given(
    st.integers(1, 100_000),
    st.integers(0, 10_000),
    st.lists(st.tuples(st.integers(0, 100), st.sampled_from(["reversed", "kept"]))),
    st.integers(0, 100),
)
def test_in_any_steps_the_entries_sum_to_what_the_order_gives(
    captured: int, rate: int, shares: list[Any], more: int
) -> None:
    steps, left = [], captured
    for percent, commission in shares:
        amount = left * percent // 100
        if amount:
            steps.append(called_off(amount, commission))
            left -= amount
    written = Written()
    for upto in range(len(steps) + 1):
        gone = sum(one.given_back for one in steps[:upto]) + left * more // 100
        money = OrderMoney(captured, gone, rate, steps[:upto])
        sums, back = dict(written.sums), dict(written.taken_back)
        for entry in missing(money, written):
            sums[entry.kind] = sums.get(entry.kind, 0) + entry.amount
            if entry.kind == REVERSAL and entry.called_off:
                back[entry.called_off.id] = back.get(entry.called_off.id, 0) - entry.amount
        written = Written(sums, back)
        assert {kind: amount for kind, amount in sums.items() if amount} == {
            kind: amount for kind, amount in balances(money).items() if amount
        }
        assert list(missing(money, written)) == []
