"""« Commencer par un texte » where a cancellation is written: the shop's texts are at hand there too (AZ-20, RK-4)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.cancellations.models import Cancellation
from countermand.threads.own import keep_text
from tests.actions.terms_desk import a_channel
from tests.web.desk import Shop, answers, statements, steps_taken
from tests.web.reading import text


def on(shop: Shop, terms: str) -> UUID:
    a_channel(shop.merchant, terms)
    order = shop.order(channel=terms, number=f"T-{terms}")
    steps_taken(shop, order)
    return order


def own_text(shop: Shop, name: str = "Casse à l'atelier", language: str = "fr") -> str:
    body = "Bonjour {prenom}, votre pièce de la commande {commande} s'est brisée au four."
    made = keep_text(
        merchant_id=shop.merchant.id,
        name=name,
        kind="cancellation",
        language=language,
        body=body,
        by="test",
        at=datetime.now(UTC),
    )
    return f"text:own.{made.id}"


def texts(shop: Shop, order: UUID) -> str:
    return text(shop["agent"].get(f"/commandes/{order}/annuler/textes"))


def page(shop: Shop, order: UUID, **said: str) -> Any:
    address = f"/commandes/{order}/annuler"
    shown = shop["agent"].get(address)
    return shop["agent"].post(address, {**answers(shown), "reason": "out_of_stock", **said})


def message_in(answer: Any) -> str:
    return str(answer.context["form"]["message"].value())


def test_AZ20_the_shops_texts_and_ours_are_at_hand_where_a_cancellation_is_written(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    value = own_text(shop)
    own_text(shop, name="Broken", language="en")
    shown = texts(shop, order)
    assert "Casse à l'atelier" in shown and value in shown
    assert "Article plus disponible" in shown and "Envoi impossible" in shown
    assert "Broken" not in shown  # the buyer reads French
    shown = text(shop["agent"].get(f"/commandes/{order}/annuler"))
    # It loads into its own place: the form around it aims at the receipt.
    assert f'hx-get="/commandes/{order}/annuler/textes" hx-trigger="load" hx-target="this"' in shown


def test_AZ20_where_our_mail_goes_round_it_only_the_shops_own_are_offered(shop: Shop) -> None:
    order = on(shop, "own_shop")
    assert "Commencer par un texte" not in texts(shop, order)
    own_text(shop)
    shown = texts(shop, order)
    assert "Casse à l'atelier" in shown and "Article plus disponible" not in shown


def test_RK4_a_chosen_text_is_filled_in_and_what_was_typed_stays(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    value = own_text(shop)
    filled = "Bonjour Ana, votre pièce de la commande T-rakuten_france s'est brisée au four."

    first = page(shop, order, do=value)
    assert message_in(first) == filled
    assert first.context["form"]["reason"].value() == "out_of_stock"
    assert not Cancellation.of(shop.merchant.id).exists()

    # A text that nobody touched makes room; a personal word stays below.
    other = page(shop, order, do="text:cancellation.unable", message=filled)
    assert "s'est brisée" not in message_in(other) and "T-rakuten_france" in message_in(other)
    both = page(shop, order, do=value, message="Je vous appelle demain. Léa")
    assert message_in(both) == f"{filled}\n\nJe vous appelle demain. Léa"


def test_AZ20_without_a_script_a_button_brings_the_texts(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    shown = page(shop, order, do="texts", message="Désolée.")
    assert "Article plus disponible" in text(shown) and message_in(shown) == "Désolée."


def test_AZ20_a_text_that_is_gone_changes_nothing(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    assert message_in(page(shop, order, do="text:own.gone", message="Désolée.")) == "Désolée."


def test_AZ11_no_text_names_a_buyer_whose_payment_is_verified(shop: Shop) -> None:
    a_channel(shop.merchant, "amazon")
    order = shop.order(channel="amazon", verification="pending", paid="authorized")
    own_text(shop)
    assert texts(shop, order).strip() == ""


def test_the_cancel_page_asks_no_more_for_it(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    own_text(shop)
    shop["agent"].get("/commandes")  # the sign-in itself asks more once
    assert statements(shop["agent"], f"/commandes/{order}/annuler") <= 12
    assert statements(shop["agent"], f"/commandes/{order}/annuler/textes") <= 12
