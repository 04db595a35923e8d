"""What can be sold, when it is back, and what is proposed instead."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from countermand.refusals import Refusal
from countermand.stock.facts import Article
from countermand.stock.rules import alternatives, back_on, day_of, sellable

TODAY = date(2026, 11, 20)
BLUE = Article(
    "MUG-BLEU",
    product="Mug",
    options={"couleur": "bleu", "taille": "M"},
    range="Petit déjeuner",
    price_minor=1230,
    currency="EUR",
    on_hand=5,
)
RED = replace(BLUE, sku="MUG-ROUGE", options={"couleur": "rouge", "taille": "M"})
LARGE = replace(BLUE, sku="MUG-BLEU-L", options={"couleur": "bleu", "taille": "L"})
BOWL = Article("BOL", product="Bol", range="Petit déjeuner", price_minor=1400, currency="EUR", on_hand=5)
TEAPOT = replace(BOWL, sku="THEIERE", product="Théière", price_minor=4500)
PEN = Article("STYLO", product="Stylo", range="Bureau", price_minor=1230, currency="EUR", on_hand=5)


def proposed(*others: Article, wanted: Article = BLUE) -> list[tuple[str, str]]:
    return [(one.kind, one.article.sku) for one in alternatives(wanted, others, today=TODAY)]


def test_sellable_is_what_is_on_hand_and_not_promised() -> None:
    assert sellable(10, 4, today=TODAY) == 6


def test_sellable_below_zero_says_how_many_are_oversold() -> None:
    assert sellable(0, 4, today=TODAY) == -4


def test_sellable_is_not_known_without_stock_keeping() -> None:
    assert sellable(None, 0, today=TODAY) is None


def test_EM5_nothing_is_sellable_until_the_day_it_is_back() -> None:
    back = back_on(days=1, today=TODAY)

    assert back == date(2026, 11, 21)
    assert sellable(10, 0, unavailable_until=back, today=TODAY) == 0
    assert sellable(10, 0, unavailable_until=back, today=back) == 10


@pytest.mark.parametrize("days", [0, -1, 366])
def test_EM5_days_are_one_to_a_year(days: int) -> None:
    with pytest.raises(Refusal) as refused:
        back_on(days=days, today=TODAY)

    assert (refused.value.code, refused.value.field) == ("invalid_days", "days")
    assert back_on(days=365, today=TODAY) == date(2027, 11, 20)


def test_EM5_the_day_is_the_merchants() -> None:
    just_after_midnight_in_paris = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)

    assert day_of(just_after_midnight_in_paris, timezone="Europe/Paris") == TODAY


def test_EM3_same_product_then_equivalent_then_range() -> None:
    assert proposed(TEAPOT, BOWL, RED, PEN) == [
        ("other_option", "MUG-ROUGE"),
        ("equivalent", "BOL"),
        ("same_range", "THEIERE"),
    ]


def test_EM3_another_size_is_no_alternative() -> None:
    assert proposed(LARGE) == []


def test_EM3_another_size_is_one_where_it_is_interchangeable() -> None:
    assert proposed(LARGE, wanted=replace(BLUE, interchangeable=("taille",))) == [
        ("other_option", "MUG-BLEU-L")
    ]


def test_EM3_another_size_of_the_range_is_none_either() -> None:
    assert proposed(replace(BOWL, options={"taille": "L"})) == []
    assert proposed(replace(BOWL, options={"taille": "M"})) == [("equivalent", "BOL")]


@pytest.mark.parametrize(
    "gone",
    [
        replace(RED, on_hand=3, allocated=3),
        replace(RED, on_hand=0),
        replace(RED, active=False),
        replace(RED, unavailable_until=date(2026, 11, 21)),
    ],
)
def test_EM3_only_what_can_be_sold(gone: Article) -> None:
    assert proposed(gone) == []


@pytest.mark.parametrize(
    "there",
    [
        replace(RED, on_hand=4, allocated=3),
        replace(RED, on_hand=None),
        replace(RED, unavailable_until=TODAY),
    ],
)
def test_EM3_what_is_left_or_back_can_be_sold(there: Article) -> None:
    assert proposed(there) == [("other_option", "MUG-ROUGE")]


def test_EM3_nearest_price_first_and_the_like_price_is_twenty_per_cent() -> None:
    near = replace(BOWL, sku="B1", price_minor=1476)  # 12.30 + 20 %
    far = replace(BOWL, sku="B2", price_minor=1477)
    other_currency = replace(BOWL, sku="B3", currency="CHF")

    assert proposed(other_currency, far, near) == [
        ("equivalent", "B1"),
        ("same_range", "B2"),
        ("same_range", "B3"),
    ]


def test_EM3_an_article_without_product_or_range_has_no_alternative() -> None:
    assert proposed(replace(PEN, product="", range=""), wanted=replace(BLUE, product="", range="")) == []
