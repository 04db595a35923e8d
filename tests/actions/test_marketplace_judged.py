"""What a merchant, a marketplace and its people may be called: judged where they are made, and nothing is written."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from countermand.marketplace.actions import add_operator, open_marketplace
from countermand.marketplace.models import Marketplace
from countermand.merchants.actions import add_merchant
from countermand.merchants.models import Merchant, User
from countermand.refusals import Refusal
from tests.actions.place import PASSWORD, a_marketplace

NAMELESS = [
    ({"code": "deux mots"}, "invalid_code"),
    ({"code": ""}, "invalid_code"),
    ({"code": "é"}, "invalid_code"),
    ({"code": "a" * 65}, "invalid_code"),
    ({"name": "  "}, "invalid_name"),
    ({"name": "a" * 201}, "invalid_name"),
    ({"name": "Les\nHalles"}, "invalid_name"),
    ({"name": "Les\x1b[31mHalles"}, "invalid_name"),
    ({"timezone": "Mars/x"}, "unknown_timezone"),
    ({"timezone": ""}, "unknown_timezone"),
]


@pytest.mark.parametrize(
    ("wrong", "code"), [*NAMELESS, ({"service_email": "notmail"}, "invalid_email")], ids=str
)
def test_a_marketplace_that_could_not_be_shown_is_not_opened(
    database: None, wrong: dict[str, str], code: str
) -> None:
    asked: dict[str, Any] = {"code": f"h{uuid4().hex}", "name": "Les Halles", **wrong}
    with pytest.raises(Refusal) as refused:
        open_marketplace(**asked, by="console", at=datetime.now(UTC))
    assert refused.value.code == code
    assert not Marketplace.objects.filter(code=asked["code"]).exists()
    assert not Merchant.objects.filter(code=asked["code"]).exists()


@pytest.mark.parametrize(("wrong", "code"), NAMELESS, ids=str)
def test_a_merchant_is_judged_by_the_same_rules(database: None, wrong: dict[str, str], code: str) -> None:
    asked: dict[str, Any] = {"code": f"m{uuid4().hex}", "name": "Le Petit Mug", **wrong}
    with pytest.raises(Refusal) as refused:
        add_merchant(**asked)
    assert refused.value.code == code
    assert not Merchant.objects.filter(code=asked["code"]).exists()


def test_a_name_keeps_its_french_spaces(merchant: Any) -> None:
    made = add_merchant(code=f"m{uuid4().hex}", name=" L'Épicerie\u202f! ")
    assert made.name == "L'Épicerie\u202f!"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"email": "nomail"}, "invalid_email"),
        ({"email": "a@b"}, "invalid_email"),
        ({"email": f"{'a' * 60}@{'b.' * 100}example"}, "invalid_email"),
        ({"password": "x"}, "weak_password"),
        ({"password": ""}, "weak_password"),
        ({"password": "qwerty123456"}, "weak_password"),
        ({"password": "lina.verveine@halles.example"}, "weak_password"),
        ({"password": "tisane-lilas-" * 20}, "weak_password"),
        ({"first_name": "a" * 101}, "invalid_name"),
        ({"first_name": "Li\nna"}, "invalid_name"),
    ],
    ids=str,
)
def test_an_operator_who_could_not_sign_in_safely_is_not_added(
    merchant: Any, wrong: dict[str, str], code: str
) -> None:
    place = a_marketplace()
    asked = {"email": "lina.verveine@halles.example", "password": PASSWORD, "role": "agent", **wrong}
    people = User.objects.count()
    with pytest.raises(Refusal) as refused:
        add_operator(marketplace_id=place.id, **asked, by="console", at=datetime.now(UTC))
    assert refused.value.code == code
    assert refused.value.detail.isascii(), "the console speaks English"
    assert not place.operators.exists()
    assert User.objects.count() == people
