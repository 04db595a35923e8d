"""SG-1, SH-1: an order is found by number, name, e-mail, phone or article, as people type them."""

import pytest

from countermand import sql
from countermand.orders import search

ORDER = search.lexemes(
    merchant_id=7,
    number="CMD-2026-1001",
    name="Éloïse d'Œuvre-Martin",
    email="Eloise.Martin@exemple.fr",
    phone="+33 6 12 34 56 78",
    skus=["MUG-BLEU", "THÉ 'Noël'"],
)


def found(text: str, *, merchant_id: int = 7) -> bool:
    query = search.query_of(merchant_id=merchant_id, text=text)
    return bool(sql.tuples("SELECT array_to_tsvector(%s) @@ %s::tsquery", (ORDER, query))[0][0])


@pytest.mark.parametrize(
    "text",
    [
        "CMD-2026-1001",
        "cmd-2026-1001",
        "2026-1001",
        "1001",
        "eloise",
        "ÉLOÏSE",
        "oeuvre",
        "œuvre martin",
        "Martin  Eloise",
        "Œuvre-Martin",
        "eloise.martin@exemple.fr",
        "Eloise.Martin@EXEMPLE.fr",
        "eloise.martin",
        "exemple.fr",
        "exemple",
        "0612345678",
        "06 12 34 56 78",
        "+33 6 12 34 56 78",
        "06.12.34.56.78",
        "33612345678",
        "mug-bleu",
        "mug",
        "1001 eloise",
        "eloise\u00a0martin",
    ],
)
def test_SG1_an_order_is_found(database: None, text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    ["dupont", "1002", "eloise dupont", "101", "001", "eloise.martin@exemple.com", "06 12 34 56 79", "loise"],
)
def test_SG1_another_is_not(database: None, text: str) -> None:
    assert not found(text)


def test_another_merchants_orders_are_never_found(database: None) -> None:
    assert not found("eloise", merchant_id=70)
    assert not found("eloise", merchant_id=8)


@pytest.mark.parametrize(
    "text",
    ["'", "\\", "' | '", "a & b", "!eloise", ":*", "(", "thé 'noël'", "x" * 5000, "\x00", "m7:eloise", "<->"],
)
def test_whatever_is_typed_is_a_question(database: None, text: str) -> None:
    query = search.query_of(merchant_id=7, text=text)

    sql.tuples("SELECT array_to_tsvector(%s) @@ %s::tsquery", (ORDER, query))


def test_a_vector_holds_the_same_words_as_the_list(database: None) -> None:
    words = [*ORDER, "m7:l'été\\noël", "m7:a:1b"]

    same = sql.tuples("SELECT %s::tsvector = array_to_tsvector(%s)", (search.vector(words), words))

    assert same == [(True,)]


@pytest.mark.parametrize("text", ["", "   ", "\x00"])
def test_nothing_typed_is_no_question(text: str) -> None:
    assert search.query_of(merchant_id=7, text=text) == ""


def test_a_number_is_kept_by_its_suffixes_of_four_characters_and_more() -> None:
    assert search.lexemes(merchant_id=1, number="A12345") == [
        "m1:12345",
        "m1:2345",
        "m1:a12345",
    ]


def test_what_the_terms_hide_is_no_lexeme() -> None:
    assert search.lexemes(merchant_id=1, number="1001") == ["m1:1001"]
