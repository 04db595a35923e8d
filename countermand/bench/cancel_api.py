"""Calling off whole orders of three lines over HTTP, beside plain SQL that writes the same rows."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psutil
from django.test import Client

from countermand import sql
from countermand.bench import cpu, limit, serving, shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.bench.shop import Shop
from countermand.bench.statements import counted

BODY = json.dumps({"reason": "customer_changed_mind"})
CLIENTS = (1, 4, 16)
TRIED = 0.01  # below this scale it is only tried whether it works: with 16 clients
ARTICLES = 3000
WARM = 320
# Orders per measurement: a few seconds each at full scale.
OURS, LIMIT = 2000, 6000
BACKLOG = """
SELECT (SELECT count(*) FROM refund WHERE state IN ('planned', 'sent', 'unknown'))
     + (SELECT count(*) FROM message WHERE state IN ('planned', 'sending'))
"""


@dataclass
class Run:
    """What every measurement needs."""

    here: Ground
    shop: Shop
    port: int
    gunicorn: psutil.Process
    report: Report
    ours: int


def run(here: Ground, scale: float) -> Report:
    """This will measure 1, 4 and 16 clients, spread and same articles, worker stopped and running."""
    report = Report("cancel-api")
    all_clients = CLIENTS if scale >= TRIED else CLIENTS[-1:]
    ours, plain = max(32, int(OURS * scale)), max(32, int(LIMIT * scale))
    serving.compiled(here=here)
    place = shop.open_shop(articles=ARTICLES, code="bench-api")
    sample, statements = _sample(place)
    report.row(rows_of_one_cancel=", ".join(f"{n} {table}" for table, n in sample.counts.items()))
    report.row(statements=len(statements), and_beside_them="BEGIN, COMMIT", texts=" · ".join(statements))
    limits = dict(_limits(here, place, sample, plain, all_clients))
    _settle()
    with serving.web(here=here) as (port, gunicorn):
        measure = Run(here, place, port, gunicorn, report, ours)
        _post(measure, clients=16, prefix="WARM", count=min(WARM, ours), same=False)
        rates = {
            (articles, works, clients): _measure(measure, articles, works, clients, limits)
            for works in ("stopped", "running")
            for articles in ("spread", "same three")
            for clients in all_clients
        }
    spread, same = rates["spread", "stopped", 16], rates["same three", "stopped", 16]
    report.goal("orders/s, 16 clients", reached=spread, wanted=200.0)
    report.goal(
        "of the limit in %, 16 clients (aim 25)", reached=100 * spread / limits["spread", 16], wanted=15.0
    )
    report.goal("statements", reached=float(len(statements)), wanted=10.0, most=True)
    at_16 = next(r for r in report.rows if r.get("clients") == 16)
    report.goal("ms of Python each", reached=at_16["python_ms"], wanted=3.0, most=True)
    if at_16["postgresql_ms"] is not None:
        report.goal("ms of PostgreSQL each", reached=at_16["postgresql_ms"], wanted=2.0, most=True)
    report.goal("same articles in % of spread", reached=100 * same / spread, wanted=80.0)
    return report


def _settle() -> None:
    """What the limit left behind is tidied up now: later the server would do so at our expense."""
    sql.execute("VACUUM (ANALYZE)")
    sql.execute("CHECKPOINT")


def _sample(place: Shop) -> tuple[limit.Sample, list[str]]:
    """One cancel in this process, with every statement it sends."""
    first, second = shop.take_in(shop=place, count=2, prefix="SAMPLE")
    _cancel_here(place, first)
    was = limit.before(order_id=second)
    with counted() as statements:
        _cancel_here(place, second)
    return limit.written(order_id=second, was=was), statements


def _cancel_here(place: Shop, order_id: UUID) -> None:
    headers = {"Authorization": f"Bearer {place.token}", "Idempotency-Key": str(order_id)}
    answer = Client(SERVER_NAME="localhost").post(
        _path(order_id), BODY, content_type="application/json", headers=headers
    )
    if answer.status_code != 201:
        raise RuntimeError(answer.content.decode())


def _path(order_id: UUID) -> str:
    return f"/api/v1/orders/{order_id}/cancellations"


def _limits(
    here: Ground, place: Shop, sample: limit.Sample, count: int, all_clients: tuple[int, ...]
) -> Iterator[tuple[tuple[str, int], float]]:
    text = limit.script(sample=sample)
    base = 0
    for articles in ("spread", "same three"):
        prefix, same = f"L{articles[1]}", articles != "spread"
        orders = shop.take_in(shop=place, count=count * len(all_clients), prefix=prefix, same=same)
        limit.prepare(order_ids=orders, sample=sample, base=base)
        for clients in all_clients:
            yield (
                (articles, clients),
                limit.run(here=here, text=text, clients=clients, base=base, count=count),
            )
            base += count


def _measure(
    measure: Run, articles: str, works: str, clients: int, limits: dict[tuple[str, int], float]
) -> float:
    prefix = f"{articles[:2]}{works[0]}{clients}-".upper()
    with serving.worker(here=measure.here) if works == "running" else nullcontext():
        found = _post(measure, clients=clients, prefix=prefix, count=measure.ours, same=articles != "spread")
        [(backlog,)] = sql.tuples(BACKLOG)
    rate = measure.ours / found["seconds"]
    best = limits[articles, clients]
    measure.report.row(
        articles=articles,
        worker=works,
        clients=clients,
        orders_per_s=rate,
        limit_per_s=best,
        percent=100 * rate / best,
        p50_ms=found["p50_ms"],
        p95_ms=found["p95_ms"],
        python_ms=found["python_ms"],
        postgresql_ms=found["postgresql_ms"],
        backlog=backlog,
    )
    return rate


def _post(measure: Run, *, clients: int, prefix: str, count: int, same: bool) -> dict[str, Any]:
    orders = shop.take_in(shop=measure.shop, count=count, prefix=prefix, same=same)
    roots = {"python_ms": measure.gunicorn, "postgresql_ms": measure.here.server}
    was = {name: cpu.seconds(root=root) for name, root in roots.items()}
    found = serving.post_all(
        here=measure.here,
        port=measure.port,
        clients=clients,
        token=measure.shop.token,
        paths=[_path(order) for order in orders],
        key=prefix,
        body=BODY,
    )
    for name, root in roots.items():
        now, then = cpu.seconds(root=root), was[name]
        found[name] = None if now is None or then is None else 1000 * (now - then) / count
    return found
