"""An order cancellation file: whole orders, lines and units mixed, 2 % of its rows bad; dry run and for real."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from countermand import sql
from countermand.bench import apart, copying, shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.files.apply_cancellations import apply_cancellations
from countermand.files.cancellation_rows import RESULT_COLUMNS, open_cancellations, result_row
from countermand.files.writing import csv_file, write_csv

ORDERS = 100_000
ARTICLES = 3000
COLUMNS = ("order", "line", "quantity", "reason")
BAD_EVERY = 50
REASON = "customer_changed_mind"
# In turn; `{}` is the order's number.
GOOD: tuple[dict[str, str], ...] = ({}, {"line": "1"}, {"line": "2", "quantity": "1"})
BAD = (
    {"order": "NOWHERE"},
    {"line": "1", "quantity": "99"},
    {"reason": "no_such_reason"},
    {"quantity": "deux"},
)
WORK = "countermand.bench.cancel_file:apply"


def run(here: Ground, scale: float) -> Report:
    """This will run a quarter of the length and the whole, dry and for real, and COPY what the last one wrote."""
    report = Report("file")
    place = shop.open_shop(articles=ARTICLES, code="bench-file")
    found = {}
    lengths = {
        name: max(50, int(ORDERS * scale * part)) for name, part in (("a quarter", 0.25), ("whole", 1.0))
    }
    for name, count in lengths.items():
        path = here.folder / f"{name}.csv"
        shop.take_in(shop=place, count=count, prefix=f"{name[0].upper()}-", quantity=2)
        sql.execute("VACUUM ANALYZE")
        write_csv(path=path, columns=COLUMNS, rows=_rows(f"{name[0].upper()}-", count))
        for dry_run in (True, False):
            since = copying.mark(here=here)
            found[name, dry_run] = apart.run(
                here=here, work=WORK, path=str(path), merchant_id=place.merchant_id, dry_run=dry_run
            )
    best = copying.again(here=here, since=since)
    report.row(rows_of_the_whole_file=best.told)
    limit = lengths["whole"] / best.seconds
    for (name, dry_run), done in found.items():
        count = lengths[name]
        whole = name == "whole"
        report.row(
            file=name,
            run="dry" if dry_run else "for real",
            rows=count,
            rows_per_s=count / done.seconds,
            limit_per_s=limit if whole else None,
            percent=100 * count / done.seconds / limit if whole else None,
            peak_mb=done.peak_mb,
            became=", ".join(f"{count:,} {state}" for state, count in sorted(done.answer.items())),
        )
    real, quarter = found["whole", False], found["a quarter", False]
    rate = lengths["whole"] / real.seconds
    report.goal("of the limit in %, for real", reached=100 * rate / limit, wanted=25.0)
    peak = max(done.peak_mb for done in found.values())
    report.goal("peak memory in MB", reached=peak, wanted=400.0, most=True)
    growth = real.peak_mb / quarter.peak_mb
    report.goal("peak memory at four times the length", reached=growth, wanted=1.25, most=True)
    return report


def apply(*, path: str, merchant_id: int, dry_run: bool) -> dict[str, int]:
    """This will run the file as `countermand cancel` does, result file included, and count what became of its rows."""
    file = open_cancellations(path=Path(path), channel=shop.CHANNEL)
    states: Counter[str] = Counter()
    outcomes = apply_cancellations(
        merchant_id=merchant_id, file=file, by="file:bench", at=datetime.now(UTC), dry_run=dry_run
    )
    with csv_file(path=Path(f"{path}.result.csv"), columns=RESULT_COLUMNS) as write_row:
        for outcome in outcomes:
            states[outcome.state] += 1
            write_row(
                result_row(
                    raw=outcome.raw,
                    state=outcome.state,
                    code=outcome.code,
                    detail=outcome.detail,
                    cancellation=outcome.cancellation,
                    amount=outcome.amount,
                    currency=outcome.currency,
                )
            )
    return dict(states)


def _rows(prefix: str, count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        row: dict[str, Any] = {"order": f"{prefix}{n}", "reason": REASON, **GOOD[n % len(GOOD)]}
        if n % BAD_EVERY == BAD_EVERY - 1:
            row |= BAD[n // BAD_EVERY % len(BAD)]
        yield row
