"""Order lines loaded from a CSV file, beside COPY of the same rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from countermand.bench import apart, copying, shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.files.import_orders import import_orders
from countermand.files.order_rows import open_orders
from countermand.files.writing import write_csv

LINES = 1_000_000
OF_AN_ORDER = 4
ARTICLES = 3000
COLUMNS = (
    "order", "placed_at", "currency", "customer_name", "customer_email", "address_line1", "postal_code", "city",
    "country", "shipping_amount", "shipping_tax_rate", "payment_provider", "payment_method", "payment_state",
    "payment_amount", "provider_reference", "sku", "title", "quantity", "unit_price", "tax_rate",
)  # fmt: skip
WORK = "countermand.bench.import_file:load"


def run(here: Ground, scale: float) -> Report:
    """This will load a quarter of the lines and then all, and COPY what the second load wrote."""
    report = Report("import")
    place = shop.open_shop(articles=ARTICLES, code="bench-import")
    found = {}
    for name, part in (("a quarter", 0.25), ("whole", 1.0)):
        orders = max(20, int(LINES * scale * part) // OF_AN_ORDER)
        path = here.folder / f"{name}.csv"
        write_csv(path=path, columns=COLUMNS, rows=_rows(f"{name[0].upper()}-", orders))
        since = copying.mark(here=here)
        found[name] = (
            orders * OF_AN_ORDER,
            apart.run(here=here, work=WORK, path=str(path), merchant_id=place.merchant_id),
        )
    best = copying.again(here=here, since=since)
    report.row(rows_of_the_whole_file=best.told)
    for name, (lines, done) in found.items():
        if done.answer != {"done": lines // OF_AN_ORDER}:
            raise RuntimeError(f"not all orders of the bench were taken: {done.answer}")
        limit = lines / best.seconds if name == "whole" else None
        report.row(
            file=name,
            lines=lines,
            lines_per_s=lines / done.seconds,
            limit_per_s=limit,
            percent=100 * best.seconds / done.seconds if limit else None,
            peak_mb=done.peak_mb,
        )
    (_, quarter), (_, whole) = found.values()
    report.goal("of the limit in %", reached=100 * best.seconds / whole.seconds, wanted=25.0)
    report.goal(
        "peak memory at four times the length",
        reached=whole.peak_mb / quarter.peak_mb,
        wanted=1.25,
        most=True,
    )
    return report


def load(*, path: str, merchant_id: int) -> dict[str, int]:
    """This will load the file as `countermand import orders` does and count what became of its orders."""
    file = open_orders(path=Path(path), channel=shop.CHANNEL)
    imported = import_orders(merchant_id=merchant_id, orders=file, by="file:bench", at=datetime.now(UTC))
    return dict(Counter(one.state for one in imported))


def _rows(prefix: str, orders: int) -> Iterator[dict[str, Any]]:
    placed_at = datetime.now(UTC).isoformat()
    total = f"{(1230 * 2 * OF_AN_ORDER + 490) / 100:.2f}"
    for n in range(orders):
        number = f"{prefix}{n}"
        first = {
            "placed_at": placed_at,
            "currency": "EUR",
            "customer_name": f"Zoé Martin {number}",
            "customer_email": f"zoe.{number.lower()}@example.test",
            "address_line1": f"{n % 200} rue des Lilas",
            "postal_code": f"{n % 95_000:05}",
            "city": "Lille",
            "country": "FR",
            "shipping_amount": "4.90",
            "shipping_tax_rate": "20",
            "payment_provider": "sandbox",
            "payment_method": "card",
            "payment_state": "captured",
            "payment_amount": total,
            "provider_reference": f"ok-{number}",
        }
        for k in range(OF_AN_ORDER):
            article = (n * 7919 + k * 3571) % ARTICLES
            line = {"sku": f"ART-{article}", "title": f"Article {article}", "quantity": 2}
            yield {"order": number, **first, **line, "unit_price": "12.30", "tax_rate": "20"}
            first = {}
