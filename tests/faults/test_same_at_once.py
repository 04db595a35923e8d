"""The same thing asked many times at once over HTTP is done once; different things share stock exactly."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

import pytest

from tests.faults.outsider import Client, Said, an_order, at_once, holds, newcomer
from tests.faults.running import Up, new_folder, until

pytestmark = pytest.mark.faults

TIMES = 20
CLIENTS = 16
ON_HAND = 1_000
ARTICLES = [("MUG", "BOL"), ("BOL", "VASE"), ("VASE", "MUG")]
REASON = {"reason": "customer_changed_mind"}


@dataclass
class Shop:
    """One instance and its orders."""

    up: Up
    client: Client
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def order(self, articles: tuple[str, str] = ARTICLES[0]) -> tuple[str, str]:
        """Takes an order in; gives its id and its number."""
        number = f"S{next(self.numbers)}"
        body = an_order(number, articles=articles, reference=f"ok-{number}")
        return self.client.made("POST", "/orders", body)["id"], number

    def stock(self) -> dict[str, tuple[int, int]]:
        found = {sku: self.client.get(f"/items/{sku}") for sku in ("MUG", "BOL", "VASE")}
        return {sku: (item["on_hand"], item["allocated"]) for sku, item in found.items()}


@pytest.fixture(scope="module")
def running() -> Iterator[Shop]:
    with new_folder() as folder:
        up = Up(folder, "--web", "2").wait_ready()
        try:
            made = Shop(up, newcomer(up))
            for sku in ("MUG", "BOL", "VASE"):
                made.client.made("PUT", f"/items/{sku}", {"title": sku, "on_hand": ON_HAND})
            yield made
        finally:
            up.clean()


@pytest.fixture
def shop(running: Shop) -> Iterator[Shop]:
    """After each test: nothing of ours broke, and the books hold."""
    yield running
    assert running.client.broken == running.client.away == []
    holds(running.up)


def together(times: int, ask: Callable[[int], Said]) -> list[Said]:
    """So many threads, let go at the same moment."""
    start = threading.Barrier(times)

    def go(i: int) -> Said:
        start.wait(60)
        return ask(i)

    return at_once(go, range(times), threads=times)


def cancel(shop: Shop, order: str, body: dict[str, Any], key: str | None = None) -> Said:
    """As a good client: what is still in progress is asked again."""
    return shop.client.surely("POST", f"/orders/{order}/cancellations", body, key=key)


def codes(answers: list[Said]) -> Counter[str]:
    return Counter(f"{said.status} {said.code}".strip() for said in answers)


def carried_through(shop: Shop, order: str, number: str, *, refunds: list[str], cancellations: int) -> None:
    """Waits for the end and judges what the provider, the buyer and the page know."""

    def over() -> Any:
        page = shop.client.get(f"/orders/{order}")
        mails = shop.client.mails(f"{number}@example.test")
        done = all(one["state"] == "done" for one in page["cancellations"])
        return page if done and page["money"]["in_flight"] == "0.00" and mails else None

    page = until(over, what="carried through")
    assert len(page["cancellations"]) == cancellations
    assert [refund["amount"] for refund in shop.client.paid(f"ok-{number}")["refunds"]] == refunds
    assert len(shop.client.mails(f"{number}@example.test")) == 1


@pytest.mark.parametrize("key", ["whole-1", None], ids=["key", "no key"])
def test_the_same_whole_cancel_twenty_times_is_one(shop: Shop, key: str | None) -> None:
    before = shop.stock()
    order, number = shop.order()
    answers = together(TIMES, lambda _: cancel(shop, order, REASON, key))
    if key:
        assert codes(answers) == {"201": TIMES}
        assert len({said.body["id"] for said in answers}) == 1
        assert sum("Idempotent-Replayed" not in said.headers for said in answers) == 1
    else:
        assert codes(answers) == {"201": 1, "409 already_cancelled": TIMES - 1}
    carried_through(shop, order, number, refunds=["37.50"], cancellations=1)
    assert shop.stock() == before


def test_twenty_refunds_of_everything_are_one(shop: Shop) -> None:
    order, number = shop.order()
    body = {"amount": "37.50", "reason": "geste commercial"}
    answers = together(TIMES, lambda _: shop.client.surely("POST", f"/orders/{order}/refunds", body))
    assert codes(answers) == {"201": 1, "422 amount_too_large": TIMES - 1}
    carried_through(shop, order, number, refunds=["37.50"], cancellations=0)


@pytest.mark.parametrize("by", ["key", "plan"])
def test_the_same_part_with_one_key_or_one_plan_is_one(shop: Shop, by: str) -> None:
    before = shop.stock()
    order, number = shop.order()
    body: dict[str, Any] = {**REASON, "lines": [{"line": "1", "quantity": 1}]}
    if by == "key":
        answers = together(TIMES, lambda _: cancel(shop, order, body, "part-1"))
        assert codes(answers) == {"201": TIMES}
        assert len({said.body["id"] for said in answers}) == 1
    else:
        seen = shop.client.made("POST", f"/orders/{order}/cancellations/preview", body)
        answers = together(TIMES, lambda _: cancel(shop, order, body | {"plan": seen["plan"]}))
        assert codes(answers) == {"201": 1, "409 plan_changed": TIMES - 1}
    carried_through(shop, order, number, refunds=["12.30"], cancellations=1)
    after = shop.stock()
    assert (after["MUG"][1], after["BOL"][1]) == (before["MUG"][1] + 1, before["BOL"][1] + 1)


def test_sixteen_clients_on_the_same_three_articles_leave_exact_stock(shop: Shop) -> None:
    before = shop.stock()
    orders = at_once(lambda i: shop.order(ARTICLES[i % 3])[0], range(6 * CLIENTS), threads=4)
    taken = shop.stock()
    assert sum(allocated for _, allocated in taken.values()) == 3 * 6 * CLIENTS + sum(
        allocated for _, allocated in before.values()
    )

    def one_client(i: int) -> list[Said]:
        return [shop.client("POST", f"/orders/{order}/cancellations", REASON) for order in orders[i::CLIENTS]]

    answers = list(chain.from_iterable(at_once(one_client, range(CLIENTS), threads=CLIENTS)))
    assert codes(answers) == {"201": len(orders)}
    assert shop.stock() == before
    for said in answers:
        until(lambda one=said.body["id"]: shop.client.get(f"/cancellations/{one}")["state"] == "done")
