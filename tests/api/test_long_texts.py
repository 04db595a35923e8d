"""What somebody writes may have 5,000 characters wherever it is sent (docs/api.md); one more is refused by name."""

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Api, placed, problem_of

LONG = "é" * 5_000
Path = Callable[[Api], str]


def order(api: Api, *, parcel: bool = False, owed: bool = False) -> str:
    found: dict[str, Any] = placed(api)
    if parcel:
        assert api.post(f"/orders/{found['id']}/fulfilments", {"reference": "f1"}).status_code == 201
    if owed:
        later = {"reason": "other", "refund": {"when": "later"}}
        assert api.post(f"/orders/{found['id']}/cancellations", later).status_code == 201
    return f"/orders/{found['id']}"


TEXTS: list[tuple[str, Path, dict[str, Any], str]] = [
    ("cancellation message", lambda api: order(api) + "/cancellations", {"reason": "other"}, "message"),
    ("cancellation note", lambda api: order(api) + "/cancellations", {"reason": "other"}, "note"),
    ("refund reason", lambda api: order(api, owed=True) + "/refunds", {}, "reason"),
    ("return note", lambda api: order(api, parcel=True) + "/returns", {}, "note"),
    ("return message", lambda api: order(api, parcel=True) + "/returns", {}, "message"),
    ("order note", lambda api: order(api) + "/notes", {}, "text"),
    ("contact note", lambda api: order(api) + "/contacts", {"by": "phone", "outcome": "accepts"}, "note"),
    ("request comment", lambda api: order(api) + "/requests", {"route": "phone"}, "comment"),
    ("stock note", lambda api: placed(api) and "/items/MUG-BLEU/stock", {"set": 5}, "note"),
]


@pytest.mark.parametrize(("path", "body", "field"), [pytest.param(*row[1:], id=row[0]) for row in TEXTS])
def test_a_text_of_5000_characters_is_kept_and_one_more_refused(
    api: Api, path: Path, body: dict[str, Any], field: str
) -> None:
    there = path(api)
    said = problem_of(api.post(there, body | {field: LONG + "!"}), 422, "text_too_long")
    assert [error["field"] for error in said["errors"]] == [field]
    kept = api.post(there, body | {field: LONG})
    assert kept.status_code in (200, 201), kept.content
