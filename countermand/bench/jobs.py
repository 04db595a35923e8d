"""Carrying cancellations through: a worker's drains until nothing is due, beside a queue whose jobs do nothing."""

from datetime import UTC, datetime
from uuid import UUID

from countermand import ids, sql
from countermand.bench import apart, shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.bench.shop import Shop
from countermand.bench.smtp_sink import sink
from countermand.cancellations.actions import Confirmed, Wish, confirm_many
from countermand.cancellations.ask import Ask
from countermand.worker.clock import Clock
from countermand.worker.main import Worker

CANCELLATIONS = 10_000
BATCH = 500
ASK = Ask(reason="customer_changed_mind")
DRAIN, EMPTY = "countermand.bench.jobs:drain", "countermand.bench.jobs:empty"
LEFT = """
SELECT (SELECT count(*) FROM cancellation WHERE merchant_id = %(m)s AND state <> 'done')
     + (SELECT count(*) FROM refund WHERE merchant_id = %(m)s AND state <> 'succeeded')
     + (SELECT count(*) FROM message WHERE merchant_id = %(m)s AND state <> 'sent')
"""
EMPTY_QUEUE = """
CREATE TABLE bench_job (id uuid PRIMARY KEY, state text NOT NULL, not_before timestamptz NOT NULL,
    lease_until timestamptz, tries int NOT NULL);
CREATE INDEX bench_job_due ON bench_job (not_before) WHERE state IN ('planned', 'sent')
"""
EMPTY_CLAIM = """
UPDATE bench_job SET state = 'sent', tries = tries + 1, lease_until = now() + interval '5 minutes' FROM (
    SELECT id AS due FROM bench_job WHERE state IN ('planned', 'sent') AND not_before <= now()
        AND (lease_until IS NULL OR lease_until < now())
    ORDER BY not_before LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
) found WHERE id = due RETURNING id
"""
EMPTY_SETTLE = "UPDATE bench_job SET state = 'done', lease_until = NULL WHERE id = ANY(%s)"


def run(here: Ground, scale: float) -> Report:
    """This will carry as many cancellations through with mails kept as with mails sent, in one process each."""
    report = Report("jobs")
    count = max(20, int(CANCELLATIONS * scale))
    rates = {}
    for mails in ("sent by SMTP", "kept in the mailbox"):
        place = shop.open_shop(articles=3000, code=f"bench-jobs-{mails[:4]}")
        _call_off(place, count)
        sql.execute("VACUUM ANALYZE")
        if mails == "sent by SMTP":
            # The sandbox takes orders in test mode only, and in test mode no mail leaves.
            sql.execute("UPDATE channel SET mode = 'live' WHERE merchant_id = %s", (place.merchant_id,))
        with sink() as port:
            smtp = {"COUNTERMAND_SMTP_HOST": "127.0.0.1", "COUNTERMAND_SMTP_PORT": str(port)}
            done = apart.run(here=here, work=DRAIN, environment=smtp, merchant_id=place.merchant_id)
        if done.answer:
            raise RuntimeError(f"{done.answer} steps of the bench were not carried through")
        rates[mails] = count / done.seconds
    empty = {}
    sql.execute("DROP TABLE IF EXISTS bench_job")
    for statement in EMPTY_QUEUE.split(";"):
        sql.execute(statement)
    # A cancellation is two jobs: its refund and its mail.
    for batch in (1, 100):
        rows = [(ids.new(), "planned", datetime.now(UTC), 0) for _ in range(2 * count)]
        sql.execute("TRUNCATE bench_job")
        sql.copy("bench_job", ["id", "state", "not_before", "tries"], rows)
        sql.execute("VACUUM ANALYZE bench_job")
        empty[batch] = count / apart.run(here=here, work=EMPTY, batch=batch).seconds
    for mails, rate in rates.items():
        report.row(
            mails=mails,
            cancellations_per_s=rate,
            empty_one_by_one=empty[1],
            percent=100 * rate / empty[1],
            empty_by_hundreds=empty[100],
            percent_of_these=100 * rate / empty[100],
        )
    reached = 100 * rates["sent by SMTP"] / empty[1]
    report.goal("of empty jobs taken one by one in %", reached=reached, wanted=50.0)
    report.notes.append(
        "Empty: two rows per cancellation are claimed and settled in the same way, each step its own commit."
    )
    return report


def drain(*, merchant_id: int) -> int:
    """This will be one worker until nothing is due, and count what is left undone."""
    Worker(clock=Clock(())).round()
    [(left,)] = sql.tuples(LEFT, {"m": merchant_id})
    return int(left)


def empty(*, batch: int) -> int:
    """This will claim and settle jobs that do nothing."""
    taken = 0
    while found := [row[0] for row in sql.tuples(EMPTY_CLAIM, (batch,))]:
        sql.execute(EMPTY_SETTLE, (found,))
        taken += len(found)
    return taken


def _call_off(place: Shop, count: int) -> None:
    orders: list[UUID] = shop.take_in(shop=place, count=count, prefix="J")
    for start in range(0, count, BATCH):
        wishes = [Wish(order_id, ASK) for order_id in orders[start : start + BATCH]]
        at = datetime.now(UTC)
        answers = confirm_many(merchant_id=place.merchant_id, wishes=wishes, by="bench", at=at)
        if not all(isinstance(answer, Confirmed) for answer in answers):
            raise RuntimeError("not every order of the bench could be called off")
