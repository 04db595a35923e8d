"""Every page's door: who comes in, who may act, and that no merchant sees another's rows."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from countermand.access import tokens
from countermand.access.models import ApiToken
from countermand.approvals.actions import hand_over
from countermand.bulk.actions import choose_orders
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.correspondence.models import Message
from countermand.correspondence.reasons import add_wording
from countermand.merchants.actions import add_member, add_merchant
from countermand.merchants.models import Member
from countermand.merchants.roles import allows
from countermand.merchants.team import invite
from countermand.saved_views.actions import save_view
from countermand.vouchers.actions import issue_voucher
from countermand.vouchers.rules import Offer
from countermand.web import urls
from tests.actions.approving import held
from tests.web.desk import PASSWORD, Shop, email_of, shop_of

# name, which id of the shop stands in the address, method, permission
ROUTES: list[tuple[str, str, str, str]] = [
    ("to_do", "", "get", "read"),
    ("orders", "", "get", "read"),
    ("orders_csv", "", "get", "read"),
    ("orders_xlsx", "", "get", "read"),
    ("keep_view", "", "post", "read"),
    ("forget_view", "view_id", "post", "read"),
    ("bulk_choose", "", "post", "cancel"),
    ("bulk_runs", "", "get", "cancel"),
    ("bulk", "run_id", "get", "cancel"),
    ("bulk_leave", "run_id", "post", "cancel"),
    ("bulk_start", "run_id", "post", "cancel"),
    ("bulk_stop", "run_id", "post", "cancel"),
    ("bulk_progress", "run_id", "get", "cancel"),
    ("bulk_result", "run_id", "get", "cancel"),
    ("order", "order_id", "get", "read"),
    ("cancel", "order_id", "get", "cancel"),
    ("cancel", "order_id", "post", "cancel"),
    ("contact", "order_id", "post", "contact"),
    ("note", "order_id", "post", "contact"),
    ("put_back", "order_id", "post", "stock"),
    ("reimburse", "order_id", "get", "refund"),
    ("reimburse", "order_id", "post", "refund"),
    ("place_again", "order_id", "post", "intake"),
    ("mistake", "order_id", "get", "contact"),
    ("mistake", "order_id", "post", "contact"),
    ("vouchers", "", "get", "read"),
    ("voucher_new", "", "get", "goodwill"),
    ("voucher_new", "", "post", "goodwill"),
    ("voucher_redeem", "", "post", "intake"),
    ("voucher_withdraw", "voucher_id", "post", "goodwill"),
    ("refunds", "", "get", "read"),
    ("retry", "refund_id", "post", "refund"),
    ("settle", "refund_id", "get", "settle"),
    ("settle", "refund_id", "post", "settle"),
    ("undo", "cancellation_id", "post", "cancel"),
    ("items", "", "get", "read"),
    ("item", "sku", "get", "read"),
    ("ideas", "sku", "get", "read"),
    ("stock", "sku", "post", "stock"),
    ("mailbox", "", "get", "read"),
    ("mail", "message_id", "get", "read"),
    ("mail_body", "message_id", "get", "read"),
    ("mail_again", "message_id", "post", "contact"),
    ("settings", "", "get", "read"),
    ("channels", "", "get", "read"),
    ("terms", "code", "get", "read"),
    ("terms", "code", "post", "terms"),
    ("company", "", "get", "settings"),
    ("company", "", "post", "settings"),
    ("everywhere", "", "post", "terms"),
    ("team", "", "get", "read"),
    ("invite", "", "post", "team"),
    ("invite_again", "invitation_id", "post", "team"),
    ("withdraw_invitation", "invitation_id", "post", "team"),
    ("role", "member_id", "post", "team"),
    ("remove_member", "member_id", "post", "team"),
    ("security", "", "get", "read"),
    ("security", "", "post", "read"),
    ("wordings", "", "get", "settings"),
    ("new_wording", "", "get", "settings"),
    ("new_wording", "", "post", "settings"),
    ("wording", "wording_id", "get", "settings"),
    ("wording", "wording_id", "post", "settings"),
    ("move_wording", "wording_id", "post", "settings"),
    ("templates", "", "get", "settings"),
    ("template", "", "get", "settings"),
    ("template", "", "post", "settings"),
    ("how_to", "", "get", "settings"),
    ("how_to", "", "post", "settings"),
    ("activity", "", "get", "settings"),
    ("activity_csv", "", "get", "settings"),
    ("till", "", "get", "read"),
    ("till", "", "post", "read"),
    ("ideas_help", "", "get", "read"),
    ("tokens", "", "get", "tokens"),
    ("issue", "", "post", "tokens"),
    ("revoke", "token_id", "post", "tokens"),
    ("switch", "", "post", "read"),
    ("hand_over", "order_id", "post", "contact"),
    ("case_take", "case_id", "post", "contact"),
    ("case_done", "case_id", "post", "contact"),
    ("approval", "approval_id", "get", "read"),
    ("approval_yes", "approval_id", "post", "approve"),
    ("approval_no", "approval_id", "post", "approve"),
    ("approval_back", "approval_id", "post", "cancel"),
    ("approval_seen", "approval_id", "post", "read"),
    ("approval_rules", "", "get", "read"),
    ("add_rule", "", "post", "waive"),
    ("drop_rule", "", "post", "waive"),
    # Last, and in this order: in, anew, and out again.
    ("practice", "", "get", "read"),
    ("enter_practice", "", "post", "read"),
    ("reset_practice", "", "post", "read"),
    ("leave_practice", "", "post", "read"),
]
OPEN_TO_ALL = {
    "asset",
    "language",
    "theme",
    "design",
    "invitation",
    "public_how_to",
    "public_how_to_in",
}
_numbers = itertools.count(1)


@pytest.fixture
def places(shop: Shop, now: datetime) -> dict[str, Any]:
    """One id of each sort that an address may hold."""
    order_id = shop.order(provider="manual", method="transfer", reference=None)
    done = confirm(
        merchant_id=shop.merchant.id, order_id=order_id, ask=Ask(reason="out_of_stock"), by="test", at=now
    )
    message = Message.of(shop.merchant.id).get(order_id=order_id)
    Message.of(shop.merchant.id).filter(id=message.id).update(
        state="sent", subject="Annulée", html="<p>Bonjour</p>", text="Bonjour", sent_at=now
    )
    tokens.issue(merchant_id=shop.merchant.id, name="till", role="agent")
    return {
        "order_id": order_id,
        "cancellation_id": done.id,
        "refund_id": done.refunds[0],
        "message_id": message.id,
        "token_id": ApiToken.of(shop.merchant.id).get().id,
        "sku": "MUG-BLEU",
        "approval_id": held(shop.merchant, shop.order()).id,
        "case_id": hand_over(
            merchant_id=shop.merchant.id, order_id=order_id, note="vu", to_role="agent", by="test", at=now
        ).id,
        "view_id": save_view(
            member=Member.objects.filter(merchant=shop.merchant)[0],
            name="V",
            q="risk:high",
            shared=True,
            by="t",
            at=now,
        ).id,
        "run_id": choose_orders(
            merchant_id=shop.merchant.id, orders=[(order_id, None)], by="t", role="agent", at=now
        ).id,
        **_settings(shop, now),
        "voucher_id": issue_voucher(
            merchant_id=shop.merchant.id,
            offer=Offer("percent", "10", (now + timedelta(days=30)).date()),
            currency="EUR",
            by="test",
            at=now,
        ).id,
    }


def _settings(shop: Shop, now: datetime) -> dict[str, Any]:
    """What the addresses of the settings hold: a channel, a colleague, an invitation, a wording of its own."""
    who: dict[str, Any] = {"merchant_id": shop.merchant.id, "by": "test", "at": now}
    code = f"seul-{shop.merchant.id}"
    place = {"code": code, "name": "Seul", "terms": "own_shop", "timezone": "Europe/Paris", "mode": "test"}
    open_channel(**place, overrides={}, **who)
    email = f"de-trop-{shop.merchant.id}@shop.example"
    add_member(merchant=shop.merchant, email=email, password=PASSWORD, role="viewer")
    return {
        "code": code,
        "member_id": Member.objects.get(merchant=shop.merchant, user__email=email).id,
        "invitation_id": invite(email=f"nouveau-{email}", role="agent", **who).id,
        "wording_id": add_wording(reason="delay", label_fr="Retard du port", **who).id,
    }


def _address(name: str, place: str, places: dict[str, Any]) -> str:
    return reverse(f"web:{name}", kwargs={place: places[place]} if place else {})


def test_every_page_stands_in_the_table() -> None:
    assert {name for name, *_ in ROUTES} == {str(each.name) for each in urls.urlpatterns} - OPEN_TO_ALL


@pytest.mark.parametrize("role", ["anonymous", "viewer", "agent", "manager", "owner"])
def test_SH12_a_role_opens_the_pages_that_it_may(shop: Shop, places: dict[str, Any], role: str) -> None:
    for name, place, method, permission in ROUTES:
        answer = getattr(shop[role], method)(_address(name, place, places))
        if role == "anonymous":
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith("/compte/login/?next="), name
        elif allows(role, permission):
            assert answer.status_code in (200, 201, 302, 409, 422), (name, method, answer.status_code)
        else:
            assert answer.status_code == 403, (name, method)
            assert "Demandez à" in answer.content.decode(), name


def test_no_merchant_sees_another_ones_rows(shop: Shop, places: dict[str, Any]) -> None:
    other = add_merchant(code=f"o{next(_numbers)}-{shop.merchant.code}", name="Chez Georges")
    stranger = shop_of(other)["owner"]
    strange = {**places, "sku": "ONLY-HERE"}
    assert shop["owner"].post(_address("stock", "sku", places), {"do": "zero"}).status_code == 302
    for name, place, method, _ in ROUTES:
        if place:
            answer = getattr(stranger, method)(_address(name, place, strange), {"do": "zero"})
            assert answer.status_code == 404, (name, method, answer.status_code)


def test_rows_that_never_were_are_not_found(shop: Shop) -> None:
    nothing = {place: uuid4() for _, place, _, _ in ROUTES} | {"member_id": 10**9, "code": "nowhere"}
    for name, place, method, _ in ROUTES:
        if place and place != "sku":
            assert getattr(shop["owner"], method)(_address(name, place, nothing)).status_code == 404, name


def test_SH1_signing_in_leads_to_what_waits(shop: Shop) -> None:
    visitor = shop["anonymous"]
    assert visitor.get("/").headers["Location"].startswith("/compte/login/")
    said = {"login": email_of(shop.merchant, "agent"), "password": PASSWORD}
    answer = visitor.post("/compte/login/?next=/", said, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "Rien n" in answer.content.decode()


def test_the_demo_comes_in_on_loopback_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    email = f"demo-{next(_numbers)}-{shop.merchant.id}@example.test"
    add_member(merchant=shop.merchant, email=email, password=PASSWORD, role="owner")
    said = {"login": email, "password": PASSWORD}
    visitor = shop["anonymous"]
    visitor.post("/compte/login/", said)
    assert visitor.get("/").status_code == 200
    monkeypatch.setenv("COUNTERMAND_DEMO_SIGN_IN", "0")
    assert visitor.get("/").status_code == 302, "an open session ends too"
    assert visitor.post("/compte/login/", said).status_code != 302


def test_a_person_of_several_merchants_chooses_one(shop: Shop) -> None:
    other = add_merchant(code=f"s{next(_numbers)}-{shop.merchant.code}", name="Chez Zoé")
    open_channel(
        merchant_id=other.id,
        code="boutique",
        name="Boutique",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    add_member(merchant=other, email=email_of(shop.merchant, "agent"), password="", role="viewer")
    order_id = shop.order()
    agent, address = shop["agent"], reverse("web:order", kwargs={"order_id": order_id})
    agent.post("/commercant", {"merchant": shop.merchant.id})
    assert agent.get(address).status_code == 200
    answer = agent.post("/commercant", {"merchant": other.id, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert agent.get(address).status_code == 404
    agent.post("/commercant", {"merchant": 10**9})
    assert agent.get(address).status_code == 404, "a merchant that is not theirs is not taken"


def test_a_form_from_elsewhere_is_refused(shop: Shop) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = shop["owner"].cookies
    order_id: UUID = shop.order()
    assert (
        strict.post(reverse("web:cancel", kwargs={"order_id": order_id}), {"do": "confirm"}).status_code
        == 403
    )
