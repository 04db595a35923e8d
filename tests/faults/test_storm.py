"""Killed in the middle of a burst of cancels, by turns every part and then all: nothing is half-done after.

Seen from outside only. Within a minute, and without anyone, each refund is paid exactly once at the
provider, every buyer has a mail, stock is exact and the books balance.
"""

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psutil
import pytest

from tests.faults.outsider import Client, Said, an_order, at_once, holds, newcomer
from tests.faults.running import BOUND_SECONDS, Up, new_folder, until

pytestmark = pytest.mark.faults

CLIENTS = 8
ON_HAND = 10_000
ARTICLES = [("MUG", "BOL"), ("BOL", "VASE"), ("VASE", "MUG")]
# How the payment behaves, and how many orders are paid so. `void`: authorised, never captured.
TEMPERS = {"ok": 18, "lost": 12, "flaky": 10, "late": 8, "slow": 2, "void": 6, "decline": 2, "shipped": 2}
WHOLE, PART = "37.50", "12.30"


@dataclass
class House:
    """One instance over all storms: what it stands on, and who asks it."""

    up: Up
    client: Client
    port: int


@dataclass(frozen=True)
class Wish:
    """One cancel of the burst, and what must come of it."""

    number: str
    temper: str
    articles: tuple[str, str]
    part: bool

    @property
    def reference(self) -> str:
        return f"{ {'void': 'ok', 'shipped': 'ok'}.get(self.temper, self.temper) }-{self.number}"

    @property
    def refunds(self) -> list[str]:
        if self.temper in ("void", "decline", "shipped"):
            return []
        return [PART if self.part else WHOLE]

    @property
    def state(self) -> str:
        return "needs_person" if self.temper == "decline" else "done"

    def order(self) -> dict[str, Any]:
        state = "authorized" if self.temper == "void" else "captured"
        body = an_order(self.number, articles=self.articles, reference=self.reference, state=state)
        if self.temper == "shipped":
            lines = [{"line": "1", "quantity": 2}, {"line": "2", "quantity": 1}]
            body["fulfilments"] = [{"shipped_at": "2026-11-20T12:00:00+01:00", "lines": lines}]
        return body

    def body(self) -> dict[str, Any]:
        lines = {"lines": [{"line": "1", "quantity": 1}]} if self.part else {}
        return {"reason": "customer_changed_mind", **lines}

    def left(self) -> Counter[str]:
        """Units that stay allocated; what had left before the order came in never was."""
        mug, bowl = self.articles
        return Counter({mug: 1, bowl: 1}) if self.part else Counter()


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with new_folder() as folder:
        up = Up(folder, "--web", "2").wait_ready()
        made = House(up, newcomer(up), int(up.run["url"].rsplit(":", 1)[1]))
        for sku in ("MUG", "BOL", "VASE"):
            made.client.made("PUT", f"/items/{sku}", {"title": sku, "on_hand": ON_HAND})
        try:
            yield made
        finally:
            made.up.clean()


def pid_of(up: Up, name: str) -> int:
    return until(lambda: up.pids[name], what=f"a {name}")


def kill(*processes: psutil.Process) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def kill_web(house: House) -> None:
    """One process that serves; then, once it is back, the whole web."""
    web = psutil.Process(pid_of(house.up, "web"))
    served = until(web.children, what="a process that serves")
    kill(served[0])
    until(lambda: len([p for p in web.children() if p not in served[:1]]) == 2, what="two that serve")
    kill(web)


def kill_worker(house: House) -> None:
    """Twice: also the one that takes over from the dead one."""
    first = pid_of(house.up, "worker")
    kill(psutil.Process(first))
    second = until(lambda: house.up.pids["worker"] not in (None, first) and house.up.pids["worker"])
    kill(psutil.Process(second))


def kill_database(house: House) -> None:
    postmaster = psutil.Process(pid_of(house.up, "postgres"))
    kill(postmaster, *postmaster.children(recursive=True))


def kill_all(house: House) -> None:
    """As a power cut does, `up` first, and then somebody starts it again."""
    kill(*house.up.family())
    house.up.process.wait()
    house.up = Up(house.up.folder, "--web", "2", "--port", str(house.port)).wait_ready()


KILLERS: dict[str, Callable[[House], None]] = {
    "web": kill_web,
    "worker": kill_worker,
    "database": kill_database,
    "all": kill_all,
}


@pytest.mark.parametrize("name", KILLERS)
def test_a_storm_leaves_nothing_half_done(house: House, name: str) -> None:
    client = house.client
    wishes = wishes_of(name)
    before = stock(client)
    orders = at_once(lambda wish: client.made("POST", "/orders", wish.order())["id"], wishes, threads=4)

    answers = burst(house, wishes, orders, KILLERS[name])
    made = judge_answers(wishes, answers)
    wait_until_over(client, made)
    assert client.broken == []
    at_once(lambda pair: judge(client, *pair), zip(wishes, orders, strict=True), threads=4)
    left = sum((wish.left() for wish in wishes), Counter())
    assert stock(client) == {sku: (ON_HAND, before[sku][1] + left[sku]) for sku in before}
    holds(house.up)


def wishes_of(name: str) -> list[Wish]:
    """The orders of one storm, the tempers well mixed."""
    tempers = [(i / count, temper) for temper, count in TEMPERS.items() for i in range(count)]
    return [
        Wish(f"{name}-{i}", temper, ARTICLES[i % 3], part=temper in ("ok", "lost") and i % 3 == 0)
        for i, (_, temper) in enumerate(sorted(tempers))
    ]


def burst(house: House, wishes: list[Wish], orders: list[str], killer: Callable[[House], None]) -> list[Said]:
    """All cancels from several clients; when a quarter is answered, the killer goes about."""
    answered, quarter = 0, threading.Event()

    def cancel(pair: tuple[Wish, str]) -> Said:
        nonlocal answered
        wish, order = pair
        said = house.client.surely("POST", f"/orders/{order}/cancellations", wish.body(), key=wish.number)
        answered += 1
        if answered >= len(wishes) // 4:
            quarter.set()
        return said

    # Whatever the killer starts belongs to this thread, which stays: a child dies with the thread that began it.
    with ThreadPoolExecutor(1) as clients:
        pairs = list(zip(wishes, orders, strict=True))
        going = clients.submit(at_once, cancel, pairs, threads=CLIENTS)
        assert quarter.wait(BOUND_SECONDS)
        killer(house)
        return going.result()


def judge_answers(wishes: list[Wish], answers: list[Said]) -> dict[str, Wish]:
    """Each cancel was answered as if nothing had happened; gives the cancellations that were made."""
    for wish, said in zip(wishes, answers, strict=True):
        wanted = (409, "already_shipped") if wish.temper == "shipped" else (201, "")
        assert (said.status, said.code) == wanted, (wish, said)
    return {said.body["id"]: wish for wish, said in zip(wishes, answers, strict=True) if said.status == 201}


def wait_until_over(client: Client, made: dict[str, Wish]) -> None:
    """Waits until every cancellation has come to its end."""
    waiting = dict(made)
    seen: dict[str, Any] = {}

    def all_over() -> bool:
        for cancellation in list(waiting):
            seen[cancellation] = client.get(f"/cancellations/{cancellation}")
            if seen[cancellation]["state"] != waiting[cancellation].state:
                return False
            del waiting[cancellation]
        return True

    try:
        until(all_over, what="every cancellation carried through")
    except AssertionError as late:
        left = [(waiting[one], seen.get(one, {}).get("steps")) for one in waiting]
        raise AssertionError(f"{late}: {left}") from late


def judge(client: Client, wish: Wish, order: str) -> None:
    """What the provider and the buyer know of one order is what was wished."""
    paid = client.paid(wish.reference)
    assert [refund["amount"] for refund in paid["refunds"]] == wish.refunds, (wish, paid)
    assert Decimal(paid["refunded"]) == sum(map(Decimal, wish.refunds))
    assert paid["voided"] == (wish.temper == "void")
    page = client.get(f"/orders/{order}")
    assert len(page["cancellations"]) == (wish.temper != "shipped"), (wish, page)
    assert [line["cancelled"] for line in page["lines"]] == (
        [0, 0] if wish.temper == "shipped" else [1, 0] if wish.part else [2, 1]
    )
    mails = client.mails(f"{wish.number}@example.test")
    assert len({mail["message_id"] for mail in mails}) == (wish.temper != "shipped"), (wish, mails)
    assert len(mails) <= 2, (wish, mails)


def stock(client: Client) -> dict[str, tuple[int, int]]:
    found = {sku: client.get(f"/items/{sku}") for sku in ("MUG", "BOL", "VASE")}
    return {sku: (item["on_hand"], item["allocated"]) for sku, item in found.items()}
