"""The OpenAPI document is the reference: it names the words that may be said, the shapes of times, the bounds of lists."""

from typing import Any

import pytest

from countermand.api.main import api as ninja
from countermand.api.openapi import document
from countermand.reasons import REASONS


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """The document."""
    return document(ninja)


def field_of(said: dict[str, Any], body: str, name: str) -> dict[str, Any]:
    """What the document says of a field, null left out."""
    found = said["components"]["schemas"][body]["properties"][name]
    kinds: list[dict[str, Any]] = [one for one in found.get("anyOf", [found]) if one.get("type") != "null"]
    assert len(kinds) == 1
    return kinds[0]


def test_words_that_may_be_said_are_listed(said: dict[str, Any]) -> None:
    for body, name, words in (
        ("CancellationBody", "reason", list(REASONS)),
        ("CancellationBody", "initiated_by", ["buyer", "merchant", "platform"]),
        ("PaymentBody", "provider", ["sandbox", "manual", "store_credit"]),
        ("PaymentBody", "state", ["pending", "authorized", "captured", "failed", "voided"]),
        (
            "PaymentBody",
            "method",
            ["card", "wallet", "transfer", "cash", "cheque", "store_credit", "gift_card"],
        ),
        ("ChannelBody", "terms", ["own_shop", "merchant_space", "rakuten_france", "amazon"]),
        ("ChannelBody", "mode", ["live", "test"]),
        ("RiskBody", "level", ["low", "medium", "high"]),
    ):
        assert field_of(said, body, name)["enum"] == words, (body, name)


def test_times_and_days_are_said_to_be_such(said: dict[str, Any]) -> None:
    assert field_of(said, "OrderBody", "placed_at") == {
        "type": "string",
        "format": "date-time",
        "title": "Placed At",
    }
    assert field_of(said, "OrderBody", "ship_by")["format"] == "date"
    assert field_of(said, "SettlementBody", "at")["format"] == "date-time"


def test_every_list_says_how_many_it_gives(said: dict[str, Any]) -> None:
    limits = [
        one["schema"]
        for path, operations in said["paths"].items()
        for operation in operations.values()
        for one in operation["parameters"]
        if one["name"] == "limit" and path != "/api/v1/sandbox/mails"  # who tries things out sees all at once
    ]
    assert len(limits) > 10
    assert all((one["default"], one["minimum"], one["maximum"]) == (50, 1, 250) for one in limits)
