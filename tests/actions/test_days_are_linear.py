"""A day of many orders is added up with so much work for each order, not for each pair of them."""

from datetime import date
from json import dumps, loads
from typing import Any

from countermand import sql
from countermand.performance.days import FIGURES, ChannelDay, figures
from tests.actions.test_worker import cancelled

ORDERS = 40
MOST_FOR_ONE = 10


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(one for each in plan.get("Plans", ()) for one in nodes(each))]


def test_a_day_costs_so_much_for_each_order_of_it(merchant: Any) -> None:
    for number in range(ORDERS):
        cancelled(merchant, number=str(number))
    [[channel]] = sql.tuples("SELECT id FROM channel WHERE merchant_id = %s", (merchant.id,))
    day = ChannelDay(merchant.id, channel, date(2026, 11, 20))
    kept = {row["dimension"]: row for row in figures(days=[day]) if row["dimension"] in ("kept", "cancelled")}
    # Of 31.90 each, 21.26 are called off and 10.64 kept.
    assert kept["kept"]["amount_minor"] == ORDERS * 1064
    assert kept["cancelled"]["amount_minor"] == ORDERS * 2126

    asked = {"days": dumps([day._asdict()], default=str), "most": 1}
    [[said]] = sql.tuples(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {FIGURES}", asked)
    [plan] = loads(said) if isinstance(said, str) else said
    for node in nodes(plan["Plan"]):
        went = (
            node["Actual Rows"] * node["Actual Loops"]
            + node.get("Rows Removed by Join Filter", 0) * node["Actual Loops"]
        )
        assert went <= MOST_FOR_ONE * ORDERS, node
