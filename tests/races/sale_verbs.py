"""Verbs on a sale that waits to be accepted or refused."""

from uuid import UUID

from countermand.acceptance.actions import accept, decide, refuse
from countermand.acceptance.jobs import attend_sale
from countermand.intake.actions import receive
from tests.races.scene import Scene
from tests.races.verb import Verb, there


def sale_body(tag: str) -> dict[str, object]:
    """This will make the body of a sale that waits, its card only authorised."""
    return {
        "channel": "boutique",
        "number": f"{tag}-V",
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "accepted": False,
        "customer": {"name": "Zoé Dupont", "email": f"zoe+{tag}@example.test", "language": "fr"},
        "lines": [
            {"sku": "MUG", "title": "Mug bleu", "quantity": 3, "unit_price": "12.30", "tax_rate": "20"},
            {"sku": "BOL", "title": "Bol", "quantity": 2, "unit_price": "8.00", "tax_rate": "20"},
        ],
        "payments": [
            {"provider": "sandbox", "method": "card", "amount": "52.90", "state": "authorized"}
            | {"provider_reference": f"ok-v-{tag}"}
        ],
    }


def sale_of(scene: Scene) -> UUID:
    """This will give the scene's sale; the first who asks takes it in."""
    return receive(body=sale_body(scene.body["number"]), **there(scene)).order_id  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "accept": Verb(
        lambda s: accept(order_id=sale_of(s), **there(s)),  # type: ignore[arg-type]
        "order payments items",
        ("accept",),
    ),
    "refuse": Verb(
        lambda s: refuse(order_id=sale_of(s), lines=[("1", 3)], **there(s)),  # type: ignore[arg-type]
        "order payments items",
        ("refuse",),
    ),
    "decide": Verb(
        lambda s: decide(order_id=sale_of(s), accepted=[("1", 3)], refused=[("2", 2)], **there(s)),  # type: ignore[arg-type]
        "order payments items",
        ("decide",),
    ),
    "attend to a sale": Verb(
        lambda s: attend_sale(merchant_id=s.merchant_id, order_id=sale_of(s), at=s.later),
        "order payments items",
        ("attend_sale",),
    ),
}
