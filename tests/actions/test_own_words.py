"""The shop's own words: reasons (SH-6), mails, who writes (EM-15), and how to ask (SH-15)."""

from datetime import datetime
from typing import Any

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.correspondence.filling import Own, checked, default, fill
from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Message
from countermand.correspondence.reasons import add_wording, change_wording, move_wording, wordings_of
from countermand.correspondence.templates import drop_template, own_text, tried, write_template
from countermand.events.models import Event
from countermand.merchants.company import change_company, write_public_text
from countermand.refusals import Refusal
from tests.builders import an_order


@pytest.fixture
def here(merchant: Any, now: datetime) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "by": "marie", "at": now}


def refused(code: str, field: str, act: Any) -> None:
    with pytest.raises(Refusal) as error:
        act()
    assert (error.value.code, error.value.field) == (code, field)


def test_SH6_a_wording_stands_under_its_kind_and_keeps_the_family(here: dict[str, Any]) -> None:
    first = add_wording(
        reason="delay", label_fr="Grève des transports", words_fr="La grève nous retient.", **here
    )
    second = add_wording(reason="out_of_stock", label_fr="Fin de série", label_en="Discontinued", **here)

    said = wordings_of(merchant_id=here["merchant_id"])
    assert [(each.reason, each.family, each.label) for each in said] == [
        ("delay", "shipping", "Grève des transports"),
        ("out_of_stock", "stock", "Fin de série"),
    ]
    assert said[0].words == "La grève nous retient."
    assert wordings_of(merchant_id=here["merchant_id"], language="en")[1].label == "Discontinued"
    move_wording(wording_id=second.id, up=True, **here)
    assert wordings_of(merchant_id=here["merchant_id"])[0].id == second.id
    change_wording(wording_id=first.id, reason="delay", label_fr="Grève", active=False, **here)
    assert [each.id for each in wordings_of(merchant_id=here["merchant_id"])] == [second.id]


def test_SH6_a_wording_without_kind_or_name_is_refused(here: dict[str, Any]) -> None:
    add_wording(reason="delay", label_fr="Grève", **here)

    refused("unknown_reason", "reason", lambda: add_wording(reason="humeur", label_fr="Non", **here))
    refused("label_required", "label_fr", lambda: add_wording(reason="delay", label_fr=" ", **here))
    refused("wording_exists", "label_fr", lambda: add_wording(reason="budget", label_fr="Grève", **here))


def test_EM15_mails_come_from_a_person_whose_address_is_read(merchant: Any, here: dict[str, Any]) -> None:
    said = {"contact_name": "Camille", "reply_to": "bonjour@petitmug.example"}

    changed = change_company(changes=said, **here)

    assert (changed.contact_name, changed.reply_to) == ("Camille", "bonjour@petitmug.example")
    refused("sender_required", "contact_name", lambda: change_company(changes={"contact_name": ""}, **here))
    refused("reply_required", "reply_to", lambda: change_company(changes={"reply_to": "personne"}, **here))
    assert Event.of(merchant.id).get(kind="merchant.changed").facts == {
        "changed": ["contact_name", "reply_to"]
    }


def test_a_template_knows_its_variables_and_nothing_else(here: dict[str, Any]) -> None:
    def write(body: str, subject: str = "Commande {commande}") -> Any:
        return write_template(kind="cancellation", language="fr", subject=subject, body=body, **here)

    refused("unknown_variable", "body", lambda: write("{{ settings.SECRET_KEY }}\n\n{remboursement}"))
    refused("unknown_variable", "body", lambda: write("{request}\n\n{remboursement}"))
    refused("unknown_variable", "subject", lambda: write("{remboursement}", "{nimporte}"))
    refused("loose_brace", "body", lambda: write("une { seule\n\n{remboursement}"))
    refused("variable_alone", "body", lambda: write("Voici {articles} ici\n\n{remboursement}"))
    refused("variable_needed", "body", lambda: write("{bonjour}"))
    assert write("{bonjour}\n\n{remboursement}").body == "{bonjour}\n\n{remboursement}"


def test_what_is_filled_in_is_never_read_again() -> None:
    own = checked(own=Own("{nom}", "Bonjour {nom}\n\n{remboursement}"), kind="refund")

    subject, blocks = fill(own=own, inline={"nom": "{montant}"}, blocks={})

    assert subject == "{montant}" and blocks[0].text == "Bonjour {montant}"  # type: ignore[union-attr]


def test_the_text_of_the_shop_goes_out_and_ours_comes_back(
    merchant: Any, here: dict[str, Any], now: datetime
) -> None:
    body = "Chère cliente, cher client {nom},\n\n{annonce}\n\n{remboursement}\n\n{signature}"
    write_template(kind="cancellation", language="fr", subject="Au sujet de {commande}", body=body, **here)
    order_id = an_order(merchant, number="T-1")
    ask = Ask(reason="out_of_stock", message="Le bol revient en mai.")
    confirm(merchant_id=merchant.id, order_id=order_id, ask=ask, by="marie", at=now)

    while drain(at=now).count:
        pass

    sent = Message.of(merchant.id).get(order_id=order_id)
    assert sent.subject == "Au sujet de T-1"
    assert "Chère cliente, cher client Ana," in sent.text
    assert "Le bol revient en mai." in sent.text, "what staff wrote is never lost"
    mail, number = tried(merchant_id=merchant.id, kind="cancellation", language="fr", own=None, on=now.date())
    assert number == "T-1" and mail.text == ours(merchant, order_id, now)
    drop_template(kind="cancellation", language="fr", **here)
    assert own_text(merchant_id=merchant.id, kind="cancellation", language="fr") is None


def ours(merchant: Any, order_id: Any, now: datetime) -> str:
    """The mail as our own text writes it: the default of the editor says the same to the letter."""
    from countermand.correspondence import rendering
    from countermand.correspondence.outgoing import answerable
    from countermand.correspondence.rendering import Sender

    message = Message.of(merchant.id).get(order_id=order_id)
    sender = Sender(merchant.contact_name, merchant.name, answerable(merchant.reply_to))
    return rendering.preview(
        facts=message.facts, sender=sender, name="Ana", language="fr", on=now.date()
    ).text


@pytest.mark.parametrize("kind", ["cancellation", "refund"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_our_text_is_in_order_itself(kind: str, language: str) -> None:
    assert checked(own=default(kind=kind, language=language), kind=kind).body


def test_SH15_the_public_text_is_the_shops(merchant: Any, here: dict[str, Any]) -> None:
    from django.test import Client

    page = Client().get(f"/aide/{merchant.code}")
    assert page.status_code == 200 and "tant qu" in page.content.decode()
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert not page.cookies and "Cookie" not in page.headers.get("Vary", "")
    write_public_text(language="en", text="Call us.\n\n- <b>before</b> 6 pm", **here)
    english = Client().get(f"/aide/{merchant.code}/en").content.decode()
    assert "Call us." in english and "&lt;b&gt;before" in english
    assert Client().get("/aide/nulle-part").status_code == 404
