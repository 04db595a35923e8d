"""What a platform does and the desk does not: it tells the buyer, ends what it cannot verify, and lets nothing be undone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.correspondence.models import Message
from countermand.intake.reorder import reorder
from countermand.orders.actions import fulfil
from countermand.orders.models import Fulfilment, Order
from countermand.refusals import Refusal
from tests.actions.terms_desk import a_channel, a_pending_order
from tests.web.desk import Shop


def here(shop: Shop, **more: Any) -> dict[str, Any]:
    return {"merchant_id": shop.merchant.id, "by": "test", "at": datetime.now(UTC), **more}


def on_amazon(shop: Shop, **body: Any) -> Any:
    a_channel(shop.merchant, "amazon")
    return shop.order(channel="amazon", **body)


def test_AZ3_where_the_channel_tells_the_buyer_the_desk_writes_nothing_and_says_so(shop: Shop) -> None:
    order_id = on_amazon(shop)
    confirm(**here(shop, order_id=order_id), ask=Ask(reason="out_of_stock", notify=True))

    assert not Message.of(shop.merchant.id).filter(order_id=order_id).exists()
    page = shop["owner"].get(f"/commandes/{order_id}").content.decode()
    assert "Amazon prévient le client et met à jour sa commande" in page


def test_AZ10_a_cancel_is_final_no_way_back_no_second_order_but_a_ready_reply(shop: Shop) -> None:
    order_id = on_amazon(shop)
    done = confirm(**here(shop, order_id=order_id), ask=Ask(reason="out_of_stock"))

    with pytest.raises(Refusal):
        undo(**here(shop, cancellation_id=done.id))
    with pytest.raises(Refusal) as refused:
        reorder(**here(shop, order_id=order_id))
    assert refused.value.code == "terms_forbid"
    page = shop["owner"].get(f"/commandes/{order_id}/par-erreur").content.decode()
    assert "une annulation est définitive" in page and "Réponse prête" in page


def test_AZ11_the_page_of_a_pending_order_sends_the_buyer_to_the_platform_and_takes_its_answer(
    shop: Shop,
) -> None:
    order_id = a_pending_order(shop.merchant)

    page = shop["agent"].get(f"/commandes/{order_id}").content.decode()
    assert "adressez-le au service client Amazon" in page
    shop["agent"].post(f"/commandes/{order_id}/verification", {"verdict": "verified"})
    assert Order.of(shop.merchant.id).get(id=order_id).status == "open"
    page = shop["agent"].get(f"/commandes/{order_id}").content.decode()
    assert f"/commandes/{order_id}/expedier" in page and f"/commandes/{order_id}/annuler" in page


def test_AZ12_a_shipment_is_confirmed_on_its_page(shop: Shop) -> None:
    order_id = on_amazon(shop)
    said = {"parcel": "1", "units-0": "3", "units-1": "0", "carrier": "Colissimo", "confirmed": "yes"}

    wrong = shop["agent"].post(f"/commandes/{order_id}/expedier", said | {"units-0": "9"})
    assert wrong.status_code == 422 and "Il n&#x27;en reste que 3" in wrong.content.decode().replace(
        "&#39;", "&#x27;"
    )
    for _ in range(2):  # pressed twice, it is one parcel
        assert shop["agent"].post(f"/commandes/{order_id}/expedier", said).status_code == 302
    assert Order.of(shop.merchant.id).get(id=order_id).status == "partially_shipped"
    assert Fulfilment.of(shop.merchant.id).get(order_id=order_id).carrier == "Colissimo"


def test_AZ4_what_has_left_unconfirmed_is_shown_as_such_and_confirmed_later(shop: Shop) -> None:
    order_id = on_amazon(shop)
    fulfil(**here(shop, order_id=order_id), fulfilment={"confirmed": False})

    for address in ("/commandes", f"/commandes/{order_id}"):
        assert "partie, non confirmée" in shop["viewer"].get(address).content.decode()
    shop["agent"].post(f"/commandes/{order_id}/expedier/confirmer", {"parcel": "1"})
    assert Fulfilment.of(shop.merchant.id).get(order_id=order_id).confirmed
    assert "partie, non confirmée" not in shop["viewer"].get(f"/commandes/{order_id}").content.decode()
