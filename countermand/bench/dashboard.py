"""The Performance page over two years of orders: sums of days beside a scan of the orders, and beside the list's first page."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from countermand import sql
from countermand.bench import many_orders, shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.bench.times import Times
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.models import Channel
from countermand.overview.orders import order_list
from countermand.performance.jobs import add_up_days
from countermand.performance.report import performance

ORDERS = 1_000_000  # a minute apart: 694 days
LEAST = 50
ROUNDS = 30
SPANS = (7, 30, 365, 694)
REASONS = (
    "out_of_stock",
    "item_unavailable",
    "customer_changed_mind",
    "budget",
    "delay",
    "supplier",
    "damaged",
)

# Every cancelled order's cancellation, made of one that was confirmed rightly.
CANCELLATIONS = """
INSERT INTO cancellation
SELECT (jsonb_populate_record(NULL::cancellation, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'order_id', o.id,
    'at', o.placed_at + interval '5 hours', 'reason', (%(reasons)s::text[])[1 + n.n %% %(many)s],
    'initiated_by', CASE WHEN n.n %% 3 = 0 THEN 'buyer' ELSE 'merchant' END, 'source', NULL, 'state', 'done'))).*
FROM cancellation c, "order" o, LATERAL (SELECT right(o.number, 8)::int / 20 AS n) n
WHERE c.id = %(model)s AND o.merchant_id = c.merchant_id AND o.status = 'cancelled' AND o.number LIKE 'CMD-%%'
"""
LINES = """
INSERT INTO cancelled_line (id, merchant_id, cancellation_id, line_id, quantity, worth_minor, amount_minor, tax_minor, restocked)
SELECT gen_random_uuid(), l.merchant_id, c.id, l.id, l.cancelled, l.gone_minor, l.gone_minor, l.gone_tax_minor, 0
FROM cancellation c JOIN order_line l ON l.order_id = c.order_id
WHERE c.merchant_id = %(m)s AND c.id <> %(model)s AND l.cancelled > 0
"""
RATES = """
INSERT INTO rate_day (merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled)
SELECT merchant_id, channel_id, placed_on, count(*), sum(article_count), count(*) FILTER (WHERE status = 'cancelled'), 0
FROM "order" WHERE merchant_id = %(m)s GROUP BY 1, 2, 3
ON CONFLICT (channel_id, day) DO NOTHING
"""
DIRTY = """
INSERT INTO dirty_day (merchant_id, channel_id, day)
SELECT DISTINCT merchant_id, channel_id, placed_on FROM "order" WHERE merchant_id = %(m)s ON CONFLICT DO NOTHING
"""
SCAN = """
SELECT c.reason, count(DISTINCT o.id), sum(o.total_minor)
FROM "order" o LEFT JOIN cancellation c ON c.order_id = o.id
WHERE o.merchant_id = %(m)s AND o.placed_on BETWEEN %(first)s AND %(last)s GROUP BY 1
"""


def run(here: Ground, scale: float) -> Report:
    """This will fill a shop, add its days up as the worker does, and ask for the page over longer and longer periods."""
    report = Report("dashboard")
    count = max(LEAST, int(ORDERS * scale))
    place = shop.open_shop(articles=many_orders.ARTICLES, code="bench-dashboard")
    _fill(place, count)
    begun, days = time.perf_counter(), 0
    while done := add_up_days():
        days += done
    spent = time.perf_counter() - begun
    sql.execute("VACUUM ANALYZE")  # as autovacuum would have done over two years
    report.row(added_up="days", days=days, orders=count, ms_a_day=1000 * spent / max(1, days))
    rounds = max(3, int(ROUNDS * min(1.0, scale * 4)))
    listed = _timed(rounds, lambda: order_list(merchant_id=place.merchant_id))
    report.row(asked="first page of the list", p50_ms=listed.p50, p95_ms=listed.p95)
    channels = list(Channel.of(place.merchant_id))
    today = datetime.now(UTC).date()
    for span in SPANS:
        first = today - timedelta(days=span - 1)
        page = _timed(
            rounds,
            partial(
                performance,
                merchant_id=place.merchant_id,
                zone="Europe/Paris",
                channels=channels,
                day_from=first,
                day_to=today,
                at=datetime.now(UTC),
            ),
        )
        asked = {"m": place.merchant_id, "first": first, "last": today}
        scan = _timed(2, partial(sql.tuples, SCAN, asked))
        report.row(
            asked=f"{span} days",
            p50_ms=page.p50,
            p95_ms=page.p95,
            scan_ms=scan.p50,
            share_of_the_scan=page.p50 / scan.p50,
        )
    report.goal(
        "p95 of the longest period, in first pages of the list",
        reached=page.p95 / listed.p95,
        wanted=3.0,
        most=True,
    )
    report.notes.append(
        "The scan answers reasons only; the page everything that it shows, and the period before."
    )
    return report


def _fill(place: shop.Shop, count: int) -> None:
    model, other = shop.take_in(shop=place, count=2, prefix="MODEL")
    many_orders.grow(place=place, model=model, first=1, last=count, newest=count)
    made = confirm(
        merchant_id=place.merchant_id,
        order_id=other,
        ask=Ask(reason="out_of_stock", notify=False),
        by="bench",
        at=datetime.now(UTC),
    )
    asked = {"m": place.merchant_id, "model": made.id, "reasons": list(REASONS), "many": len(REASONS)}
    for statement in (CANCELLATIONS, LINES, RATES, DIRTY):
        sql.execute(statement, asked)
    # What came in by the front door is a mark of the worker's; the rest of the history does not exist.
    sql.execute(
        "INSERT INTO rollup_mark (id, event_id, next_event_id, next_xid)"
        " SELECT 1, last_value, last_value, 0 FROM event_id_seq"
        " ON CONFLICT (id) DO UPDATE SET event_id = EXCLUDED.event_id, next_event_id = EXCLUDED.next_event_id"
    )
    sql.execute("VACUUM ANALYZE")


def _timed(rounds: int, ask: Callable[[], object]) -> Times:
    times = Times()
    for turn in range(rounds + 2):
        begun = time.perf_counter()
        ask()
        if turn > 1:  # the first ones find the statement planned
            times.add(time.perf_counter() - begun)
    return times
