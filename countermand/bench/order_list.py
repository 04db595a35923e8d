"""The list of orders: its first page, filters and searches in a small shop and in one ten times as large."""

import random
import time
from collections.abc import Callable
from typing import Any

from countermand.bench import many_orders, shop
from countermand.bench.ground import Ground
from countermand.bench.many_orders import FIRST_NAMES, OLD_NAME, buyer, number, skus
from countermand.bench.report import Report
from countermand.bench.times import Times
from countermand.overview.orders import order_list

SMALL, LARGE = 100_000, 1_000_000
ROUNDS = 60
LEAST = 20

Asking = dict[str, Any]


def run(here: Ground, scale: float) -> Report:
    """This will ask the same questions of one merchant twice: before and after it has grown tenfold."""
    report = Report("list")
    small, large = max(LEAST, int(SMALL * scale)), max(10 * LEAST, int(LARGE * scale))
    place = shop.open_shop(articles=many_orders.ARTICLES, code="bench-list")
    model = shop.take_in(shop=place, count=1, prefix="MODEL")[0]
    taken: dict[int, dict[str, Times]] = {}
    made = 0
    for size in (small, large):
        many_orders.grow(place=place, model=model, first=made + 1, last=size, newest=large)
        made = size
        taken[size] = _asked(place.merchant_id, size, large, max(5, int(ROUNDS * min(1.0, scale * 4))))
    for name in QUESTIONS:
        before, after = taken[small][name], taken[large][name]
        report.row(
            asked=name,
            found=after.found,
            **{f"p50_ms_{small:,}": before.p50, f"p95_ms_{small:,}": before.p95},
            **{f"p50_ms_{large:,}": after.p50, f"p95_ms_{large:,}": after.p95},
            ratio_p50=after.p50 / before.p50,
            ratio_p95=after.p95 / before.p95,
        )
    for name in ("number", "e-mail", "rare name"):
        ratio = taken[large][name].p95 / taken[small][name].p95
        report.goal(f"p95 of {name} at ten times the orders", reached=ratio, wanted=2.0, most=True)
    report.notes.append(
        "`found` is on the first page, of 50 at most. “Old common name”: one order in twenty, all old."
    )
    return report


def _asked(merchant_id: int, size: int, newest: int, rounds: int) -> dict[str, Times]:
    chance = random.Random(7)  # noqa: S311
    taken = {}
    for name, question in QUESTIONS.items():
        times = taken[name] = Times()
        for turn in range(rounds + 2):
            asking = question(chance.randint(1, size), newest)
            begun = time.perf_counter()
            page = order_list(merchant_id=merchant_id, **asking)
            if turn > 1:  # the first ones find the statement planned
                times.add(time.perf_counter() - begun)
            times.found = len(page["items"])
        if not times.found:
            raise RuntimeError(f"nothing was found by {name}: {asking}")
    return taken


def _text(words: Callable[[int, int], str]) -> Callable[[int, int], Asking]:
    return lambda n, newest: {"q": words(n, newest)}


# What is asked, from an order drawn by lot and the number of the newest.
QUESTIONS: dict[str, Callable[[int, int], Asking]] = {
    "first page": lambda n, newest: {},
    "open": _text(lambda n, newest: "status:open"),
    "of a channel": lambda n, newest: {"filters": {"channel": shop.CHANNEL}},
    "cancelled, above 10": _text(lambda n, newest: "status:cancelled total:>10"),
    "number filter": lambda n, newest: {"filters": {"number": number(n=n)}},
    "number": _text(lambda n, newest: number(n=n)),
    "last 6 digits": _text(lambda n, newest: number(n=n)[-6:]),
    "e-mail": _text(lambda n, newest: buyer(n=n, newest=newest)[2]),
    "rare name": _text(lambda n, newest: buyer(n=n, newest=newest)[1]),
    "article": _text(lambda n, newest: f"sku:{skus(n=n)[0]}"),
    "common name": _text(lambda n, newest: FIRST_NAMES[n % len(FIRST_NAMES)]),
    "common and rare name": _text(lambda n, newest: " ".join(buyer(n=n, newest=newest)[:2])),
    "old common name": _text(lambda n, newest: OLD_NAME),
}
