"""Articles and their stock over REST."""

from .conftest import Api, placed, problem_of

MUG = {
    "title": "Mug bleu",
    "product": "mug",
    "options": {"couleur": "bleu"},
    "interchangeable": ["taille"],
    "range": "vaisselle",
    "price": "12.30",
    "currency": "EUR",
    "on_hand": 10,
}


def test_an_article_is_made_then_described_and_its_stock_counted_elsewhere(api: Api) -> None:
    made = api.put("/items/MUG-BLEU", MUG)
    assert made.status_code == 201, made.content
    said = made.json()
    assert (said["on_hand"], said["allocated"], said["sellable"]) == (10, 0, 10)
    assert (said["price"], said["active"], said["restock_default"]) == ("12.30", True, None)
    changed = api.put("/items/MUG-BLEU", {"title": "Mug azur", "restock_default": False})
    assert changed.status_code == 200
    assert changed.json()["title"] == "Mug azur"
    assert changed.json()["price"] == "12.30"
    problem_of(api.put("/items/MUG-BLEU", {"on_hand": 3}), 422, "use_stock")


def test_open_units_are_allocated_and_may_oversell(api: Api) -> None:
    api.put("/items/MUG-BLEU", MUG | {"on_hand": 2})
    order = placed(api)
    item = api.get("/items/MUG-BLEU").json()
    assert (item["on_hand"], item["allocated"], item["sellable"]) == (2, 3, -1)
    counted = api.post("/items/MUG-BLEU/stock", {"set": 0, "note": "casse"}).json()
    assert counted["on_hand"] == 0
    assert [(one["id"], one["short"]) for one in counted["open_orders"]] == [(order["id"], 3)]
    added = api.post("/items/MUG-BLEU/stock", {"add": 3}).json()
    assert (added["on_hand"], added["sellable"], added["open_orders"]) == (3, 0, [])


def test_cancelled_units_go_back_on_sale_and_are_seen_at_once(api: Api) -> None:
    api.put("/items/MUG-BLEU", MUG)
    order = placed(api)
    done = api.post(f"/orders/{order['id']}/cancellations", {"reason": "budget"}).json()
    assert done["restocked"] == [{"sku": "MUG-BLEU", "quantity": 3}]
    item = api.get("/items/MUG-BLEU").json()
    assert (item["on_hand"], item["allocated"], item["sellable"]) == (10, 0, 10)


def test_an_article_off_sale_sells_nothing_until_its_day(api: Api) -> None:
    api.put("/items/MUG-BLEU", MUG)
    off = api.post("/items/MUG-BLEU/unavailable", {"days": 5}).json()
    assert off["sellable"] == 0
    assert off["unavailable_until"]
    back = api.delete("/items/MUG-BLEU/unavailable").json()
    assert (back["sellable"], back["unavailable_until"]) == (10, None)
    problem_of(api.post("/items/MUG-BLEU/unavailable", {"days": 0}), 422, "invalid_days")


def test_alternatives_come_best_first(api: Api) -> None:
    api.put("/items/MUG-BLEU", MUG)
    api.put("/items/MUG-ROUGE", MUG | {"options": {"couleur": "rouge"}})
    api.put("/items/BOL", MUG | {"product": "bol", "options": {}, "price": "12.00"})
    api.put("/items/EPUISE", MUG | {"options": {"couleur": "vert"}, "on_hand": 0})
    found = api.get("/items/MUG-BLEU/alternatives").json()["items"]
    assert [(one["kind"], one["sku"]) for one in found] == [
        ("other_option", "MUG-ROUGE"),
        ("equivalent", "BOL"),
    ]


def test_a_sku_may_hold_a_slash_and_anything_that_prints(api: Api) -> None:
    for sku in ("A/B", "Été 50%", "a b", "x" * 64):
        from urllib.parse import quote

        path = f"/items/{quote(sku, safe='')}"
        assert api.put(path, {"on_hand": 1}).status_code == 201
        assert api.get(path).json()["sku"] == sku
        assert api.post(f"{path}/stock", {"add": 1}).json()["on_hand"] == 2
    problem_of(api.put("/items/" + "x" * 65, {}), 422, "text_too_long")


def test_articles_are_listed_page_by_page(api: Api) -> None:
    for i in range(5):
        api.put(f"/items/S{i}", {"on_hand": i, "title": "pair" if i % 2 == 0 else "impair"})
    first = api.get("/items?limit=3").json()
    second = api.get(f"/items?limit=3&cursor={first['next']}").json()
    assert [one["sku"] for one in first["items"] + second["items"]] == ["S0", "S1", "S2", "S3", "S4"]
    assert second["next"] is None
    assert [one["sku"] for one in api.get("/items?q=impair").json()["items"]] == ["S1", "S3"]
    problem_of(api.get(f"/items?q=pair&cursor={first['next']}"), 422, "cursor_differs")


def test_what_stock_may_be_is_judged(api: Api) -> None:
    api.put("/items/A", {"on_hand": 1})
    problem_of(api.post("/items/A/stock", {}), 422, "required")
    problem_of(api.post("/items/A/stock", {"set": 1, "add": 1}), 422, "required")
    problem_of(api.post("/items/A/stock", {"set": -1}), 422, "invalid_quantity")
    problem_of(api.post("/items/A/stock", {"set": 10**12}), 422, "invalid_quantity")
    problem_of(api.post("/items/A/stock", {"add": 0}), 422, "invalid_quantity")
    problem_of(api.post("/items/A/stock", {"add": -2}), 422, "stock_below_zero")
    problem_of(api.post("/items/NONE/stock", {"set": 1}), 404, "not_found")
    problem_of(api.put("/items/A", {"price": "1.00"}), 422, "currency_required")
    problem_of(api.put("/items/A", {"options": {"couleur": 3}}), 422, "invalid_type")
