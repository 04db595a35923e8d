"""What a second reading of the REST door found: each of these went wrong once."""

from countermand import sql
from countermand.webhooks.models import Webhook

from .conftest import Api

HOOK = {"url": "https://shop.example/hooks", "events": ["refund.*"]}
CARD = {"amount": "50.00", "currency": "EUR"}


def kept(merchant_id: int) -> str:
    """All answers that are kept for a merchant."""
    return " ".join(
        str(row[0])
        for row in sql.tuples("SELECT answer FROM idempotency WHERE merchant_id = %s", (merchant_id,))
    )


def test_the_secret_of_a_webhook_is_said_and_kept_in_no_answer(api: Api) -> None:
    first, again = (api.post("/webhooks", HOOK, Idempotency_Key="hook-1") for _ in range(2))
    secret = first.json()["secret"]
    assert secret.startswith("whsec_") and again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    fresh = api.post(f"/webhooks/{first.json()['id']}/secret", Idempotency_Key="hook-2").json()["secret"]
    assert fresh.startswith("whsec_") and fresh != secret
    merchant_id = Webhook.across_merchants.get(id=first.json()["id"]).merchant_id
    assert first.json()["id"] in kept(merchant_id) and "whsec_" not in kept(merchant_id)


def test_the_secret_of_a_webhook_that_is_gone_is_said_no_more(api: Api) -> None:
    first = api.post("/webhooks", HOOK, Idempotency_Key="hook-3").json()
    assert api.delete(f"/webhooks/{first['id']}").status_code == 204
    again = api.post("/webhooks", HOOK, Idempotency_Key="hook-3")
    assert again.status_code == 201 and again.json() == {**first, "secret": None}


def test_SG7_the_code_of_a_gift_card_is_said_and_kept_in_no_answer(api: Api) -> None:
    first, again = (api.post("/store-credits", CARD, Idempotency_Key="card-1") for _ in range(2))
    assert first.status_code == 201 and again.json() == first.json() and len(first.json()["code"]) == 19
    [merchant_id] = sql.tuples("SELECT merchant_id FROM store_credit WHERE id = %s", (first.json()["id"],))[0]
    assert first.json()["id"] in kept(merchant_id) and first.json()["code"] not in kept(merchant_id)
