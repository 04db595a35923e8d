"""The pure plan of one order: ten lines, a discount, three tax rates, called off whole and in part."""

import time
from datetime import UTC, datetime

from countermand.bench import shop
from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import plan
from countermand.intake.actions import receive
from countermand.intake.reading import read
from countermand.payments import ledger

RATES = ("20", "10", "5.5")
ROUNDS, PLANS = 60, 400
REASON = "customer_changed_mind"
ASKS = {
    "everything": Ask(reason=REASON),
    "2 of 10 lines": Ask(reason=REASON, lines=(("2", 1), ("5", 2))),
}


def run(here: Ground, scale: float) -> Report:
    """This will plan the same order again and again and take the best round: the one least disturbed."""
    report = Report("plan")
    place = shop.open_shop(articles=100, code="bench-plan")
    skus = [f"ART-{n}" for n in range(10)]
    body = shop.body(number="TEN", skus=skus)
    for n, line in enumerate(body["lines"]):
        line |= {"quantity": 1 + n % 3, "tax_rate": RATES[n % 3]}
    body["discounts"] = [{"title": "BIENVENUE", "amount": "5.00", "target": "lines"}]
    total = read(body | {"payments": []}, timezone="Europe/Paris", mode="test").worth.total
    body["payments"][0]["amount"] = f"{total / 100:.2f}"
    at = datetime.now(UTC)
    order_id = receive(merchant_id=place.merchant_id, body=body, by="bench", at=at).order_id
    facts = ledger.read(merchant_id=place.merchant_id, order_ids=[order_id], locked=False)[order_id]
    best: dict[str, float] = {}
    for name, ask in ASKS.items():
        for _ in range(max(2, int(ROUNDS * scale))):
            begun = time.process_time()
            for _ in range(PLANS):
                plan(facts, ask, at=at)
            best[name] = max(best.get(name, 0.0), PLANS / (time.process_time() - begun))
        report.row(asked=name, plans_per_s=best[name], microseconds=1e6 / best[name])
    report.goal("plans/s of a whole order", reached=best["everything"], wanted=20_000.0)
    return report
