"""Messages over REST: written under the terms, and handed in under a signature that holds for five minutes."""

import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from countermand.channels.actions import open_channel
from countermand.correspondence import answering
from countermand.threads.keys import make_key
from countermand.threads.models import Entry
from tests.builders import an_order

from .conftest import Api, problem_of

BODY = {"order": "M-1", "text": "Où est ma commande ?"}


@pytest.fixture
def secret(merchant: Any) -> str:
    return make_key(merchant_id=merchant.id, code="boutique", by="t", at=datetime.now(UTC)).secret


def hand_in(
    merchant: Any,
    secret: str,
    content: bytes,
    *,
    key: str = "m1",
    at: datetime | None = None,
    path: str = "messages",
    kind: str = "application/json",
    **changed: str,
) -> Any:
    """Signed by somebody else's library, as a channel would."""
    moment = at or datetime.now(UTC)
    headers = {
        "webhook-id": key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(key, moment, content.decode("latin-1")),
        **changed,
    }
    address = f"/api/v1/inbound/boutique/{path}?merchant={merchant.code}"
    return Client().generic("POST", address, content, content_type=kind, headers=headers)


def written(body: Any = BODY) -> bytes:
    return json.dumps(body).encode()


def test_AZ20_a_signed_message_stands_in_the_thread(api: Api, merchant: Any, secret: str) -> None:
    order = an_order(merchant, number="M-1")
    answer = hand_in(merchant, secret, written())
    assert (answer.status_code, answer.json()["created"]) == (200, True)
    found = api.get(f"/orders/{order}/messages").json()
    assert [(each["direction"], each["text"]) for each in found["items"]] == [("in", BODY["text"])]
    assert found["waiting"] == 1
    again = hand_in(merchant, secret, written())
    assert (again.json()["created"], again.json()["id"]) == (False, answer.json()["id"])
    assert Entry.of(merchant.id).count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-timestamp": "yesterday"},
        {"webhook-id": ""},
        {"webhook-id": "other"},
        {"webhook-id": "x" * 101},
    ],
)
def test_AZ20_a_wrong_signature_is_a_problem(merchant: Any, secret: str, wrong: dict[str, str]) -> None:
    an_order(merchant, number="M-1")
    answer = hand_in(merchant, secret, written(), **wrong)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "wrong_signature"
    assert not Entry.of(merchant.id).exists()


@pytest.mark.parametrize(("minutes", "status"), [(-4, 200), (4, 200), (-6, 401), (6, 401)])
def test_AZ20_a_signature_holds_for_five_minutes(
    merchant: Any, secret: str, minutes: int, status: int
) -> None:
    an_order(merchant, number="M-1")
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert hand_in(merchant, secret, written(), at=at).status_code == status


def test_AZ20_another_body_channel_or_merchant_is_not_what_was_signed(merchant: Any, secret: str) -> None:
    at = datetime.now(UTC)
    sign = {"webhook-signature": Webhook(secret).sign("m1", at, written().decode())}
    assert hand_in(merchant, secret, written({**BODY, "text": "x"}), at=at, **sign).status_code == 401
    headers = {"webhook-id": "m1", "webhook-timestamp": str(int(at.timestamp())), **sign}
    for address in ("inbound/other/messages", "inbound/boutique/messages?merchant=other"):
        answer = Client().generic(
            "POST", f"/api/v1/{address}", written(), content_type="application/json", headers=headers
        )
        assert answer.status_code == 401


def test_AZ20_a_secret_that_was_changed_is_good_for_a_day_more(merchant: Any, secret: str) -> None:
    an_order(merchant, number="M-1")
    key: dict[str, Any] = {"merchant_id": merchant.id, "code": "boutique", "by": "t"}
    new = make_key(**key, at=datetime.now(UTC)).secret
    assert hand_in(merchant, secret, written(), key="a").status_code == 200
    assert hand_in(merchant, new, written(), key="b").status_code == 200
    make_key(**key, at=datetime.now(UTC))
    assert hand_in(merchant, secret, written(), key="c").status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"order": "none", "text": "a"}, 404, "not_found"),
        ({"text": "a"}, 422, "required"),
        ({**BODY, "more": 1}, 422, "unknown_field"),
        ({**BODY, "text": " "}, 422, "message_required"),
        ({**BODY, "text": "x" * 10_001}, 422, "text_too_long"),
        ({**BODY, "at": "2026-11-20T10:00:00"}, 422, "naive_time"),
        ([], 422, "invalid_type"),
    ],
)
def test_AZ20_what_was_signed_is_judged_all_the_same(
    merchant: Any, secret: str, body: Any, status: int, code: str
) -> None:
    an_order(merchant, number="M-1")
    answer = hand_in(merchant, secret, written(body))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_AZ20_a_message_has_a_size(merchant: Any, secret: str) -> None:
    assert hand_in(merchant, secret, b" " * (64 * 1024 + 1)).status_code == 413


def answer_by_mail(order: Any, text: str = "Annulez, merci.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ana <ana@example.org>", answering.address_of(order)
    mail["Message-ID"] = "<a1@example.org>"
    for name, value in headers.items():
        del mail[name.replace("_", "-")]
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def test_AZ20_a_mail_finds_its_order_by_an_address_that_nobody_guesses(
    api: Api, merchant: Any, secret: str, settings: Any
) -> None:
    settings.INBOUND_DOMAIN = "in.example"
    order = an_order(merchant)
    sent: dict[str, Any] = {"path": "mail", "kind": "message/rfc822"}
    answer = hand_in(merchant, secret, answer_by_mail(order).as_bytes(), **sent)
    assert (answer.status_code, answer.json()["order_id"]) == (200, str(order))
    (entry,) = Entry.of(merchant.id)
    assert (entry.text, entry.via, entry.known_sender) == ("Annulez, merci.", "mail", True)
    assert api.get(f"/orders/{order}").json()["open_requests"] == 0  # AZ-7: it asks for nothing officially
    again = hand_in(merchant, secret, answer_by_mail(order).as_bytes(), key="m2", **sent)
    assert again.json()["created"] is False
    stranger = answer_by_mail(order, From="x@example.net", Message_ID="<a2@example.org>")
    hand_in(merchant, secret, stranger.as_bytes(), key="m3", **sent)
    assert Entry.of(merchant.id).filter(known_sender=False).count() == 1


def test_AZ20_a_mail_that_nobody_wrote_or_to_nobody_is_left(
    merchant: Any, secret: str, settings: Any
) -> None:
    settings.INBOUND_DOMAIN = "in.example"
    order = an_order(merchant)
    sent: dict[str, Any] = {"path": "mail", "kind": "message/rfc822"}
    away = answer_by_mail(order, Auto_Submitted="auto-replied")
    answer = hand_in(merchant, secret, away.as_bytes(), **sent)
    assert (answer.status_code, answer.json()["ignored"]) == (200, "automatic")
    right = answering.address_of(order)
    for wrong in (
        "reply+abc@in.example",
        right.replace("in.example", "out.example"),
        right[:10] + "a" + right[11:],
    ):
        answer = hand_in(merchant, secret, answer_by_mail(order, To=wrong).as_bytes(), key="m9", **sent)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_address"), wrong
    assert not Entry.of(merchant.id).exists()


def test_AZ20_a_message_over_rest_is_written_once_per_key(api: Api, merchant: Any) -> None:
    order = an_order(merchant)
    body = {"kind": "free", "text": "Elle part demain."}
    one = api.post(f"/orders/{order}/messages", body, Idempotency_Key="k1")
    two = api.post(f"/orders/{order}/messages", body, Idempotency_Key="k1")
    assert (one.status_code, two.json()) == (201, one.json())
    assert Entry.of(merchant.id).count() == 1
    found = api.get(f"/orders/{order}/messages?limit=1").json()
    assert (found["items"][0]["state"], found["items"][0]["kind"]) == ("planned", "free")


@pytest.mark.parametrize(
    ("terms", "body", "status", "code"),
    [
        ("rakuten_france", {"kind": "free", "text": "x" * 401}, 422, "message_too_long"),
        ("rakuten_france", {"kind": "free", "text": " "}, 422, "message_required"),
        ("amazon", {"kind": "free", "text": "x"}, 409, "terms_forbid"),
        ("amazon", {"kind": "ask_officially", "text": "x"}, 409, "reply_not_allowed"),
        ("amazon", {"kind": "address", "text": "x", "reason": "out_of_stock"}, 409, "reply_not_allowed"),
    ],
)
def test_AZ20_what_the_terms_forbid_is_a_problem(
    api: Api, merchant: Any, terms: str, body: dict[str, str], status: int, code: str
) -> None:
    at = datetime.now(UTC)
    asked: dict[str, Any] = {"mode": "test", "overrides": {}, "by": "t", "at": at, "timezone": "Europe/Paris"}
    open_channel(merchant_id=merchant.id, code=terms, name=terms, terms=terms, **asked)
    order = an_order(merchant, channel=terms)
    answer = api.post(f"/orders/{order}/messages", body)
    problem_of(answer, status, code)


def test_AZ11_what_a_hidden_buyer_wrote_is_hidden_too(api: Api, merchant: Any, secret: str) -> None:
    order = an_order(merchant, number="M-1", verification="pending", paid="authorized")
    hand_in(merchant, secret, written({"order": "M-1", "text": "Je suis Ana, 3 rue des Lilas"}))
    found = api.get(f"/orders/{order}/messages").json()
    assert (found["hidden"], found["items"][0]["text"]) == (True, "")
    answer = api.post(f"/orders/{order}/messages", {"kind": "free", "text": "Bonjour"})
    problem_of(answer, 409, "not_verified_yet")


def test_AZ20_a_thread_goes_on_page_by_page(api: Api, merchant: Any, secret: str) -> None:
    order = an_order(merchant, number="M-1")
    for i in range(5):
        hand_in(merchant, secret, written({"order": "M-1", "text": f"n° {i}"}), key=f"m{i}")
    seen, cursor = [], ""
    for _ in range(3):
        page = api.get(f"/orders/{order}/messages?limit=2{cursor}").json()
        seen += [each["text"] for each in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert seen == [f"n° {i}" for i in (4, 3, 2, 1, 0)]
    assert page["next"] is None
