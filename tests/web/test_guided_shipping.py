"""« Expédier 2, annuler 1 »: what is called off and what leaves, in one press."""

from typing import Any
from uuid import UUID

from countermand.cancellations.models import Cancellation
from countermand.orders.models import Fulfilment, Line, Order
from countermand.stock.models import Item
from tests.web.desk import Shop, steps_taken
from tests.web.test_guided_steps import press, seen


def said(shop: Shop, order_id: UUID, **changes: str) -> dict[str, str]:
    steps_taken(shop, order_id)
    units = {"units-1": "1", "units-2": "0"}
    return seen(shop, order_id, **{**units, "ship-rest": "on", "ship-tracking": "LP-7", **changes})


def units(order_id: UUID, shop: Shop) -> list[tuple[Any, ...]]:
    lines = Line.of(shop.merchant.id).filter(order_id=order_id).order_by("position")
    return list(lines.values_list("cancelled", "shipped"))


def test_EM9_one_is_called_off_and_the_rest_leaves_in_one_go(shop: Shop) -> None:
    order_id = shop.order()
    assert press(shop, order_id, said(shop, order_id)).status_code == 302
    assert units(order_id, shop) == [(1, 2), (0, 1)]
    [parcel] = Fulfilment.of(shop.merchant.id).filter(order_id=order_id)
    assert parcel.tracking == "LP-7" and Order.of(shop.merchant.id).get(id=order_id).status == "shipped"
    assert Item.of(shop.merchant.id).get(sku="BOL-VERT").on_hand == 4


def test_EM9_pressed_twice_it_is_done_once(shop: Shop) -> None:
    order_id = shop.order()
    sent = said(shop, order_id)
    press(shop, order_id, sent)
    press(shop, order_id, sent)
    assert units(order_id, shop) == [(1, 2), (0, 1)]
    assert Fulfilment.of(shop.merchant.id).filter(order_id=order_id).count() == 1


def test_EM9_with_nothing_left_to_ship_neither_is_done(shop: Shop) -> None:
    order_id = shop.order()
    answer = press(shop, order_id, said(shop, order_id, **{"units-1": "3", "units-2": "1"}))
    assert answer.status_code == 422 and "rien à expédier" in answer.content.decode()
    assert not Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()
    assert units(order_id, shop) == [(0, 0), (0, 0)]
