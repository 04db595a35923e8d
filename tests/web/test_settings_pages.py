"""The pages of the settings: who opens them, what they take, what they say beside a field."""

from datetime import datetime
from typing import Any

import pytest

from countermand.correspondence.reasons import add_wording
from countermand.merchants.team import invite
from tests.web.desk import Shop, statements
from tests.web.reading import url

READ = ("settings", "channels", "team", "security", "practice", "till", "ideas_help")
LED = ("company", "wordings", "new_wording", "templates", "how_to", "activity")
MOST = 12


@pytest.mark.parametrize("name", [*READ, *LED])
def test_SH12_a_page_of_the_settings_opens_to_whom_it_may(shop: Shop, name: str) -> None:
    for role, opens in (
        ("viewer", name in READ),
        ("agent", name in READ),
        ("manager", True),
        ("owner", True),
    ):
        assert shop[role].get(url(name)).status_code == (200 if opens else 403), role


def test_every_page_of_the_settings_takes_few_statements(shop: Shop, now: datetime) -> None:
    for number in range(30):
        who: dict[str, Any] = {"merchant_id": shop.merchant.id, "by": "test", "at": now}
        invite(email=f"i{number}-{shop.merchant.id}@shop.example", role="agent", **who)
        add_wording(reason="delay", label_fr=f"Retard {number}", **who)
        shop.order()
    taken = {name: statements(shop["owner"], url(name)) for name in (*READ, *LED)}
    taken["terms"] = statements(shop["owner"], url("terms", code="boutique"))
    taken["template"] = statements(shop["owner"], url("template"))
    assert {name: count for name, count in taken.items() if count > MOST} == {}
