"""« Webhooks » as an owner uses the pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from countermand.webhooks.jobs import deliver
from countermand.webhooks.models import Delivery, Webhook
from tests.actions.receiver import loopback_allowed, receiving
from tests.actions.webhook_desk import carried
from tests.web.desk import Shop, statements

SAID = {"url": "https://shop.example/hooks", "events": ["refund.*"]}


def made(shop: Shop, **said: Any) -> Any:
    return shop["owner"].post(reverse("web:subscribe"), {**SAID, **said})


def test_a_webhook_is_added_and_its_secret_shown_once(shop: Shop) -> None:
    assert "écoute encore" in shop["owner"].get(reverse("web:webhooks")).content.decode()
    page = made(shop)
    assert page.status_code == 201 and page.headers["Cache-Control"] == "no-store"
    assert page.context["secret"] in page.content.decode()
    hook = Webhook.of(shop.merchant.id).get()
    there = reverse("web:webhook", kwargs={"webhook_id": hook.id})
    assert "whsec_" not in shop["owner"].get(there).content.decode()
    assert "Remboursements" in shop["owner"].get(reverse("web:webhooks")).content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"url": "https://192.168.1.4/hooks"}, "publique"),
        ({"url": "http://shop.example/"}, "https://"),
        ({"events": []}, "Choisissez au moins"),
    ],
)
def test_what_is_wrong_is_said_beside_and_what_was_typed_stays(
    shop: Shop, said: dict[str, Any], words: str
) -> None:
    page = made(shop, **said)
    text = page.content.decode()
    assert page.status_code == 422 and words in text and {**SAID, **said}["url"] in text
    assert not Webhook.of(shop.merchant.id).exists()


def test_a_try_is_sent_and_its_answer_read(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    with receiving(body="reçu <b>".encode()) as receiver:
        made(shop, url=receiver.url)
        hook = Webhook.of(shop.merchant.id).get()
        sent = shop["owner"].post(reverse("web:ping_webhook", kwargs={"webhook_id": hook.id}), follow=True)
        assert "pas parti" in sent.content.decode()
        deliver(webhook_id=hook.id)
        row = Delivery.of(shop.merchant.id).get()
        there = reverse("web:delivery", kwargs={"delivery_id": row.id})
        page = shop["owner"].get(there).content.decode()
        assert "webhook.ping" in page and "reçu &lt;b&gt;" in page and row.key in page
        shop["owner"].post(reverse("web:resend", kwargs={"delivery_id": row.id}))
        deliver(webhook_id=hook.id)
    assert receiver.ids == [row.key, row.key]


def test_a_webhook_is_changed_stopped_taken_up_again_and_removed(shop: Shop) -> None:
    made(shop)
    hook = Webhook.of(shop.merchant.id).get()
    change = reverse("web:change_webhook", kwargs={"webhook_id": hook.id})
    shop["owner"].post(change, {"do": "stop"})
    assert Webhook.of(shop.merchant.id).get().state == "disabled"
    shop["owner"].post(change, {"do": "go_on"})
    shop["owner"].post(change, {"do": "save", "url": "https://other.example/", "events": ["*"]})
    changed = Webhook.of(shop.merchant.id).get()
    assert (changed.state, changed.url, changed.events) == ("active", "https://other.example/", ["*"])
    wrong = shop["owner"].post(change, {"do": "save", "url": "https://[::1]/", "events": ["*"]})
    assert wrong.status_code == 422 and "https://[::1]/" in wrong.content.decode()
    secret = shop["owner"].post(reverse("web:rotate_webhook", kwargs={"webhook_id": hook.id}))
    assert secret.status_code == 201 and "whsec_" in secret.content.decode()
    shop["owner"].post(reverse("web:remove_webhook", kwargs={"webhook_id": hook.id}))
    assert not Webhook.of(shop.merchant.id).exists()


def test_a_webhook_that_stopped_by_itself_says_why_and_what_to_do(shop: Shop) -> None:
    made(shop)
    at = datetime.now(UTC)
    hook = Webhook.of(shop.merchant.id).get()
    for why, words in (("gave_up", "3 jours"), ("gone", "410"), ("secret_lost", "nouveau secret")):
        Webhook.of(shop.merchant.id).update(state="disabled", disabled_because=why, disabled_at=at)
        page = shop["owner"].get(reverse("web:webhook", kwargs={"webhook_id": hook.id})).content.decode()
        assert words in page and "Reprendre les envois" in page
        assert shop["owner"].get("/").context["menu_counts"]["settings"] == 1
    assert shop["agent"].get("/").context["menu_counts"]["settings"] == 0


def test_deliveries_follow_one_another_in_few_statements(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    made(shop)
    hook = Webhook.of(shop.merchant.id).get()
    for _ in range(30):
        shop["owner"].post(reverse("web:ping_webhook", kwargs={"webhook_id": hook.id}))
    there = reverse("web:webhook", kwargs={"webhook_id": hook.id})
    first = shop["owner"].get(there)
    second = shop["owner"].get(there + first.context["after_url"])
    seen = {row.id for row in first.context["rows"]} | {row.id for row in second.context["rows"]}
    assert len(seen) == 30 and not second.context["after_url"]
    assert statements(shop["owner"], there) <= 12 and carried(hook) == 1
