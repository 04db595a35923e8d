"""Lists that are short are paged like every other (docs/api.md): a limit, a cursor, each row once."""

from datetime import UTC, datetime
from typing import Any

import pytest

from countermand.correspondence.jobs import drain

from .conftest import Api, placed, problem_of


def filled(api: Api) -> None:
    """Two of everything that is listed."""
    for code in ("atelier", "marche"):
        assert api.post("/channels", {"code": code, "name": code, "terms": "own_shop"}).status_code == 201
    for sku in ("MUG-BLEU", "MUG-VERT", "MUG-ROUGE"):
        assert api.put(f"/items/{sku}", {"title": sku, "range": "mugs", "on_hand": 5}).status_code == 201
    for _ in range(2):
        assert api.post(f"/orders/{placed(api)['id']}/cancellations", {"reason": "other"}).status_code == 201


def turned(api: Api, path: str) -> list[dict[str, Any]]:
    found, cursor = [], ""
    while True:
        page = api.get(f"{path}?limit=1{cursor}").json()
        assert len(page["items"]) == 1
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


@pytest.mark.parametrize("path", ["/reasons", "/channels", "/items/MUG-BLEU/alternatives"])
def test_a_short_list_is_turned_page_by_page(api: Api, path: str) -> None:
    filled(api)
    whole = api.get(path).json()
    assert whole["next"] is None and len(whole["items"]) > 1
    assert turned(api, path) == whole["items"]
    problem_of(api.get(f"{path}?limit=251"), 422, "invalid_limit")
    other = api.get("/reasons?limit=1" if path != "/reasons" else "/channels?limit=1").json()["next"]
    problem_of(api.get(f"{path}?limit=1&cursor={other}"), 422, "cursor_differs")


def test_the_sandboxs_mails_are_turned_page_by_page(api: Api) -> None:
    filled(api)
    while drain(at=datetime.now(UTC)).count:
        pass
    whole = api.get("/sandbox/mails").json()["items"]
    assert len(whole) == 2 and turned(api, "/sandbox/mails") == whole
