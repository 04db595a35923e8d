"""Every verb against every other on the same order, at the same time: the books hold whoever comes first."""

import itertools
import threading
from functools import partial
from typing import Any

import pytest
from django.db import connection

from countermand.refusals import Refusal
from tests.races.scene import quiet, set_up
from tests.races.verbs import VERBS

_tags = itertools.count(1)


def at_once(*runs: Any) -> list[BaseException | None]:
    """This will run functions in threads that start together; what each raised, or None."""
    start = threading.Barrier(len(runs))
    raised: list[BaseException | None] = [None] * len(runs)

    def go(i: int, run: Any) -> None:
        try:
            start.wait(10)
            run()
        except BaseException as error:
            raised[i] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(i, run)) for i, run in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a verb hangs"
    return raised


def meet(name: str, other: str) -> bool:
    """This will say whether two verbs wait for the same thing somewhere: those are raced one against one."""
    return bool(set(VERBS[name].locks.split()) & set(VERBS[other].locks.split()))


def judge(name: str, raised: list[BaseException | None]) -> None:
    for error in raised:
        assert error is None or isinstance(error, Refusal), f"{name}: {error!r}"


def pairs() -> list[tuple[str, str]]:
    """This will give every two verbs that meet, each verb also with itself."""
    return [(a, b) for a, b in itertools.combinations_with_replacement(VERBS, 2) if meet(a, b)]


def threes() -> dict[str, list[tuple[str, ...]]]:
    """This will put every pair into a group of three at most, by who leads it.

    A scene costs twenty times what a race in it does; three at once are three pairs for one scene, and
    any two of them still come first as often as not.
    """
    left = dict.fromkeys(frozenset(two) for two in pairs())
    groups: dict[str, list[tuple[str, ...]]] = {name: [] for name in VERBS}
    for a, b in pairs():
        if frozenset((a, b)) in left:
            thirds = (one for one in VERBS if {frozenset((a, one)), frozenset((b, one))} <= left.keys())
            group = (a, b, *itertools.islice((one for one in thirds if one not in (a, b)), 1))
            groups[a].append(group)
            for two in itertools.combinations(group, 2):
                left.pop(frozenset(two), None)
    return groups


THREES = threes()


def test_no_pair_is_forgotten() -> None:
    raced = {
        frozenset(two)
        for all_ in THREES.values()
        for group in all_
        for two in itertools.combinations(group, 2)
    }
    assert raced == {frozenset(two) for two in pairs()}


@pytest.mark.parametrize("name", [name for name, groups in THREES.items() if groups])
def test_a_verb_against_each_that_it_meets(merchant: Any, name: str) -> None:
    for group in THREES[name]:
        scene = set_up(merchant.id, f"R{next(_tags)}")
        judge(" against ".join(group), at_once(*[partial(VERBS[one].run, scene) for one in group]))
        quiet(scene)


AT_ONCE = 12  # more than wait for one another in a shop; fifty threads on two cores wait for the cores


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_among_all_that_it_does_not_meet(merchant: Any, name: str) -> None:
    others = [other for other in VERBS if not meet(name, other)]
    scene = set_up(merchant.id, f"A{next(_tags)}")
    for first in range(0, len(others), AT_ONCE):
        crowd = (name, *others[first : first + AT_ONCE])
        judge(name, at_once(*[partial(VERBS[one].run, scene) for one in crowd]))
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
