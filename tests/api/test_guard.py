"""The guard of a rate through the API, the orders behind it, the estimate, and articles off sale in bulk."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.api.conftest import Api, problem_of
from tests.api.test_performance import cancel, orders


def opened(api: Api, terms: str, **more: Any) -> str:
    body = {"code": terms, "name": terms, "terms": terms, "timezone": "Europe/Paris", "mode": "test"}
    answer = api.post("/channels", body | more)
    assert answer.status_code == 201, answer.content
    return terms


def test_RK10_AZ6_a_preview_says_its_verdict_whether_it_counts_and_why(api: Api) -> None:
    made = orders(api, 40, opened(api, "amazon"))
    shown = api.post(f"/orders/{made[0]['id']}/cancellations/preview", {"reason": "out_of_stock"}).json()
    assert (shown["counts_in_rate"], shown["counts_why"]) == (True, "seller")
    assert shown["rate"] == {
        "before": "0.00",
        "after": "2.50",
        "limit": "2.50",
        "verdict": "breached",  # 2.50 % is a breach of "below 2.5 %"
        "room": 0,
    }
    wish = {"reason": "budget", "initiated_by": "buyer"}
    shown = api.post(f"/orders/{made[0]['id']}/cancellations/preview", wish).json()
    assert (shown["counts_in_rate"], shown["counts_why"]) == (True, "no_official_request")
    done = cancel(api, made[0])
    assert done["counts_why"] == "seller"
    assert api.get(f"/cancellations/{done['id']}").json()["counts_why"] == "seller"


def test_AZ22_RK10_the_guard_says_what_more_would_do_and_what_leaves(api: Api) -> None:
    code = opened(api, "amazon")
    old = (datetime.now(UTC) - timedelta(days=6)).isoformat()
    late = orders(api, 50, code, placed_at=old)
    orders(api, 50, code)
    cancel(api, late[0])
    cancel(api, late[1])
    found = api.get(f"/performance/{code}/guard?more=1").json()
    assert (found["cancelled"], found["orders"], found["rate"]) == (2, 100, "2.00")
    assert (found["verdict"], found["room"]) == ("near", 0)
    assert found["what_if"] == {"more": 1, "rate": "3.00", "verdict": "breached", "room": 0}
    assert len(found["forecast"]) == 7
    gone = [each for each in found["forecast"] if each["leaves_cancelled"]]
    assert [(each["leaves_cancelled"], each["leaves"], each["rate"]) for each in gone] == [(2, 50, "0.00")]
    assert found["too_many"] == [
        {"sku": sku, "counted": 2, "threshold": 2, "days": 30} for sku in ("BOL", "MUG")
    ]
    assert found["estimate"] is None and found["back_below"] is None
    problem_of(api.get(f"/performance/{code}/guard?more=-1"), 422)
    problem_of(api.get("/performance/nowhere/guard"), 404)


def test_RK10_a_breach_says_from_which_day_it_is_none_any_more(api: Api) -> None:
    code = opened(api, "rakuten_france", overrides={"window_days": 5})
    old = (datetime.now(UTC) - timedelta(days=4)).isoformat()
    [first, *_] = orders(api, 5, code, placed_at=old)
    orders(api, 5, code)
    cancel(api, first, message="Désolés.")
    found = api.get(f"/performance/{code}/guard").json()
    assert found["verdict"] == "breached" and found["unit"] == "article" and found["rate"] == "10.00"
    back = [each["day"] for each in found["forecast"] if each["verdict"] == "below"]
    assert found["back_below"] == back[0]


def test_RK11_the_estimate_stands_with_its_weights_where_the_channel_has_a_score(api: Api) -> None:
    code = opened(api, "rakuten_france")
    made = orders(api, 10, code)
    cancel(api, made[0], lines=[{"line": "1", "quantity": 2}], message="Désolés.")  # two of forty: 5.00 %
    found = api.get(f"/performance/{code}/guard").json()["estimate"]
    assert (found["score"], found["scale"], found["letter"]) == ("15.0", 20, "B")  # a half of the catalogue
    assert found["families"] == [
        {"family": "delivery", "weight": 30, "worth": "100.00"},
        {"family": "catalogue", "weight": 30, "worth": "50.00"},
    ]
    assert api.get(f"/performance?channel={code}").json()["estimate"] == found
    assert api.get("/performance?channel=boutique").json()["estimate"] is None


def test_AZ8_the_orders_behind_a_rate_page_by_page_each_with_why(api: Api) -> None:
    code = opened(api, "amazon")
    made = orders(api, 6, code)
    for order in made[:3]:
        cancel(api, order)
    cancel(api, made[3], reason="doubt", initiated_by="buyer")
    first = api.get(f"/performance/{code}/orders?limit=3").json()
    second = api.get(f"/performance/{code}/orders?limit=3&cursor={first['next']}").json()
    listed = first["items"] + second["items"]
    assert {each["order_id"] for each in listed} == {each["id"] for each in made[:4]}
    assert {each["cancellations"][0]["why"] for each in listed} == {"seller", "no_official_request"}
    assert second["next"] is None
    assert api.get(f"/performance/{code}/orders?counting=false").json()["items"] == []
    problem_of(api.get(f"/performance/{code}/orders?counting=false&cursor={first['next']}"), 422)
    problem_of(api.get(f"/performance/{code}/orders?limit=0"), 422)


def test_nobody_reads_another_merchants_guard(api: Api, stranger: Api) -> None:
    opened(api, "amazon")
    for path in ("guard", "orders"):
        problem_of(stranger.get(f"/performance/amazon/{path}"), 404)


def test_RK6_articles_go_off_sale_in_bulk_and_come_back(api: Api) -> None:
    for sku in ("A", "B"):
        api.put(f"/items/{sku}", {"title": sku, "on_hand": 5})
    [order] = orders(api, 1, lines=[{"sku": "A", "quantity": 2, "unit_price": "27.90"}])
    answer = api.post("/items/off-sale", {"skus": ["A", "B", "C"], "why": "fin de série"})
    assert answer.status_code == 200, answer.content
    done = answer.json()
    assert (done["changed"], done["unchanged"], done["unknown"]) == (["A", "B"], [], ["C"])
    assert [(each["id"], each["sku"], each["open"]) for each in done["open_orders"]] == [
        (order["id"], "A", 2)
    ]
    found = api.get("/items/A").json()
    assert (found["active"], found["sellable"], found["on_hand"], found["allocated"]) == (False, 0, 5, 2)
    assert api.post("/items/on-sale", {"skus": ["A"]}).json()["changed"] == ["A"]
    assert api.get("/items/A").json()["sellable"] == 3
    problem_of(api.post("/items/off-sale", {"skus": []}), 422)
    problem_of(api.post("/items/off-sale", {"skus": ["X"]}), 404)
    problem_of(api.post("/items/off-sale", {"skus": [str(n) for n in range(1001)]}), 422)
    api.put("/items/B", {"active": True})
    assert api.get("/items/B").json()["sellable"] == 5
