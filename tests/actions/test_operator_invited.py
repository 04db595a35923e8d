"""A marketplace's new colleague hears of it by mail, and comes in by its link."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from countermand.correspondence.letters import drain
from countermand.correspondence.models import Letter
from countermand.marketplace.actions import add_operator, invite_operator_again, remove_operator
from countermand.marketplace.models import Marketplace, Operator
from countermand.refusals import Refusal
from tests.actions.place import PASSWORD, a_marketplace, an_operator


@pytest.fixture
def marketplace(merchant: Any) -> Marketplace:
    return a_marketplace()


def come(marketplace: Marketplace, **more: Any) -> Operator:
    asked = {
        "email": f"Lina@{marketplace.code}.example",
        "password": None,
        "role": "agent",
        "first_name": "Lina",
    }
    return add_operator(marketplace_id=marketplace.id, by="boss", at=datetime.now(UTC), **{**asked, **more})


def letters(marketplace: Marketplace) -> list[Letter]:
    return list(Letter.of(marketplace.house_id).filter(kind="operator").order_by("created_at", "id"))


def carried(marketplace: Marketplace) -> Letter:
    """The one letter as it left: here there is no mail server, so it stays in the mailbox of the house."""
    Letter.of(marketplace.house_id).update(stays=True)
    while drain(at=datetime.now(UTC)):
        pass
    [letter] = letters(marketplace)
    return letter


def test_who_is_new_gets_a_link_to_choose_a_password_once(marketplace: Marketplace) -> None:
    operator = come(marketplace)
    [letter] = letters(marketplace)
    assert letter.recipient == operator.user.email
    assert letter.subject == "Votre place chez Les Halles" and "Bonjour Lina" in letter.text
    assert (
        "{lien:place}" in letter.text and "/key/" not in letter.text
    )  # no table holds the link while it waits
    sent = carried(marketplace)
    assert sent.state == "sent"
    found = re.search(r"https?://[^/]+(/\S+)", sent.text)
    assert found is not None and "{lien" not in sent.text + sent.html
    client, path = Client(), found[1]
    form = client.get(path, follow=True)
    assert form.status_code == 200
    chosen = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(form.request["PATH_INFO"], chosen).status_code == 302
    assert _signs_in(operator.user.email)
    # The link is spent: it asks for another one.
    again = Client().get(path, follow=True).content.decode()
    assert "password1" not in again


def _signs_in(email: str) -> bool:
    client = Client()
    answer = client.post("/compte/login/", {"login": email, "password": PASSWORD})
    return answer.status_code == 302


def test_who_signs_in_already_is_led_to_the_marketplaces_page(marketplace: Marketplace) -> None:
    user = an_operator(a_marketplace("Ailleurs"))
    come(marketplace, email=user.email)
    sent = carried(marketplace)
    assert "/operateur" in sent.text and "/key/" not in sent.text


def test_invited_again_one_letter_waits_and_who_has_a_password_gets_none(marketplace: Marketplace) -> None:
    operator = come(marketplace)
    common = {"marketplace_id": marketplace.id, "by": "boss", "at": datetime.now(UTC)}
    invite_operator_again(operator_id=operator.id, **common)
    assert len(letters(marketplace)) == 1
    other = an_operator(marketplace).operates.get()
    with pytest.raises(Refusal) as refused:
        invite_operator_again(operator_id=other.id, **common)
    assert refused.value.code == "signs_in"
    elsewhere = {**common, "marketplace_id": a_marketplace("Ailleurs").id}
    with pytest.raises(Refusal) as refused:
        invite_operator_again(operator_id=operator.id, **elsewhere)
    assert refused.value.code == "not_found"


def test_who_left_before_the_letter_did_gets_no_link(marketplace: Marketplace) -> None:
    operator = come(marketplace)
    remove_operator(marketplace_id=marketplace.id, operator_id=operator.id, by="boss", at=datetime.now(UTC))
    sent = carried(marketplace)
    assert (sent.state, sent.error) == ("failed", "withdrawn")
