"""What goes back, to the cent: units of a line, its tax, and over which payments. Pure."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermand.orders.facts import LineFacts
from countermand.payments.facts import ShareFacts
from countermand.payments.providers.port import Declined, Found, Pending, Succeeded
from countermand.refunds.amounts import Target, line_tax, take
from countermand.refunds.outcomes import Again, Ask, Captured, Unknown, after_look_up
from countermand.refunds.split import split
from countermand.refunds.waiting import ARRIVED_SECONDS, STUBBORN_TRIES, wait_seconds
from countermand.refunds.wish import units_worth
from countermand.refusals import Refusal


def a_line(*, quantity: int, total: int, tax: int = 0, given: int = 0) -> LineFacts:
    return LineFacts(
        *(
            uuid4(),
            "1",
            1,
            uuid4(),
            "MUG",
            "Mug",
            quantity,
            200_000,
            total,
            tax,
            0,
            0,
            0,
            0,
            given,
            0,
            0,
            0,
            True,
            None,
        )
    )


def a_share(reference: str, amount: int, *, method: str = "card", partial: bool = True) -> ShareFacts:
    provider = {"card": "sandbox", "cash": "manual"}.get(method, "store_credit")
    return ShareFacts(
        *(
            uuid4(),
            uuid4(),
            reference,
            provider,
            None,
            method,
            "captured",
            amount,
            amount,
            0,
            0,
            amount,
            partial,
        )
    )


@given(st.integers(1, 60), st.integers(0, 100_000), st.data())
def test_units_given_back_in_any_steps_come_to_the_whole_line(
    quantity: int, total: int, data: st.DataObject
) -> None:
    line = a_line(quantity=quantity, total=total, tax=total // 6)
    for _ in range(quantity):
        try:
            worth = units_worth(line, data.draw(st.integers(1, 3)))
        except Refusal:
            continue
        assert 0 <= worth <= line.total - line.given
        line.given_tax += line_tax(line, amount=worth)
        line.given += worth
    line.given_tax += line_tax(line, amount=line.total - line.given)
    assert line.given_tax == line.tax


def test_the_units_of_the_contract_are_worth_what_it_says() -> None:
    line = a_line(quantity=3, total=3190)
    assert units_worth(line, 2) == 2126
    line.given = 1063
    assert units_worth(line, 2) == 2127
    line.given = 500
    assert units_worth(line, 1) == 563
    line.given = 3190
    with pytest.raises(Refusal):
        units_worth(line, 1)


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=6), st.data())
def test_targets_are_taken_whole_from_the_front(amounts: list[int], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, sum(amounts)))
    targets = [Target("goodwill", amount, amount // 6) for amount in amounts]
    tax = sum(target.tax for target in targets)
    taken = take(targets, wanted)
    assert sum(target.amount for target in taken) == wanted
    assert sum(target.amount for target in [*taken, *targets]) == sum(amounts)
    assert sum(target.tax for target in [*taken, *targets]) == tax


@given(
    st.lists(
        st.tuples(st.integers(1, 9_999), st.sampled_from(["card", "cash", "gift_card"])),
        min_size=1,
        max_size=5,
    ),
    st.data(),
)
def test_movements_sum_to_the_amount_and_no_payment_gives_more_than_it_has(
    paid: list[tuple[int, str]], data: st.DataObject
) -> None:
    shares = [a_share(str(i), amount, method=method) for i, (amount, method) in enumerate(paid)]
    amount = data.draw(st.integers(1, sum(share.free for share in shares)))
    moves = split(shares, amount)
    assert sum(move.amount for move in moves) == amount
    assert all(0 < move.amount <= move.share.free for move in moves)
    assert len({move.share.id for move in moves}) == len(moves)


def test_the_fewest_movements_exact_then_smallest_that_covers_then_biggest_first() -> None:
    shares = [a_share("a", 1000), a_share("b", 2500), a_share("c", 1800)]
    assert [(m.share.reference, m.amount) for m in split(shares, 1800)] == [("c", 1800)]
    assert [(m.share.reference, m.amount) for m in split(shares, 1500)] == [("c", 1500)]
    assert [(m.share.reference, m.amount) for m in split(shares, 3000)] == [("b", 2500), ("a", 500)]


class Sent:
    def __init__(self, **facts: object) -> None:
        self.kind, self.amount_minor, self.asked_at = "refund", 500, None
        self.confirmed = self.disputed = False
        self.__dict__.update(facts)


def found(*, captured: int = 1000, refunded: int = 0, voided: bool = False, **more: object) -> Found:
    return Found(captured_minor=captured, voided=voided, refunded_minor=refunded, **more)  # type: ignore[arg-type]


def test_what_a_look_up_means() -> None:
    from datetime import UTC, datetime, timedelta

    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    asked = {"asked_at": at - timedelta(seconds=ARRIVED_SECONDS)}
    just = {"asked_at": at - timedelta(seconds=ARRIVED_SECONDS - 1)}
    for sent, seen, meaning in (
        ({}, None, Declined("unknown_payment")),
        ({}, found(), Ask("refund")),
        ({}, found(refunded=1), Declined("refunded_elsewhere")),
        ({"confirmed": True}, found(refunded=1), Ask("refund")),
        ({}, found(voided=True), Declined("voided")),
        ({"disputed": True}, found(), Declined("disputed")),
        ({"disputed": True}, found(refund=Succeeded("7")), Succeeded("7")),
        (just, found(), Unknown("not_found_yet")),
        (asked, found(), Again("")),
        (asked, found(refund=Pending("7")), Pending("7")),
        ({"kind": "void"}, found(captured=0), Ask("void")),
        ({"kind": "void"}, found(captured=0, voided=True), Succeeded()),
        ({"kind": "void"}, found(captured=700), Captured(700)),
    ):
        assert after_look_up(Sent(**sent), seen, known_minor=500, at=at) == meaning  # type: ignore[arg-type]


def test_tries_come_ever_more_rarely_and_never_end() -> None:
    waits = [wait_seconds(tries) for tries in range(1, STUBBORN_TRIES + 10)]
    assert waits[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert waits == sorted(waits)
    assert waits[-1] == 3600
