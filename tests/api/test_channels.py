"""Places of sale over REST."""

from .conftest import Api, placed, problem_of

SPACE = {
    "code": "space",
    "name": "Espace",
    "terms": "merchant_space",
    "timezone": "Europe/Paris",
    "mode": "test",
}


def test_a_channel_is_opened_once(api: Api) -> None:
    first = api.post("/channels", SPACE)
    assert first.status_code == 201
    assert {name: first.json()[name] for name in SPACE} == SPACE
    assert api.post("/channels", SPACE).json()["id"] == first.json()["id"]
    problem_of(api.post("/channels", SPACE | {"name": "Autre"}), 409, "channel_exists")
    assert api.get("/channels/space").json() == first.json()
    assert [one["code"] for one in api.get("/channels").json()["items"]] == ["boutique", "space"]


def test_terms_say_where_each_value_comes_from(api: Api) -> None:
    assert api.get("/channels/boutique/terms").json()["restock"] == {"value": True, "source": "SH-9"}
    changed = api.patch("/channels/boutique", {"overrides": {"restock": False}})
    assert changed.status_code == 200
    assert changed.json()["revision"] == 2
    found = api.get("/channels/boutique/terms").json()["restock"]
    assert (found["value"], found["source"]) == (False, "override")


def test_a_plan_under_old_terms_is_refused(api: Api) -> None:
    order = placed(api)
    path = f"/orders/{order['id']}/cancellations"
    plan = api.post(f"{path}/preview", {"reason": "budget"}).json()["plan"]
    api.patch("/channels/boutique", {"overrides": {"restock": False}})
    problem_of(api.post(path, {"reason": "budget", "plan": plan}), 409, "plan_changed")


def test_wrong_terms_are_refused_by_name(api: Api) -> None:
    for change, code in (
        ({"terms": "ebay"}, "unknown_terms"),
        ({"timezone": "Europe/Lutece"}, "unknown_timezone"),
        ({"mode": "half"}, "unknown_mode"),
        ({"overrides": {"colour": "red"}}, "unknown_override"),
        ({"overrides": {"undo_seconds": 3601}}, "invalid_override"),
        ({"overrides": {"undo_seconds": True}}, "invalid_override"),
        ({"overrides": {"shipping_on_part": []}}, "invalid_override"),
        ({"code": "a b"}, "invalid_code"),
        ({"name": ""}, "required"),
    ):
        problem_of(api.post("/channels", SPACE | change), 422, code)
    problem_of(api.patch("/channels/nowhere", {"name": "X"}), 404, "not_found")
    problem_of(api.patch("/channels/boutique", {"code": "x"}), 422, "unknown_field")
    placed(api)
    problem_of(api.patch("/channels/boutique", {"mode": "live"}), 409, "channel_has_orders")


def test_the_sandbox_is_for_channels_in_test_mode(api: Api, stranger: Api) -> None:
    api.post("/channels", SPACE | {"code": "vrai", "mode": "live"})
    order = {
        "channel": "vrai",
        "number": "1",
        "placed_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "lines": [{"sku": "A", "quantity": 1, "unit_price": "1.00"}],
        "payments": [{"provider": "sandbox", "state": "captured", "amount": "1.00"}],
    }
    problem_of(api.post("/orders", order), 422, "sandbox_forbidden")
    problem_of(stranger.get("/sandbox/mails"), 404, "not_found")
    problem_of(stranger.get("/sandbox/payments/ok-1"), 404, "not_found")
    problem_of(api.get("/sandbox/payments/nothing"), 404, "not_found")
