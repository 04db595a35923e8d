"""What is answered and what the OpenAPI document says are the same, field by field."""

import json
from typing import Any

from pydantic import TypeAdapter

from countermand.api.schemas.answers import Answer

from .conftest import Api, placed
from .documented import models, undeclared

# Asked in tests of their own, where every answer is held against the document too (`documented.hold`).
ELSEWHERE = (
    "/orders/{order_id}/accept",
    "/orders/{order_id}/refuse",
    "/orders/{order_id}/verify",
    "/orders/{order_id}/requests",
    "/requests",
    "/orders/{order_id}/returns",
    "/returns",
    "/orders/{order_id}/intercepts",
    "/intercepts",
    "/orders/{order_id}/messages",
    "/inbound",
    "/performance/{code}",
    "/items/off-sale",
    "/items/on-sale",
    "/baskets",
    "/approval",
    "/todo",
    "/orders/{order_id}/hand-overs",
    "/documents",
    "/vouchers",
    "/webhooks",
    "/store-credits",
)
CONSENT = {"text": "Je préfère un avoir", "at": "2026-11-20T10:00:00+01:00", "via": "email"}


def test_answers_are_what_the_document_says(api: Api) -> None:
    known, seen = models(), set()

    def ask(method: str, path: str, body: Any = None, **named: str) -> Any:
        answer = api(method, path.split("?")[0].format(**named) + path[len(path.split("?")[0]) :], body)
        key = (method, path.split("?")[0], answer.status_code)
        assert key in known, (key, answer.content)
        read = TypeAdapter(known[key]).validate_json(answer.content, strict=True)
        assert undeclared(read) == [], key
        seen.add(key)
        return answer.json()

    opened = {"code": "space", "name": "Espace", "terms": "merchant_space", "mode": "test"}
    ask("POST", "/channels", opened)
    ask("GET", "/channels")
    ask("GET", "/channels/{code}", code="space")
    ask("GET", "/channels/{code}/terms", code="space")
    ask("PATCH", "/channels/{code}", {"overrides": {"limit": "4.00"}}, code="boutique")
    mug = {"sku": "MUG-BLEU"}
    about = {
        "product": "mug",
        "options": {"couleur": "bleu"},
        "price": "12.30",
        "currency": "EUR",
        "on_hand": 2,
    }
    ask("PUT", "/items/{sku}", about, **mug)
    ask("PUT", "/items/{sku}", {"title": "Mug"}, **mug)
    ask("PUT", "/items/{sku}", about | {"options": {"couleur": "rouge"}}, sku="MUG-ROUGE")
    ask("GET", "/items/{sku}", **mug)
    ask("GET", "/items")
    assert ask("GET", "/items/{sku}/alternatives", **mug)["items"]

    order = placed(api)
    named = {"order_id": order["id"]}
    assert ask("POST", "/items/{sku}/stock", {"set": 1}, **mug)["open_orders"]
    ask("POST", "/items/{sku}/unavailable", {"days": 2}, **mug)
    ask("DELETE", "/items/{sku}/unavailable", **mug)
    one = {"lines": [{"line": "1", "quantity": 1}]}
    ask("POST", "/orders/{order_id}/cancellations/preview", one | {"reason": "budget"}, **named)
    made = ask(
        "POST",
        "/orders/{order_id}/cancellations",
        one | {"reason": "budget", "undo_seconds": 60, "restock": False},
        **named,
    )
    ask("POST", "/cancellations/{cancellation_id}/undo", cancellation_id=made["id"])
    made = ask(
        "POST", "/orders/{order_id}/cancellations", one | {"reason": "budget", "restock": False}, **named
    )
    ask("GET", "/cancellations/{cancellation_id}", cancellation_id=made["id"])
    ask("POST", "/orders/{order_id}/restocks", {}, **named)
    ask("POST", "/orders/{order_id}/fulfilments", one | {"reference": "f1"}, **named)
    ask("POST", "/orders/{order_id}/fulfilments", one | {"reference": "f1"}, **named)
    parcel = "/orders/{order_id}/fulfilments/{reference}/received"
    ask("POST", parcel, {}, reference="f1", **named)
    ask("DELETE", parcel, reference="f1", **named)
    ask("POST", "/orders/{order_id}/contacts", {"by": "phone", "outcome": "accepts"}, **named)
    ask("POST", "/orders/{order_id}/notes", {"text": "Bonjour"}, **named)
    paid = {"reference": "p2", "provider": "sandbox", "amount": "5.00", "state": "authorized"}
    ask("POST", "/orders/{order_id}/payments", paid, **named)
    ask("POST", "/orders/{order_id}/payments", paid, **named)
    ask(
        "POST", "/orders/{order_id}/payments/{reference}/capture", {"amount": "5.00"}, reference="p2", **named
    )
    given = {"amount": "1.00", "provider_refund": "re_1"}
    ask("POST", "/orders/{order_id}/payments/{reference}/external-refund", given, reference="p2", **named)
    ask("POST", "/orders/{order_id}/payments/{reference}/external-refund", given, reference="p2", **named)
    wish = {"amount": "2.00", "method": "manual"}
    ask("POST", "/orders/{order_id}/refunds/preview", wish, **named)
    [refund] = ask("POST", "/orders/{order_id}/refunds", wish, **named)["refunds"]
    ask("GET", "/refunds/{refund_id}", refund_id=refund["id"])
    ask("GET", "/refunds")
    ask("POST", "/refunds/{refund_id}/settle", {"evidence": "virement"}, refund_id=refund["id"])
    ask("POST", "/orders/{order_id}/reorder", **named)
    ask("POST", "/orders/{order_id}/reorder", **named)
    ask("GET", "/orders/{order_id}", **named)
    ask("GET", "/orders?q=zoe")

    ask("POST", "/visits", {"channel": "boutique", "days": [{"day": "2026-11-20", "visits": 120}]})
    ask("GET", "/performance?channel=boutique&from=2026-11-01")

    ask("GET", "/reasons")
    ask("GET", "/events")
    ask("GET", "/audit")
    ask("GET", "/sandbox/payments/{provider_reference}", provider_reference=f"ok-{order['number']}")
    ask("GET", "/sandbox/mails")
    ask("GET", "/store-credits")
    seen |= {key for key in known if key[1].startswith(ELSEWHERE)}
    not_asked = {key[:2] for key in known} - {key[:2] for key in seen}
    assert not_asked == {
        ("POST", "/orders"),
        ("POST", "/refunds/{refund_id}/retry"),
    }


def test_every_answer_type_says_what_it_is(api: Api) -> None:
    said = json.loads(api.get("/openapi.json").content)["components"]["schemas"]
    for kind in Answer.__subclasses__():
        if not kind.__name__.startswith("_"):
            assert said[kind.__name__]["description"]
