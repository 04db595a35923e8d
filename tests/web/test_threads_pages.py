"""« Messages »: the list, the thread of an order, the answer, and the block on the order's page."""

from datetime import UTC, datetime
from typing import Any

import pytest

from countermand.channels.actions import open_channel
from countermand.stock.actions import make_unavailable
from countermand.threads.actions import take_message
from countermand.threads.models import Entry, InboundKey, ReplyText, Thread
from tests.web.desk import Shop, statements


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u202f", " ").replace("\xa0", " ")


def on(shop: Shop, terms: str, **body: Any) -> Any:
    """An order of a channel under these terms."""
    at = datetime.now(UTC)
    asked: dict[str, Any] = {"mode": "test", "overrides": {}, "by": "t", "at": at, "timezone": "Europe/Paris"}
    open_channel(merchant_id=shop.merchant.id, code=terms, name=terms, terms=terms, **asked)
    return shop.order(channel=terms, **body)


def wrote(shop: Shop, order: Any, text: str = "Où est-elle ?", **more: Any) -> Entry:
    at = datetime.now(UTC)
    told: dict[str, Any] = {"via": "webhook", "by": "channel", "at": at, **more}
    return take_message(merchant_id=shop.merchant.id, order_id=order, text=text, **told).entry


def reply(shop: Shop, order: Any, role: str = "agent", **said: str) -> Any:
    """What a browser would send: the page's own key, and what was typed."""
    page = shop[role].get(f"/commandes/{order}/messages")
    form = page.context["form"]
    sent = {"reply-kind": str(form["kind"].value()), "reply-text": "", "reply-key": str(form["key"].value())}
    sent |= {f"reply-{name}": value for name, value in said.items()}
    return shop[role].post(f"/commandes/{order}/messages", sent), sent


def test_AZ20_an_answer_is_written_where_the_question_stands(shop: Shop) -> None:
    order = shop.order()
    wrote(shop, order, "Où est <ma> commande ?")
    page = text_of(shop["agent"].get(f"/commandes/{order}/messages"))
    assert "Où est &lt;ma&gt; commande ?" in page
    assert "Un message sans réponse" in page
    answer, _ = reply(shop, order, text="Elle part demain.")
    assert answer.status_code == 302
    page = text_of(shop["agent"].get(f"/commandes/{order}/messages"))
    assert "Elle part demain." in page
    assert "Message envoyé." in page
    assert "Un message sans réponse" not in page


def test_AZ20_one_press_is_one_message(shop: Shop) -> None:
    order = shop.order()
    _, sent = reply(shop, order, text="Bonjour")
    assert shop["agent"].post(f"/commandes/{order}/messages", sent).status_code == 302
    assert Entry.of(shop.merchant.id).count() == 1


def test_RK4_what_was_typed_stays_and_says_what_is_wrong(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    answer, _ = reply(shop, order, text="é" * 401)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Le message est trop long" in page
    assert "1 caractère de trop" in page
    assert "é" * 401 in page


def test_RK4_a_template_as_it_is_is_pointed_out_before_and_after(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    page = shop["agent"].get(f"/commandes/{order}/messages?modele=problem")
    text = page.context["form"]["text"].value()
    assert "C'est un modèle tel quel" in text_of(page).replace("’", "'").replace("&#x27;", "'")
    proof = shop["agent"].post(
        f"/commandes/{order}/messages/relire",
        {"reply-kind": "problem", "reply-text": text + " Léa garde le bleu."},
    )
    assert "tel quel" not in text_of(proof)
    answer, _ = reply(shop, order, kind="problem", text=text)
    assert answer.status_code == 302
    assert "modèle tel quel" in text_of(shop["agent"].get(f"/commandes/{order}/messages"))


def test_RK4_the_text_of_a_cancellation_is_read_the_same_way(shop: Shop) -> None:
    order = on(shop, "rakuten_france")
    page = f"/commandes/{order}/messages/relire"
    template = (
        "Bonjour Ana, nous sommes désolés : nous ne pouvons pas envoyer votre commande X et devons l'annuler. "
        "Vous êtes remboursé sans rien avoir à faire."
    )
    assert "tel quel" in text_of(shop["agent"].post(page, {"message": template}))
    assert "tel quel" not in text_of(shop["agent"].post(page, {"message": template + " Bien à vous, Léa"}))


def test_AZ7_the_ready_reply_stands_there_or_says_why_not(shop: Shop) -> None:
    order = on(shop, "amazon")
    page = text_of(shop["agent"].get(f"/commandes/{order}/messages"))
    assert "Seulement à un client qui a écrit" in page
    wrote(shop, order, "Annulez")
    page = text_of(shop["agent"].get(f"/commandes/{order}/messages?modele=ask_officially.official"))
    assert "Votre compte &gt; Vos commandes &gt; Demander une annulation" in page
    make_unavailable(merchant_id=shop.merchant.id, sku="MUG-BLEU", days=5, by="t", at=datetime.now(UTC))
    page = text_of(shop["agent"].get(f"/commandes/{order}/messages"))
    assert "ne demandez pas au client d" in page
    answer, _ = reply(shop, order, kind="ask_officially", text="Annulez vous-même")
    assert answer.status_code == 422


def test_AZ11_a_hidden_buyer_is_not_read_nor_written_to(shop: Shop) -> None:
    order = on(shop, "amazon", verification="pending", paid="authorized")
    wrote(shop, order, "Je suis Ana des Lilas")
    for path in (f"/commandes/{order}/messages", f"/commandes/{order}/messages/derniers", "/messages"):
        page = text_of(shop["agent"].get(path))
        assert "Lilas" not in page, path
        assert "asqué pendant la vérification" in page, path
    assert "adressez le client au service de la plateforme" in text_of(
        shop["agent"].get(f"/commandes/{order}/messages")
    )
    assert shop["agent"].post(f"/commandes/{order}/messages", {"reply-kind": "question"}).status_code == 422


def test_AZ20_a_message_read_elsewhere_is_noted_and_can_be_laid_aside(shop: Shop) -> None:
    order = shop.order()
    shop["agent"].post(f"/commandes/{order}/messages/recu", {"in-text": "Merci !"})
    assert Thread.of(shop.merchant.id).get().waiting == 1
    assert shop["agent"].post(f"/commandes/{order}/messages/recu", {"in-text": ""}).status_code == 422
    shop["agent"].post(f"/commandes/{order}/messages/rien")
    assert Thread.of(shop.merchant.id).get().waiting == 0


def test_AZ20_the_list_shows_who_waits_and_goes_on(shop: Shop) -> None:
    orders = [shop.order() for _ in range(32)]
    for order in orders:
        wrote(shop, order, f"Question {order}")
    page = shop["viewer"].get("/messages")
    assert len(page.context["rows"]) == 30
    rest = shop["viewer"].get("/messages" + page.context["after_url"])
    assert len(rest.context["rows"]) == 2
    assert not {row["number"] for row in page.context["rows"]} & {
        row["number"] for row in rest.context["rows"]
    }
    assert "Répondre" not in text_of(page)  # a viewer reads
    assert shop["viewer"].get("/messages?apres=nonsense").status_code == 302
    assert len(shop["viewer"].get("/messages?vue=toutes").context["rows"]) == 30


@pytest.mark.parametrize("entries", [1, 12])
def test_AZ20_pages_take_few_questions_however_long_the_thread(shop: Shop, entries: int) -> None:
    order = shop.order()
    for i in range(entries):
        wrote(shop, order, f"n° {i}")
    shop["owner"].get("/")
    for path in ("/messages", f"/commandes/{order}/messages", f"/commandes/{order}/messages/derniers"):
        assert statements(shop["owner"], path) <= 12, path


def test_AZ20_a_viewer_reads_and_does_not_write(shop: Shop) -> None:
    order = shop.order()
    wrote(shop, order)
    page = text_of(shop["viewer"].get(f"/commandes/{order}/messages"))
    assert "reply-text" not in page
    assert shop["viewer"].post(f"/commandes/{order}/messages", {}).status_code == 403


def test_AZ20_the_shops_own_texts_are_kept_changed_and_offered(shop: Shop) -> None:
    said = {
        "name": "Retard colis",
        "kind": "free",
        "language": "fr",
        "body": "Bonjour {prenom}, un peu de patience.",
    }
    assert shop["manager"].post("/reglages/messages/nouveau", said).status_code == 302
    text = ReplyText.of(shop.merchant.id).get()
    wrong = shop["manager"].post(f"/reglages/messages/{text.id}", {**said, "body": "{montant}"})
    assert wrong.status_code == 422
    order = shop.order()
    page = shop["agent"].get(f"/commandes/{order}/messages?modele=own.{text.id}")
    assert page.context["form"]["text"].value() == "Bonjour Ana, un peu de patience."
    assert shop["manager"].post(f"/reglages/messages/{text.id}/retirer").status_code == 302
    assert not ReplyText.of(shop.merchant.id).exists()


def test_AZ20_a_channels_secret_is_shown_once(shop: Shop) -> None:
    made = shop["owner"].post("/reglages/messages-recus/boutique")
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert "whsec_" in text_of(made)
    assert "whsec_" not in text_of(shop["owner"].get("/reglages/messages-recus"))
    assert InboundKey.of(shop.merchant.id).count() == 1
    assert shop["owner"].post("/reglages/messages-recus/none").status_code == 404
