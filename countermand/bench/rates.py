"""Rates over a million orders under all four terms: the sums that pages read beside a recount of every order.

Orders are made inside the database; they enter the rate by the door that verbs use (`orders.rated`), are folded
by what the worker folds with, and are recounted by what the audit asks.
"""

import time
from datetime import UTC, datetime
from uuid import UUID

from countermand import sql
from countermand.bench import many_orders, shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.channels.models import PRESETS, Channel
from countermand.channels.presets import effective
from countermand.orders import rated
from countermand.orders.facts import ChannelFacts
from countermand.overview.audit.check import ask
from countermand.overview.audit.rates import CHECKS
from countermand.performance.behind import summary
from countermand.performance.fold import fold
from countermand.performance.queries import rate_of

ORDERS = 1_000_000
LEAST = 200
CHUNK = 50_000

# Each under one of the terms, on the day of its clock; some not accepted, or not verified, so far.
UNDER = """
UPDATE "order" o SET channel_id = c.id, placed_on = (o.placed_at AT TIME ZONE 'Europe/Paris')::date, rated_articles = 0,
    accepted = right(o.number, 8)::int %% 7 <> 0,
    verification = CASE right(o.number, 8)::int %% 11 WHEN 0 THEN 'pending' ELSE 'verified' END
FROM channel c
WHERE o.merchant_id = %(m)s AND o.number LIKE 'CMD-%%' AND c.merchant_id = %(m)s
    AND c.code = (%(codes)s::text[])[1 + (right(o.number, 8)::int + right(o.number, 8)::int / 20) %% %(many)s]
"""
# Those that came in by the front door are in the rate already.
MADE = """SELECT id FROM "order" WHERE merchant_id = %(m)s AND number LIKE 'CMD-%%' AND id > %(after)s ORDER BY id LIMIT %(chunk)s"""
# Every cancelled order's cancellation, made of one that was confirmed rightly; half of them count.
CANCELLATIONS = """
INSERT INTO cancellation
SELECT (jsonb_populate_record(NULL::cancellation, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'order_id', o.id,
    'at', o.placed_at + interval '5 hours', 'source', NULL, 'state', 'done',
    'counts_in_rate', counts, 'counts_why', CASE WHEN counts THEN 'seller' ELSE 'buyer' END))).*
FROM cancellation c, "order" o, LATERAL (SELECT right(o.number, 8)::int / 80 %% 2 = 0 AS counts) n
WHERE c.id = %(model)s AND o.merchant_id = c.merchant_id AND o.status = 'cancelled' AND o.rated_articles > 0
    AND o.number LIKE 'CMD-%%'
"""
LINES = """
INSERT INTO cancelled_line (id, merchant_id, cancellation_id, line_id, quantity, worth_minor, amount_minor, tax_minor, restocked)
SELECT gen_random_uuid(), l.merchant_id, c.id, l.id, l.cancelled, l.gone_minor, l.gone_minor, l.gone_tax_minor, 0
FROM cancellation c JOIN order_line l ON l.order_id = c.order_id
WHERE c.merchant_id = %(m)s AND c.id <> %(model)s AND l.cancelled > 0
"""
# As confirming writes them: a row for each, on the order's day.
CHANGES = """
INSERT INTO rate_change (merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled)
SELECT o.merchant_id, o.channel_id, o.placed_on, 0, 0, 1, (SELECT sum(quantity) FROM cancelled_line k WHERE k.cancellation_id = c.id)
FROM cancellation c JOIN "order" o ON o.id = c.order_id
WHERE c.merchant_id = %(m)s AND c.id <> %(model)s AND c.counts_in_rate
"""
COUNTED = """
UPDATE "order" o SET counted_cancellations = 1, cancel_reason = c.reason FROM cancellation c
WHERE c.merchant_id = %(m)s AND c.order_id = o.id AND c.id <> %(model)s AND c.counts_in_rate
"""
OTHERS = """
UPDATE "order" o SET cancel_reason = c.reason FROM cancellation c
WHERE c.merchant_id = %(m)s AND c.order_id = o.id AND c.id <> %(model)s AND NOT c.counts_in_rate
"""


def run(here: Ground, scale: float) -> Report:
    """This will fill a shop under all terms, fold, and hold every sum to a recount; differences are a goal of 0."""
    report = Report("rates")
    count = max(LEAST, int(ORDERS * scale))
    place = shop.open_shop(articles=many_orders.ARTICLES, code="bench-rates")
    begun = time.perf_counter()
    _fill(place, count)
    report.row(made="orders under four terms", orders=count, seconds=time.perf_counter() - begun)
    begun, folded = time.perf_counter(), 0
    while done := fold():
        folded += done
    report.row(folded="changes", changes=folded, seconds=time.perf_counter() - begun)
    sql.execute("VACUUM ANALYZE")
    begun, found = time.perf_counter(), 0
    for check in CHECKS:
        found += sum(1 for _ in ask(check, merchant_id=place.merchant_id))
    report.row(recounted="every day of every channel", orders=count, seconds=time.perf_counter() - begun)
    report.goal("sums that a recount does not bear out", reached=float(found), wanted=0.0, most=True)
    report.goal(
        "windows whose orders do not make their rate",
        reached=float(_explained(place, report)),
        wanted=0.0,
        most=True,
    )
    return report


def _explained(place: shop.Shop, report: Report) -> int:
    """How many of the rates of now are not what the orders behind them come to."""
    wrong, now = 0, datetime.now(UTC)
    for channel in Channel.of(place.merchant_id).order_by("code"):
        terms = effective(channel.terms, {})
        facts = ChannelFacts(channel.id, channel.code, channel.terms, "{}", channel.timezone, "test", 1)
        begun = time.perf_counter()
        rate = rate_of(merchant_id=place.merchant_id, channel=facts, terms=terms, at=now)
        asked = time.perf_counter()
        said = summary(merchant_id=place.merchant_id, channel_id=channel.id, rate=rate)
        counted = sum(
            each.articles if rate.unit == "article" else each.orders for each in said if each.counts
        )
        wrong += counted != rate.cancelled
        report.row(
            rate=channel.code,
            cancelled=rate.cancelled,
            total=rate.total,
            rate_ms=1000 * (asked - begun),
            behind_ms=1000 * (time.perf_counter() - asked),
        )
    return wrong


def _fill(place: shop.Shop, count: int) -> None:
    for preset in PRESETS:
        open_channel(
            merchant_id=place.merchant_id,
            code=preset,
            name=preset,
            terms=preset,
            timezone="Europe/Paris",
            mode="test",
            overrides={},
            by="bench",
            at=datetime.now(UTC),
        )
    model, other = shop.take_in(shop=place, count=2, prefix="MODEL")
    many_orders.grow(place=place, model=model, first=1, last=count, newest=count)
    sql.execute(UNDER, {"m": place.merchant_id, "codes": list(PRESETS), "many": len(PRESETS)})
    after = UUID(int=0)
    while ids := sql.tuples(MADE, {"m": place.merchant_id, "after": after, "chunk": CHUNK}):
        rated.enter(merchant_id=place.merchant_id, order_ids=[each for (each,) in ids])
        after = ids[-1][0]
    made = confirm(
        merchant_id=place.merchant_id,
        order_id=other,
        ask=Ask(reason="out_of_stock", notify=False),
        by="bench",
        at=datetime.now(UTC),
    )
    # Whole tables on purpose, and planned for what is in them by now.
    sql.execute("SET enable_seqscan = on")
    sql.execute("SET plan_cache_mode = auto")
    for statement in (CANCELLATIONS, LINES, CHANGES, COUNTED, OTHERS):
        sql.execute(statement, {"m": place.merchant_id, "model": made.id})
        sql.execute("ANALYZE cancellation, cancelled_line")
