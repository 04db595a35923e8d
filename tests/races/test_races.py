"""Every verb against every other on the same order, at the same time: the books hold whoever comes first."""

import itertools
from functools import partial
from typing import Any

import pytest

from countermand.refusals import Refusal
from tests.at_once import at_once, refused
from tests.races.groups import Pair, covered, groups
from tests.races.scene import quiet, set_up
from tests.races.verbs import VERBS

_tags = itertools.count(1)


def meet(name: str, other: str) -> bool:
    """This will say whether two verbs wait for the same thing somewhere."""
    return bool(set(VERBS[name].locks.split()) & set(VERBS[other].locks.split()))


# Those that wait for the same thing meet few at a time: each of them comes first as often as not.
PAIRS = list(itertools.combinations_with_replacement(VERBS, 2))
MEETING = groups([pair for pair in PAIRS if meet(*pair)], size=3)
# The others should not notice one another. Fifty threads on two cores would wait for the cores.
APART = groups([pair for pair in PAIRS if not meet(*pair) and pair[0] != pair[1]], size=12)


def judge(group: tuple[str, ...], raised: list[BaseException | None]) -> None:
    wrong = [f"{name}: {error!r}" for name, error in zip(group, raised, strict=True) if not refused(error)]
    assert not wrong, f"{', '.join(group)}: {wrong}"


def test_no_pair_is_forgotten() -> None:
    raced: set[Pair] = set()
    for found in (MEETING, APART):
        raced |= {pair for group in itertools.chain.from_iterable(found.values()) for pair in covered(group)}
    assert raced >= {frozenset(pair) for pair in PAIRS if pair[0] != pair[1] or meet(*pair)}


@pytest.mark.parametrize("name", MEETING)
def test_a_verb_against_each_that_it_meets(merchant: Any, name: str) -> None:
    race(merchant.id, MEETING[name])


@pytest.mark.parametrize("name", APART)
def test_a_verb_among_all_that_it_does_not_meet(merchant: Any, name: str) -> None:
    race(merchant.id, APART[name])


def race(merchant_id: int, groups: list[tuple[str, ...]]) -> None:
    """This will race each group on an order of its own; afterwards all is carried through."""
    for group in groups:
        scene = set_up(merchant_id, f"R{next(_tags)}")
        judge(group, at_once(*[partial(VERBS[one].run, scene) for one in group]))
        quiet(scene)


@pytest.mark.parametrize("with_plan", [True, False])
def test_the_same_whole_cancel_twenty_times_is_one(merchant: Any, with_plan: bool) -> None:
    from countermand.cancellations.actions import confirm, preview
    from countermand.cancellations.ask import Ask
    from countermand.cancellations.models import Cancellation
    from countermand.correspondence.models import Message
    from countermand.intake.actions import receive
    from countermand.refunds.models import Refund
    from tests.races.scene import an_order

    tag = f"T{next(_tags)}"
    scene = set_up(merchant.id, f"{tag}-x")
    order = receive(merchant_id=merchant.id, body=an_order(tag), by="test", at=scene.at).order_id
    ask = Ask(reason="out_of_stock")
    if with_plan:
        shown, _ = preview(merchant_id=merchant.id, order_id=order, ask=ask, at=scene.at)
        ask = Ask(reason="out_of_stock", plan=shown.digest)

    def call_off() -> None:
        confirm(merchant_id=merchant.id, order_id=order, ask=ask, by="race", at=scene.at)

    raised = at_once(*[call_off] * 20)
    assert sum(error is None for error in raised) == 1
    assert {error.code for error in raised if isinstance(error, Refusal)} == {"already_cancelled"}
    quiet(scene)
    assert Cancellation.of(merchant.id).filter(order_id=order).count() == 1
    assert Message.of(merchant.id).filter(order_id=order).count() == 1
    paid_back = Refund.of(merchant.id).filter(order_id=order, kind="refund")
    assert sum(refund.amount_minor for refund in paid_back) == 10870


def test_sixteen_clients_on_the_same_articles_leave_the_stock_exact(merchant: Any) -> None:
    from countermand.cancellations.actions import confirm
    from countermand.cancellations.ask import Ask
    from countermand.intake.actions import receive
    from countermand.stock.models import Item
    from tests.races.scene import an_order

    scene = set_up(merchant.id, f"S{next(_tags)}")
    before = Item.of(merchant.id).get(sku="MUG")
    tags = [f"C{next(_tags)}" for _ in range(16)]
    orders = [receive(merchant_id=merchant.id, body=an_order(t), by="t", at=scene.at).order_id for t in tags]
    runs = [
        lambda o=order: confirm(
            merchant_id=merchant.id, order_id=o, ask=Ask(reason="budget"), by="r", at=scene.at
        )
        for order in orders
    ]
    assert at_once(*runs) == [None] * 16
    after = Item.of(merchant.id).get(sku="MUG")
    assert (after.on_hand, after.allocated) == (before.on_hand, before.allocated)
    quiet(scene)
