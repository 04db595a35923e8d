"""The page of a long order, as the API answers it and as a person reads it, beside that of a short one."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.test import Client

from countermand import sql
from countermand.bench import shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.bench.shop import Shop
from countermand.bench.statements import counted
from countermand.bench.times import Times
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.intake.actions import receive
from countermand.merchants.actions import add_member
from countermand.merchants.models import Merchant
from countermand.orders.actions.notes import add_note

ROUNDS = 60
# Lines of the order, how many of them are called off one by one, and events in all.
LONG, SHORT = (50, 10, 200), (2, 1, 10)
BACKEND = "countermand.merchants.sign_in.Backend"


def run(here: Ground, scale: float) -> Report:
    """This will ask for both pages again and again, and count statements once."""
    report = Report("order-page")
    place = shop.open_shop(articles=200, code="bench-page")
    orders = {"short": _order(place, "SHORT", *SHORT), "long": _order(place, "LONG", *LONG)}
    sql.execute("VACUUM ANALYZE")
    doors = {"API": _api(place), "web": _web(place)}
    rounds = max(3, int(ROUNDS * scale))
    sent: dict[tuple[str, str], int] = {}
    taken: dict[tuple[str, str], Times] = {}
    for door, open_page in doors.items():
        for length, order_id in orders.items():
            size = _page(open_page, order_id)
            with counted() as statements:
                _page(open_page, order_id)
            sent[door, length] = len(statements)
            times = taken[door, length] = Times()
            for _ in range(rounds):
                begun = time.perf_counter()
                _page(open_page, order_id)
                times.add(time.perf_counter() - begun)
            lines, _, events = LONG if length == "long" else SHORT
            report.row(
                door=door,
                order=length,
                lines=lines,
                events=events,
                statements=len(statements),
                p50_ms=times.p50,
                p95_ms=times.p95,
                kb=size / 1024,
            )
    for door in doors:
        report.goal(
            f"statements of {door}, whatever the length", reached=sent[door, "long"], wanted=12, most=True
        )
        if sent[door, "long"] != sent[door, "short"]:
            report.notes.append(f"{door} sends more statements for a long order than for a short one.")
    report.notes.append("Statements are exact; signing in, the session and the token are among them.")
    return report


def _order(place: Shop, number: str, lines: int, called_off: int, events: int) -> UUID:
    """An order that has gone through much: lines called off one by one, and notes up to so many events."""
    at = datetime.now(UTC)
    body = shop.body(number=number, skus=[f"ART-{n}" for n in range(lines)], quantity=2)
    given: dict[str, Any] = {"merchant_id": place.merchant_id, "by": "bench", "at": at}
    order_id = receive(body=body, **given).order_id
    for n in range(called_off):
        ask = Ask(reason="customer_changed_mind", lines=((str(n + 1), 1),))
        confirm(order_id=order_id, ask=ask, **given)
    [(so_far,)] = sql.tuples("SELECT count(*) FROM event WHERE order_id = %s", (order_id,))
    for n in range(events - so_far):
        add_note(order_id=order_id, text=f"La cliente a rappelé ({n}).", **given)
    return order_id


def _api(place: Shop) -> Callable[[UUID], Any]:
    client, headers = Client(SERVER_NAME="localhost"), {"Authorization": f"Bearer {place.token}"}
    return lambda order_id: client.get(f"/api/v1/orders/{order_id}", headers=headers)


def _web(place: Shop) -> Callable[[UUID], Any]:
    user = add_member(
        merchant=Merchant.objects.get(id=place.merchant_id),
        email="bench@shop.example",
        password=place.token,
        role="owner",
        first_name="Zoé",
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend=BACKEND)
    return lambda order_id: client.get(f"/commandes/{order_id}")


def _page(open_page: Callable[[UUID], Any], order_id: UUID) -> int:
    answer = open_page(order_id)
    if answer.status_code != 200:
        raise RuntimeError(f"the page of the bench was answered with {answer.status_code}")
    return len(answer.content)
