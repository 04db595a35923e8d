"""What one does on the pages of the settings, as a browser does it."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings as django_settings
from django.test import Client

from countermand.cancellations.models import Cancellation
from countermand.channels.models import Channel
from countermand.correspondence import letters
from countermand.correspondence.models import Letter, MailTemplate, Message
from countermand.correspondence.reasons import add_wording
from countermand.events.models import Event
from countermand.merchants.invitations import link_of
from countermand.merchants.models import Invitation, Member
from tests.web.desk import PASSWORD, Shop, answers, email_of
from tests.web.reading import url


def signed_in(shop: Shop, role: str, client: Client | None = None) -> Client:
    """A browser in which somebody of the shop came in with the password."""
    browser = client or Client()
    browser.post("/compte/login/", {"login": email_of(shop.merchant, role), "password": PASSWORD})
    assert browser.get("/").status_code == 200
    return browser


def test_SH12_a_colleague_is_invited_comes_in_and_is_sent_away(shop: Shop) -> None:
    owner, email = shop["owner"], f"zoe-{shop.merchant.id}@shop.example"
    wrong = owner.post(url("invite"), {"email": "zoe", "role": "agent"})
    assert wrong.status_code == 422 and 'value="zoe"' in wrong.content.decode()
    assert owner.post(url("invite"), {"email": email, "role": "agent"}).status_code == 302
    while letters.drain(at=datetime.now(UTC)):
        pass
    assert Letter.of(shop.merchant.id).get().error == "no_mail_server"
    link = link_of(Invitation.of(shop.merchant.id).get())
    assert link in owner.get(url("team")).content.decode(), "without a mail server it is handed over"

    path = link.removeprefix(django_settings.PUBLIC_URL)
    visitor = Client()
    page = visitor.get(path)
    assert page.headers["Referrer-Policy"] == "strict-origin" and email in page.content.decode()
    said = {"first_name": "Zoé", "password": "court", "again": "court"}
    assert visitor.post(path, said).status_code == 422
    said |= {"password": "tisane de lilas 26", "again": "tisane de lilas 26"}
    assert visitor.post(path, said).headers["Location"] == "/"
    assert visitor.get("/").status_code == 200
    assert Client().get(path).status_code == 410, "it served"

    member = Member.objects.get(merchant=shop.merchant, user__email=email)
    owner.post(url("remove_member", member_id=member.id))
    assert visitor.get("/").status_code == 403


def test_SH12_the_till_changes_hands_wholly(shop: Shop) -> None:
    for role, code in (("agent", "4827"), ("manager", "9173")):
        said = {"code": code, "password": PASSWORD}
        assert shop[role].post(url("security"), said).status_code == 302
    browser = signed_in(shop, "manager")
    browser.post(url("till"), {"member": "1", "code": "9173"})
    till_cookie = browser.cookies["till"].value
    other = Client()
    other.cookies["till"] = till_cookie
    signed_in(shop, "agent", other)
    before = other.session.session_key
    manager = Member.objects.get(merchant=shop.merchant, role="manager")
    assert "Manager" in other.get(url("till")).content.decode()

    assert other.post(url("till"), {"member": manager.id, "code": "0007"}).status_code == 422
    assert other.post(url("till"), {"member": manager.id, "code": "9173"}).headers["Location"] == "/"

    assert other.session.session_key != before
    order_id = shop.order()
    other.post(url("note", order_id=order_id), {"note-text": "Vu au comptoir."})
    noted = Event.of(shop.merchant.id).get(kind="order.noted")
    assert noted.by == email_of(shop.merchant, "manager")


def test_SH12_a_code_is_not_enough_for_the_team(shop: Shop) -> None:
    shop["owner"].post(url("security"), {"code": "4827", "password": PASSWORD})
    browser = signed_in(shop, "owner")
    cookie = browser.cookies["till"].value
    other = Client()
    other.cookies["till"] = cookie
    signed_in(shop, "agent", other)
    owner = Member.objects.get(merchant=shop.merchant, role="owner")
    other.post(url("till"), {"member": owner.id, "code": "4827"})

    assert other.get("/").status_code == 200
    assert other.get(url("tokens")).headers["Location"].startswith("/compte/reauthenticate/")


def test_SH12_a_shop_may_ask_for_a_second_factor(shop: Shop) -> None:
    owner = shop["owner"]
    said = {"name": "Le Petit Mug", "contact_name": "Camille", "reply_to": "bonjour@petitmug.example"}
    said |= {"language": "fr", "timezone": "Europe/Paris", "two_factor_required": "on"}
    assert owner.post(url("company"), said).status_code == 302

    held = shop["agent"].get("/")

    assert held.status_code == 403 and "/compte/2fa/totp/activate/" in held.content.decode()
    assert "two_factor_required" in Event.of(shop.merchant.id).get(kind="merchant.changed").facts["changed"]


def test_SH6_a_wording_is_chosen_in_the_cancel_form_and_said_to_the_buyer(shop: Shop, now: datetime) -> None:
    who: dict[str, Any] = {"merchant_id": shop.merchant.id, "by": "t", "at": now}
    own = add_wording(
        reason="out_of_stock", label_fr="Fin de série", words_fr="Il n'en sera plus fait.", **who
    )
    order_id = shop.order()
    here = url("cancel", order_id=order_id)
    agent = shop["agent"]
    said = answers(agent.get(here)) | {"reason": f"out_of_stock:{own.id}", "notify": "on"}
    shown = agent.post(here, said)
    assert "Fin de série" in shown.content.decode()
    form = shown.context["form"]
    assert form.value("reason") == "out_of_stock"
    assert form.value("message") == "Il n'en sera plus fait."
    assert form.value("note") == "Fin de série"


def test_a_template_says_what_is_wrong_beside_the_text(shop: Shop) -> None:
    manager = shop["manager"]
    there = f"{url('template')}?mail=cancellation&langue=fr"
    wrong = manager.post(there, {"do": "save", "subject": "Salut", "body": "{motdepasse}\n\n{remboursement}"})
    page = wrong.content.decode()
    assert wrong.status_code == 422 and "{motdepasse}" in page and "existe pas" in page
    assert not MailTemplate.of(shop.merchant.id).exists()
    right = {"subject": "Salut", "body": "{bonjour}\n\n{remboursement}"}
    tried = manager.post(there, {"do": "test", **right})
    assert tried.status_code == 200 and Letter.of(shop.merchant.id).get().subject == "Salut"
    assert manager.post(there, {"do": "save", **right}).status_code == 302
    assert MailTemplate.of(shop.merchant.id).get().body == right["body"]
    manager.post(there, {"do": "default"})
    assert not MailTemplate.of(shop.merchant.id).exists()


def test_terms_are_set_with_their_source_and_told_in_the_journal(shop: Shop) -> None:
    manager, there = shop["manager"], url("terms", code="boutique")
    assert manager.post(there, {"warn": "beaucoup"}).status_code == 422
    assert manager.post(there, {"warn": "2,5", "restock": "no"}).status_code == 302
    place = Channel.of(shop.merchant.id).get(code="boutique")
    assert (place.overrides, place.revision) == ({"warn": "2.5", "restock": False}, 2)
    assert "votre réglage" in manager.get(there).content.decode()
    assert "Alerte à" in manager.get(url("activity"), {"quoi": "settings"}).content.decode()
    told = b"".join(manager.get(url("activity_csv"), {"quoi": "settings"}).streaming_content).decode()
    assert email_of(shop.merchant, "manager") in told and Message.of(shop.merchant.id).count() == 0
    assert Cancellation.of(shop.merchant.id).count() == 0
