"""Channels: opened once, changed with a trace, fixed where orders rely on it."""

from datetime import datetime
from typing import Any

import pytest

from countermand.channels import queries
from countermand.channels.actions import change_channel, open_channel
from countermand.channels.models import Channel
from countermand.events.models import Event
from countermand.refusals import Refusal
from tests.builders import an_order


def _open(merchant: Any, now: datetime, **other: Any) -> Channel:
    content = {
        "code": "amazon",
        "name": "Amazon.fr",
        "terms": "amazon",
        "timezone": "Europe/Paris",
        "mode": "live",
        "overrides": {"warn": "1.80"},
    } | other
    return open_channel(merchant_id=merchant.id, by="marie", at=now, **content)


def test_the_same_channel_again_is_the_same_channel(merchant: Any, now: datetime) -> None:
    first = _open(merchant, now)

    assert _open(merchant, now).id == first.id
    assert Event.of(merchant.id).filter(subject_id=first.id, kind="channel.opened").count() == 1


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"name": "Autre"}, "channel_exists"),
        ({"code": "é"}, "invalid_code"),
        ({"code": "a" * 65}, "invalid_code"),
        ({"terms": "ebay"}, "unknown_terms"),
        ({"timezone": "Europe/Lutece"}, "unknown_timezone"),
        ({"timezone": "../etc/passwd"}, "unknown_timezone"),
        ({"mode": "demo"}, "unknown_mode"),
        ({"overrides": {"grace_minutes": 1441}}, "invalid_override"),
        ({"overrides": {"prix": 1}}, "unknown_override"),
    ],
)
def test_what_is_no_channel_is_refused(
    merchant: Any, now: datetime, other: dict[str, Any], code: str
) -> None:
    _open(merchant, now)

    with pytest.raises(Refusal) as refused:
        _open(merchant, now, **other)

    assert refused.value.code == code


def test_a_change_raises_the_revision_and_says_so(merchant: Any, now: datetime) -> None:
    _open(merchant, now)

    changed = change_channel(
        merchant_id=merchant.id, code="amazon", changes={"overrides": {"warn": "1.50"}}, by="marie", at=now
    )

    assert changed.revision == 2
    terms = queries.terms_with_sources(merchant_id=merchant.id, code="amazon")
    assert terms["warn"] == {"value": "1.50", "source": "override", "preset": "2.00"}
    assert Event.of(merchant.id).get(kind="channel.changed").facts == {
        "changed": ["overrides"],
        "revision": 2,
        "terms": {"warn": ["1.80", "1.50"]},
    }


def test_no_change_raises_nothing(merchant: Any, now: datetime) -> None:
    _open(merchant, now)

    same = change_channel(
        merchant_id=merchant.id, code="amazon", changes={"name": "Amazon.fr"}, by="marie", at=now
    )

    assert same.revision == 1


def test_another_merchants_channel_is_not_found(merchant: Any, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        change_channel(merchant_id=merchant.id + 1, code="boutique", changes={}, by="marie", at=now)

    assert refused.value.status == 404


def test_the_only_channel_is_found_while_it_is_the_only_one(merchant: Any, now: datetime) -> None:
    assert queries.only_channel(merchant_id=merchant.id).code == "boutique"

    _open(merchant, now)

    with pytest.raises(Refusal):
        queries.only_channel(merchant_id=merchant.id)


def test_mode_and_terms_are_fixed_by_the_first_order(merchant: Any, now: datetime) -> None:
    def change(**changes: Any) -> Channel:
        return change_channel(merchant_id=merchant.id, code="boutique", changes=changes, by="marie", at=now)

    assert change(mode="live").mode == "live"
    change(mode="test")
    an_order(merchant)

    for changes in ({"mode": "live"}, {"terms": "amazon"}):
        with pytest.raises(Refusal) as refused:
            change(**changes)
        assert (refused.value.code, refused.value.status) == ("channel_has_orders", 409)
    assert change(mode="test", terms="own_shop", name="Autre").name == "Autre"
