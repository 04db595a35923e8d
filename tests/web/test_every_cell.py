"""AZ-1: every cell of (terms, state, action, role), through page and API: what the table says is what they answer.

One order per terms and state, built through the house's own verbs where it can be. Each action of the API is tried
inside a transaction that is taken back, so that all find the order as it was.
"""

import itertools
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from countermand.access.tokens import issue
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.models import PRESETS
from countermand.channels.presets import Terms, effective
from countermand.merchants.actions import add_merchant
from countermand.merchants.roles import ROLES
from countermand.orders.actions import fulfil
from countermand.orders.models import Line, Order
from countermand.orders.permitted import ACTIONS, STATES, why
from tests.actions.terms_desk import a_channel
from tests.api.conftest import Api
from tests.builders import an_order
from tests.web.desk import Shop, shop_of
from tests.web.routes import OPERATIONS

_numbers = itertools.count(1)
EMAIL = "zoe.cellule@example.org"
TEXT = "Votre commande ne peut pas partir, nous en sommes désolés."
# Beyond the table an order may lack what an action needs: then both page and verb say so with these.
LACKING = {
    "already_confirmed",
    "already_shipped",
    "nothing_cancelled",
    "nothing_open",
    "nothing_shipped",
    "nothing_to_refund",
    "nothing_to_restock",
    "payment_not_capturable",
    "reply_not_allowed",  # AZ-20: an answer needs a question
    "shipment_unconfirmed",  # AZ-4: it is called off when it is back, not taken in return
}
# Where several words say that the same units are not here any more.
SAME = {"already_shipped": {"nothing_open"}}


@dataclass
class Scene:
    """One order in one state under one preset's terms, and who looks at it."""

    shop: Shop
    terms: Terms
    state: str
    order_id: UUID


def scene_of(preset: str, state: str) -> Scene:
    """This will bring an order of two articles, part paid and part authorised, into a state."""
    merchant = add_merchant(
        code=f"c{next(_numbers)}-{datetime.now(UTC).timestamp()}".replace(".", "-"), name="C"
    )
    shop = shop_of(merchant)
    a_channel(merchant, preset)
    paid = {"provider": "sandbox", "method": "card"}
    number = f"{preset}-{state}"
    payments = [
        {**paid, "amount": "20.00", "state": "captured", "provider_reference": f"ok-a-{merchant.code}"},
        {**paid, "amount": "4.60", "state": "authorized", "provider_reference": f"ok-b-{merchant.code}"},
    ]
    body: dict[str, Any] = {"verification": "pending"} if state == "pending" else {}
    body |= {"accepted": False} if state == "awaiting_acceptance" else {}
    order_id = an_order(
        merchant,
        channel=preset,
        number=number[:64],
        lines=(("MUG-BLEU", 2, "12.30"),),
        payments=payments,
        email=EMAIL,
        **body,
    )
    here: dict[str, Any] = {
        "merchant_id": merchant.id,
        "order_id": order_id,
        "by": "test",
        "at": datetime.now(UTC),
    }
    part = [{"line": "1", "quantity": 1}]
    if state == "partially_shipped":
        fulfil(**here, fulfilment={"reference": "1", "lines": part, "confirmed": False})
    if state in ("shipped", "shipped_unconfirmed", "closed"):
        fulfil(**here, fulfilment={"reference": "1", "confirmed": state != "shipped_unconfirmed"})
    if state == "closed":
        Line.of(merchant.id).filter(order_id=order_id).update(returned=2)
    if state == "cancelled":
        confirm(**here, ask=Ask(reason="out_of_stock", message=TEXT))
    if state == "refused":
        Line.of(merchant.id).filter(order_id=order_id).update(cancelled=2)
    if state in ("accepting", "refused", "closed"):
        Order.of(merchant.id).filter(id=order_id).update(status=state)
    return Scene(shop, effective(preset, {}), state, order_id)


def operations(scene: Scene) -> dict[str, tuple[str, dict[str, Any]]]:
    """The address and a good body of each action over REST; what names a parcel is left out where there is none."""
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "note": ("notes", {"text": "vu"}),
        "verify": ("verify", {}),
        "accept": ("accept", {}),
        "refuse": ("refuse", {}),
        "cancel": ("cancellations", {"reason": "out_of_stock", "message": TEXT}),
        "fulfil": ("fulfilments", {"reference": "new"}),
        "return": ("returns", {"kind": "withdrawal"}),
        "refund": ("refunds", {"lines": [{"line": "1", "amount": "1.00"}]}),
        "capture": ("payments/2/capture", {"amount": "1.00"}),
        "restock": ("restocks", {}),
        "contact": ("contacts", {"by": "phone", "outcome": "accepts"}),
        "message": ("messages", {"kind": scene.terms.message_kinds[0], "text": TEXT}),
        "request": ("requests", {"route": "message"}),
        "reorder": ("reorder", {}),
    }
    # A parcel that is confirmed and sent once more is the same parcel: nothing is confirmed, and nothing refused.
    if scene.state in ("partially_shipped", "shipped_unconfirmed"):
        found["confirm_shipment"] = ("fulfilments", {"reference": "1", "confirmed": True})
    if scene.state in ("partially_shipped", "shipped_unconfirmed", "shipped", "closed"):
        found["intercept"] = ("intercepts", {"parcel": "1", "reason": "wrong_address"})
    return found


# What stands on the order's page for an action, and when.
MARKS = {
    "cancel": r"/annuler[\"?]",
    "verify": r"/verification\"",
    "refuse": r"/vente[\"?]",
    "fulfil": r"/expedier\"",
    "return": r"/retour[\"?]",
    "intercept": r"/rappeler[\"?]",
    "refund": r"/rembourser[\"?]",
    "restock": r"id=\"restock\"",
    "contact": r"/contacts#contact\"",
    "note": r"/notes#contact\"",
    "request": r"/demande[\"?]",
}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("state", STATES)
def test_AZ1_page_and_api_answer_what_the_table_says(database: None, preset: str, state: str) -> None:
    scene, wrong = scene_of(preset, state), []
    for role in ROLES:
        token = issue(merchant_id=scene.shop.merchant.id, name=f"t-{role}", role=role)
        shown = Api(token).get(f"/orders/{scene.order_id}").json()
        assert shown["state"] == state
        wrong += _of_the_answer(scene, role, shown)
        wrong += _of_the_api(scene, role, shown, Api(token))
        wrong += _of_the_page(scene, role, shown)
    assert not wrong, "\n".join(map(str, wrong))


def _of_the_answer(scene: Scene, role: str, shown: dict[str, Any]) -> list[Any]:
    """`actions` and `actions_refused` are the table's, but for what the order lacks."""
    wrong = []
    for action in ACTIONS:
        if action in ("read", "see_buyer"):
            continue
        code = why(scene.terms, scene.state, action, role)
        said = "" if action in shown["actions"] else shown["actions_refused"][action]
        if said != code and said not in (LACKING if not code else SAME.get(code, ())):
            wrong.append(("answer", role, action, code, said))
    seen = shown["customer"]["email"] == EMAIL
    if seen == bool(why(scene.terms, scene.state, "see_buyer", role)):
        wrong.append(("answer", role, "see_buyer", seen))
    return wrong


def _of_the_api(scene: Scene, role: str, shown: dict[str, Any], api: Api) -> list[Any]:
    wrong = []
    for action, (path, body) in operations(scene).items():
        code = why(scene.terms, scene.state, action, role)
        with transaction.atomic():
            answer = api.post(f"/orders/{scene.order_id}/{path}", body)
            transaction.set_rollback(True)
        said = answer.json().get("code", "") if answer.status_code >= 400 else ""
        if code:
            fits = said == code or said in SAME.get(code, ())
        else:
            lacks = shown["actions_refused"].get(action, "")
            # 422: the question was wrong, not the state.
            fits = said == lacks or said in LACKING or answer.status_code == 422
        if not fits:
            wrong.append(("api", role, action, code, answer.status_code, said))
    return wrong


def _of_the_page(scene: Scene, role: str, shown: dict[str, Any]) -> list[Any]:
    html = scene.shop[role].get(f"/commandes/{scene.order_id}").content.decode()
    wrong = []
    for action, mark in MARKS.items():
        may = action in shown["actions"]
        if action == "fulfil":
            may = may or "confirm_shipment" in shown["actions"]
        if bool(re.search(f"{scene.order_id}{mark}" if mark[0] == "/" else mark, html)) != may:
            wrong.append(("page", role, action, may))
    if (EMAIL in html) == bool(why(scene.terms, scene.state, "see_buyer", role)):
        wrong.append(("page", role, "see_buyer"))
    return wrong


def test_AZ17_no_address_of_the_api_changes_where_an_order_goes() -> None:
    ways = {(each.method, each.path) for each in OPERATIONS if each.path.startswith("/orders/{order_id}")}
    assert {method for method, path in ways if path == "/orders/{order_id}"} == {"GET"}
    assert not [path for _, path in ways if "address" in path]


def test_AZ1_every_action_is_walked() -> None:
    scene = Scene(None, effective("own_shop", {}), "shipped_unconfirmed", None)  # type: ignore[arg-type]
    assert {*operations(scene), "read", "see_buyer", "change_address"} == set(ACTIONS)
