"""What may be written to a buyer: each system's terms, the ready replies, and a template that nobody touched."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from countermand.channels.presets import Terms, effective
from countermand.threads.rules import BECAUSE, WriteFacts, may_write, stands_in_the_way, unedited
from countermand.threads.texts import SOURCE, TEXTS, body, ready

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ORDER = WriteFacts(state="open", placed_at=NOW - timedelta(days=1), at=NOW)
ASKED = replace(ORDER, wrote=True)
RAKUTEN, AMAZON, SHOP, SPACE = (
    effective(name, {}) for name in ("rakuten_france", "amazon", "own_shop", "merchant_space")
)


@pytest.mark.parametrize("terms", [SHOP, SPACE, RAKUTEN])
def test_AZ20_what_is_not_typed_is_free(terms: Terms) -> None:
    assert may_write(terms, ORDER, "free", "Bonjour") == ""


def test_AZ20_a_typed_channel_lets_its_own_kinds_pass_and_no_other() -> None:
    assert may_write(AMAZON, ORDER, "free", "Bonjour") == "terms_forbid"
    assert may_write(AMAZON, ORDER, "question", "Gravure : Léa ?") == ""
    assert may_write(AMAZON, ASKED, "answer", "Oui, en bleu.") == ""
    assert may_write(AMAZON, ORDER, "answer", "Oui, en bleu.") == "reply_not_allowed"  # nobody asked anything
    assert may_write(AMAZON, ORDER, "wish", "x") == "unknown_message_kind"


@pytest.mark.parametrize(("terms", "most"), [(RAKUTEN, 400), (AMAZON, 2000), (SHOP, 5000)])
def test_RK4_a_message_is_as_long_as_the_channel_lets_it_be(terms: Terms, most: int) -> None:
    assert may_write(terms, ORDER, "question", "é" * most) == ""
    assert may_write(terms, ORDER, "question", "é" * (most + 1)) == "message_too_long"
    assert may_write(terms, ORDER, "question", " \n ") == "message_required"


def test_AZ20_links_pass_where_the_terms_let_them() -> None:
    for text in ("voyez https://boutique.example", "WWW.boutique.example"):
        assert may_write(AMAZON, ORDER, "question", text) == "terms_forbid"
        assert may_write(SHOP, ORDER, "free", text) == ""
    assert may_write(AMAZON, ORDER, "question", "Taille 4.5, http non") == ""


def test_RK4_rakuten_is_written_to_within_its_windows() -> None:
    """Not declared received more than 15 days ago, not ordered more than 42 days ago (docs/terms)."""
    old = replace(ORDER, placed_at=NOW - timedelta(days=42))
    assert may_write(RAKUTEN, old, "free", "Bonjour") == ""
    older = replace(old, placed_at=old.placed_at - timedelta(seconds=1))
    assert stands_in_the_way(RAKUTEN, older, "free", "Bonjour") == "after_order"
    there = replace(ORDER, received_at=NOW - timedelta(days=15))
    assert may_write(RAKUTEN, there, "free", "Bonjour") == ""
    long_there = replace(ORDER, received_at=NOW - timedelta(days=15, seconds=1))
    assert stands_in_the_way(RAKUTEN, long_there, "free", "Bonjour") == "after_received"
    assert may_write(SHOP, replace(older, received_at=NOW - timedelta(days=400)), "free", "Bonjour") == ""


def test_AZ20_after_thirty_days_only_who_wrote_is_answered() -> None:
    sent = replace(ORDER, state="shipped", left=True, shipped_at=NOW - timedelta(days=30, seconds=1))
    assert stands_in_the_way(AMAZON, sent, "problem", "Le colis est perdu.") == "unasked"
    assert may_write(AMAZON, replace(sent, wrote=True), "problem", "Le colis est perdu.") == ""


def test_AZ7_the_ready_reply_goes_to_a_buyer_who_asked_first() -> None:
    assert stands_in_the_way(AMAZON, ORDER, "ask_officially", "x") == "nobody_asked"
    assert may_write(AMAZON, ASKED, "ask_officially", "x") == ""
    assert may_write(AMAZON, replace(ORDER, asked=True), "ask_officially", "x") == ""  # by phone, recorded
    assert may_write(SHOP, ASKED, "ask_officially", "x") == "terms_forbid"  # there the shop itself is asked


@pytest.mark.parametrize("kind", ["ask_officially", "address"])
def test_AZ7_no_buyer_is_asked_to_call_off_for_our_shortage(kind: str) -> None:
    assert stands_in_the_way(AMAZON, replace(ASKED, short=True), kind, "x") == "shortage"
    for reason in ("out_of_stock", "item_unavailable", "cannot_deliver", "supplier"):
        assert may_write(AMAZON, ASKED, kind, "x", reason=reason) == "reply_not_allowed"
    assert may_write(AMAZON, ASKED, kind, "x", reason="customer_changed_mind") == ""
    assert may_write(AMAZON, replace(ASKED, short=True), "problem", "x") == ""  # the truth may be told


def test_AZ17_a_bad_address_is_said_before_anything_left() -> None:
    assert may_write(AMAZON, ORDER, "address", "x") == ""  # nobody wrote: the carrier refused the address
    assert stands_in_the_way(AMAZON, replace(ORDER, left=True), "address", "x") == "has_left"


def test_AZ10_who_still_wants_it_orders_again() -> None:
    gone = replace(ASKED, state="cancelled", cancelled=True)
    assert may_write(AMAZON, gone, "order_again", "x") == ""
    assert stands_in_the_way(AMAZON, ASKED, "order_again", "x") == "nothing_cancelled"
    assert stands_in_the_way(AMAZON, replace(gone, wrote=False), "order_again", "x") == "nobody_asked"


@pytest.mark.parametrize("kind", ["question", "ask_officially", "address"])
def test_AZ11_nothing_is_written_while_the_payment_is_verified(kind: str) -> None:
    assert may_write(AMAZON, replace(ASKED, state="pending"), kind, "x") == "not_verified_yet"


def test_AZ7_the_sentence_is_the_platforms_own() -> None:
    assert SOURCE == (
        "Vous pouvez trouver la commande dans votre compte Amazon en cliquant sur Votre compte > Vos commandes "
        "> Demander une annulation"
    )
    texts = {text.name: text for text in ready(AMAZON)}
    assert SOURCE in texts["ask_officially.official"].fr
    assert SOURCE in texts["address"].fr
    assert {text.name for text in ready(RAKUTEN)} == {
        "question",
        "problem",
        "ask_officially.customer_service",
    }


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.name)
def test_RK4_every_ready_text_fits_where_it_stands_and_is_known_again(text: object) -> None:
    assert isinstance(text, type(TEXTS[0]))
    for language in ("fr", "en_GB"):
        template = body(text, language)
        filled = template
        for name, value in (
            ("prenom", "Ana"),
            ("first_name", "Ana"),
            ("commande", "1001"),
            ("order", "1001"),
        ):
            filled = filled.replace(f"{{{name}}}", value)
        assert "{" not in filled
        assert len(filled) <= (400 if text.kind == "cancellation" or text.name.endswith("service") else 2000)
        assert unedited(filled, template)
        assert not unedited(filled + " À très vite, Léa du comptoir.", template)


def test_RK4_only_what_a_person_wrote_makes_a_text_personal() -> None:
    template = "Bonjour {prenom},\n\nL'article n'est plus disponible.\nNous annulons {commande}."
    filled = "Bonjour Ana,\n\nL'article n'est plus disponible.\nNous annulons 1001."
    assert unedited(filled, template)
    assert unedited(
        filled.upper().replace("\n", "  ").rstrip("."), template
    )  # spaces, capitals, the last full stop
    assert unedited(filled.replace("'", "’"), template)
    assert unedited(filled.replace("Ana", "Madame Martin"), template)  # another name in its place
    assert unedited(template, template)
    assert not unedited(filled.replace("Ana,", "Ana, votre mug bleu est tombé ce matin. Désolée !"), template)
    assert not unedited("Bonjour Ana,", template)
    assert not unedited("", template)
    assert not unedited("n'importe quoi", "")
    assert not unedited("n'importe quoi", "{message}{prenom}")


def test_AZ20_everything_that_stands_in_the_way_has_a_code() -> None:
    assert {code for code, _ in BECAUSE.values()} == {
        "unknown_message_kind",
        "terms_forbid",
        "reply_not_allowed",
        "message_required",
        "message_too_long",
    }
