"""GET /performance and POST /visits: figures that a merchant can check by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

from .conftest import Api, problem_of

TODAY = datetime.now(UTC)


def orders(api: Api, count: int, channel: str = "boutique", **more: Any) -> list[dict[str, Any]]:
    """So many orders of today, each of 3 mugs (36.90) and a bowl (18.90), paid."""
    made = []
    for n in range(count):
        number = f"{channel}-{datetime.now(UTC).timestamp()}-{n}"
        body = {
            "channel": channel,
            "number": number,
            "placed_at": TODAY.isoformat(),
            "currency": "EUR",
            "lines": [
                {"sku": "MUG", "title": "Mug bleu", "quantity": 3, "unit_price": "12.30"},
                {"sku": "BOL", "title": "Bol vert", "quantity": 1, "unit_price": "18.90"},
            ],
            "payments": [
                {
                    "provider": "sandbox",
                    "method": "card",
                    "state": "captured",
                    "amount": "55.80",
                    "provider_reference": f"ok-{number}",
                }
            ],
        }
        answer = api.post("/orders", body | more)
        assert answer.status_code == 201, answer.content
        made.append(answer.json())
    return made


def cancel(api: Api, order: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = api.post(f"/orders/{order['id']}/cancellations", {"reason": "out_of_stock", **body})
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def figures(api: Api, query: str = "?channel=boutique") -> dict[str, Any]:
    answer = api.get(f"/performance{query}")
    assert answer.status_code == 200, answer.content
    made: dict[str, Any] = answer.json()
    return made


def test_SH13_the_rate_is_true_at_once_with_what_it_is_made_of(api: Api) -> None:
    made = orders(api, 23)
    cancel(api, made[0])
    assert figures(api)["rate"] == "4.35"  # 1 of 23
    cancel(api, made[1], reason="budget", initiated_by="buyer", lines=[{"line": "1", "quantity": 2}])
    found = figures(api)
    assert (found["orders"], found["cancelled"], found["rate"], found["unit"]) == (23, 2, "8.70", "order")
    assert (found["limit"], found["warn"], found["distance"], found["room"]) == (None, "3.00", None, None)
    assert found["estimate"] is None and found["judged"] is True
    said = {one["reason"]: one for one in found["by_reason"]}
    assert said["out_of_stock"] == {
        "reason": "out_of_stock",
        "family": "stock",
        "lever": "stock",
        "cancelled": 1,
        "orders": 1,
        "articles": 4,
        "rate": "4.35",
        "share": "50.00",
    }
    assert said["budget"]["lever"] == "relations" and said["budget"]["articles"] == 2
    assert [(one["initiated_by"], one["cancelled"]) for one in found["by_asked"]] == [
        ("merchant", 1),
        ("buyer", 1),
    ]
    assert [(one["sku"], one["articles"], one["orders"]) for one in found["by_item"]] == [
        ("MUG", 5, 2),
        ("BOL", 1, 1),
    ]
    assert sum(week["orders"] for week in found["trend"]) == 23
    assert found["trend"][-1]["cancelled"] == 2


def test_SH17_net_sales_are_a_sum_that_one_checks_by_hand(api: Api) -> None:
    """Three orders of 55.80; one called off, 2 of 3 mugs of another, 5.00 as a gesture on the third."""
    made = orders(api, 3)
    cancel(api, made[0])
    cancel(api, made[1], lines=[{"line": "1", "quantity": 2}])
    assert api.post(f"/orders/{made[2]['id']}/refunds", {"amount": "5.00"}).status_code == 201
    found = figures(api)
    assert found["sales"] == [
        {"currency": "EUR", "gross": "167.40", "cancelled": "80.40", "refunded": "5.00", "net": "82.00"}
    ]
    assert found["kept"] == {"orders": 2, "placed": 3, "share": "66.67"}
    assert found["judged"] is False  # 3 orders: too few


def test_SH17_conversion_only_where_visits_are_told_and_for_those_days(api: Api) -> None:
    made = orders(api, 4)
    cancel(api, made[0])
    assert figures(api)["conversion"] is None
    today = figures(api)["period"]["last"]
    told = {"channel": "boutique", "days": [{"day": today, "visits": 100}]}
    assert api.post("/visits", told).json() == {"channel": "boutique", "days": 1}
    again = {"channel": "boutique", "days": [{"day": today, "visits": 160}]}
    assert api.post("/visits", again).status_code == 200  # replaces it
    assert figures(api)["conversion"] == {
        "visits": 160,
        "days": 1,
        "orders": 4,
        "rate": "2.50",
        "kept": "1.88",
    }


def test_undo_takes_it_out_again(api: Api) -> None:
    made = orders(api, 2)
    cancelled = cancel(api, made[0], undo_seconds=600)
    assert figures(api)["rate"] == "50.00"
    api.post(f"/cancellations/{cancelled['id']}/undo")
    found = figures(api)
    assert (found["rate"], found["by_reason"], found["sales"][0]["net"]) == ("0.00", [], "111.60")


def test_RK10_at_the_limit_is_a_breach_and_the_room_says_how_many_more(api: Api) -> None:
    api.post("/channels", {"code": "rakuten", "name": "Rakuten", "terms": "rakuten_france", "mode": "test"})
    made = orders(api, 15, channel="rakuten")  # 60 articles: 3 of them are 5 %
    words = {"message": "Cet article est cassé, nous en sommes désolés.", "reason": "damaged"}
    cancel(api, made[0], lines=[{"line": "1", "quantity": 2}], **words)
    found = figures(api, "?channel=rakuten")
    assert (found["unit"], found["orders"], found["cancelled"], found["rate"]) == ("article", 60, 2, "3.33")
    assert (found["limit"], found["distance"], found["room"]) == ("5.00", "1.67", 0)
    cancel(api, made[1], lines=[{"line": "2", "quantity": 1}], **words)
    found = figures(api, "?channel=rakuten")
    assert (found["rate"], found["distance"], found["room"]) == ("5.00", "0.00", 0)


def test_a_period_is_asked_for_by_its_days(api: Api) -> None:
    orders(api, 1)
    old = (TODAY - timedelta(days=90)).date().isoformat()
    assert figures(api, f"?from={old}&to={old}")["orders"] == 0
    found = figures(api, f"?channel=boutique&from={old}")
    assert found["orders"] == 1 and found["period"]["first"] == old


def test_what_cannot_be_asked_is_refused(api: Api) -> None:
    problem_of(api.get("/performance?channel=none"), 404, "not_found")
    problem_of(api.get("/performance?from=2026-11-40"), 422, "invalid_day")
    problem_of(api.get("/performance?from=2026-11-20&to=2026-11-01"), 422, "invalid_period")
    problem_of(api.get("/performance?from=0001-01-01&to=0001-01-02"), 422, "invalid_period")
    problem_of(api.get("/performance?day_from=2026-11-01"), 422, "unknown_field")
    problem_of(api.post("/visits", {"channel": "boutique", "days": []}), 422)
    wrong = {"channel": "boutique", "days": [{"day": "2026-11-01", "visits": -1}]}
    problem_of(api.post("/visits", wrong), 422)


def test_another_merchants_figures_stay_theirs(api: Api, stranger: Api) -> None:
    orders(api, 2)
    found = figures(stranger, "")
    assert (found["orders"], found["sales"], found["trend"][-1]["orders"]) == (0, [], 0)
    problem_of(stranger.get("/performance?channel=boutique"), 404, "not_found")
