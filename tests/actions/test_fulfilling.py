"""Units leave, come back on sale, and staff write notes: an order's units and its stock stay one."""

from datetime import datetime
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.events.models import Event
from countermand.orders import units
from countermand.orders.actions import add_note, fulfil, restock
from countermand.orders.models import Line, Note, Order
from countermand.refusals import Refusal
from countermand.stock import queries
from countermand.stock.actions import count_stock, put_item
from countermand.stock.models import Item, Movement
from tests.builders import an_order


@pytest.fixture
def mug(merchant: Any, now: datetime) -> Item:
    return put_item(merchant_id=merchant.id, sku="MUG-BLEU", fields={"on_hand": 10}, by="marie", at=now)[0]


def ship(merchant: Any, order_id: UUID, now: datetime, **parcel: Any) -> bool:
    done = fulfil(merchant_id=merchant.id, order_id=order_id, fulfilment=parcel, by="marie", at=now)
    return done.created


def cancel(merchant: Any, order_id: UUID, now: datetime, **ask: Any) -> None:
    ask = {"reason": "customer_changed_mind", "notify": False} | ask
    confirm(merchant_id=merchant.id, order_id=order_id, ask=Ask(**ask), by="marie", at=now)


def counters(item: Item) -> tuple[int | None, int]:
    item.refresh_from_db()
    return item.on_hand, item.allocated


def trail(item: Item) -> list[tuple[str, int, int]]:
    rows = Movement.of(item.merchant_id).filter(item_id=item.id).order_by("id")
    return [(row.kind, row.on_hand_delta, row.allocated_delta) for row in rows]


def put_back(merchant: Any, order_id: UUID, now: datetime, *lines: tuple[str, int]) -> list[tuple[str, int]]:
    wish = [{"line": line, "quantity": quantity} for line, quantity in lines] or None
    done = restock(merchant_id=merchant.id, order_id=order_id, lines=wish, by="marie", at=now)
    return [(one.sku, one.quantity) for one in done]


def test_units_that_leave_are_shipped_off_hand_and_off_allocation(
    merchant: Any, mug: Item, now: datetime
) -> None:
    order_id = an_order(merchant)
    assert counters(mug) == (10, 3)

    ship(merchant, order_id, now, lines=[{"line": "1", "quantity": 2}])

    assert counters(mug) == (8, 1)
    assert trail(mug) == [("opening", 10, 0), ("allocated", 0, 3), ("shipped", -2, -2)]
    order = Order.of(merchant.id).get()
    assert (order.status, order.version) == ("partially_shipped", 2)
    ship(merchant, order_id, now)
    order.refresh_from_db()
    assert order.status == "shipped"
    assert counters(mug) == (7, 0)


def test_what_is_not_open_cannot_leave(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)

    with pytest.raises(Refusal) as too_many:
        ship(merchant, order_id, now, lines=[{"line": "1", "quantity": 4}])
    with pytest.raises(Refusal) as unknown:
        ship(merchant, order_id, now, lines=[{"line": "2", "quantity": 1}])
    ship(merchant, order_id, now, lines=[{"line": "1", "quantity": 3}])
    with pytest.raises(Refusal) as nothing:
        ship(merchant, order_id, now, lines=[{"line": "1", "quantity": 1}])

    assert (too_many.value.code, too_many.value.status) == ("quantity_too_large", 422)
    assert unknown.value.code == "unknown_line"
    assert (nothing.value.code, nothing.value.status) == ("nothing_to_ship", 409)


def test_the_same_parcel_again_ships_nothing_more(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)
    parcel = {"reference": "f1", "carrier": "Colissimo", "lines": [{"line": "1", "quantity": 2}]}

    assert ship(merchant, order_id, now, **parcel) is True
    assert ship(merchant, order_id, now, **parcel) is False
    with pytest.raises(Refusal) as other:
        ship(merchant, order_id, now, **(parcel | {"lines": [{"line": "1", "quantity": 1}]}))

    assert (other.value.code, other.value.status) == ("fulfilment_exists", 409)
    assert Line.of(merchant.id).get().shipped == 2


def test_AZ4_a_parcel_is_confirmed_as_shipped_later(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)
    parcel = {"reference": "f1", "lines": [{"line": "1", "quantity": 2}]}
    ship(merchant, order_id, now, **parcel, confirmed=False)

    assert ship(merchant, order_id, now, **parcel, confirmed=True) is False

    kinds = Event.of(merchant.id).filter(order_id=order_id).order_by("id").values_list("kind", flat=True)
    assert list(kinds)[1:] == ["order.fulfilled", "order.shipment_confirmed"]


def test_an_oversold_unit_that_leaves_takes_what_there_is(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)
    count_stock(merchant_id=merchant.id, sku=mug.sku, on_hand=1, by="marie", at=now)

    ship(merchant, order_id, now)

    assert counters(mug) == (0, 0)
    assert trail(mug)[-1] == ("shipped", -1, -3)
    assert Movement.of(merchant.id).latest("id").note == "3 expédiés, 1 en stock"


@pytest.mark.parametrize(
    ("order", "code"),
    [({"verification": "pending"}, "not_verified_yet"), ({"accepted": False}, "not_accepted_yet")],
)
def test_AZ11_what_waits_for_a_decision_is_not_shipped(
    merchant: Any, mug: Item, now: datetime, order: dict[str, Any], code: str
) -> None:
    order_id = an_order(merchant, **order)

    with pytest.raises(Refusal) as refused:
        ship(merchant, order_id, now)

    assert refused.value.code == code


def test_a_parcels_time_carries_its_offset(merchant: Any, mug: Item, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        ship(merchant, an_order(merchant), now, shipped_at="2026-11-20T10:00:00")

    assert refused.value.code == "naive_time"


def test_another_merchants_order_is_not_found(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)
    stranger = {"merchant_id": merchant.id + 1, "order_id": order_id, "by": "x", "at": now}

    for act in (
        lambda: fulfil(fulfilment={}, **stranger),
        lambda: restock(lines=None, **stranger),
        lambda: add_note(text="bonjour", **stranger),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.status == 404


def test_SH8_cancelled_units_are_put_back_by_hand_once(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)
    cancel(merchant, order_id, now, lines=(("1", 2),), restock=False)
    assert counters(mug) == (8, 1)  # what would have become sellable was taken off hand

    assert put_back(merchant, order_id, now, ("1", 1)) == [("MUG-BLEU", 1)]
    assert counters(mug) == (9, 1)
    with pytest.raises(Refusal) as too_many:
        put_back(merchant, order_id, now, ("1", 2))
    assert put_back(merchant, order_id, now) == [("MUG-BLEU", 1)]
    with pytest.raises(Refusal) as nothing:
        put_back(merchant, order_id, now, ("1", 1))

    assert too_many.value.code == "quantity_too_large"
    assert (nothing.value.code, nothing.value.status) == ("nothing_to_restock", 409)
    assert counters(mug) == (10, 1)
    assert trail(mug)[-2:] == [("restocked", 1, 0), ("restocked", 1, 0)]
    kinds = Event.of(merchant.id).filter(kind="stock.restocked").order_by("id")
    assert [event.facts["quantity"] for event in kinds] == [1, 1]


def test_SH8_what_the_cancel_put_back_is_not_put_back_again(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)
    cancel(merchant, order_id, now, restock=True)

    with pytest.raises(Refusal) as refused:
        put_back(merchant, order_id, now)

    assert refused.value.code == "nothing_to_restock"
    assert counters(mug) == (10, 0)


def test_SH8_what_may_still_be_undone_is_not_put_back_yet(merchant: Any, mug: Item, now: datetime) -> None:
    order_id = an_order(merchant)
    cancel(merchant, order_id, now, lines=(("1", 1),), restock=False)
    ask = Ask(reason="doubt", notify=False, restock=False, lines=(("1", 2),), undo_seconds=3600)
    held = confirm(merchant_id=merchant.id, order_id=order_id, ask=ask, by="marie", at=now)

    with pytest.raises(Refusal) as refused:
        put_back(merchant, order_id, now, ("1", 2))
    assert put_back(merchant, order_id, now) == [("MUG-BLEU", 1)]
    undo(merchant_id=merchant.id, cancellation_id=held.id, by="marie", at=now)

    assert refused.value.code == "quantity_too_large"
    assert counters(mug) == (10, 2)


def test_SH8_open_units_and_articles_without_stock_have_nothing_to_put_back(
    merchant: Any, mug: Item, now: datetime
) -> None:
    open_order, untracked = an_order(merchant), an_order(merchant, lines=[("CARTE", 1, "3.00")])
    cancel(merchant, untracked, now)

    for order_id in (open_order, untracked):
        with pytest.raises(Refusal) as refused:
            put_back(merchant, order_id, now, ("1", 1))
        assert refused.value.code == "nothing_to_restock"


def test_counting_to_nothing_names_the_orders_it_leaves_short(
    merchant: Any, mug: Item, now: datetime
) -> None:
    first = an_order(merchant, placed_at="2026-11-01T10:00:00+01:00", number="ancienne")
    second = an_order(merchant, placed_at="2026-11-02T10:00:00+01:00", number="recente")

    four = count_stock(merchant_id=merchant.id, sku=mug.sku, on_hand=4, by="marie", at=now)
    none = count_stock(merchant_id=merchant.id, sku=mug.sku, on_hand=0, by="marie", at=now)

    assert [(o.id, o.number, o.open, o.short) for o in four.open_orders] == [(second, "recente", 3, 2)]
    assert [(o.id, o.short) for o in none.open_orders] == [(first, 3), (second, 3)]
    assert queries.short_orders(merchant_id=merchant.id + 1, item_id=mug.id) == []


def test_keeping_stock_from_now_on_promises_what_is_open(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, lines=[("CARTE", 3, "3.00")])
    ship(merchant, order_id, now, lines=[{"line": "1", "quantity": 1}])

    counted = count_stock(merchant_id=merchant.id, sku="CARTE", on_hand=5, by="marie", at=now)

    assert (counted.item.on_hand, counted.item.allocated) == (5, 2)
    assert trail(counted.item) == [("opening", 5, 2)]
    cancel(merchant, order_id, now, restock=True)
    assert counters(counted.item) == (5, 0)


def test_stock_keeping_does_not_begin_while_an_order_is_being_changed(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, lines=[("CARTE", 3, "3.00")])
    held, done = Barrier(2), Barrier(2)

    def hold() -> None:
        with transaction.atomic():
            units.locked(merchant_id=merchant.id, order_id=order_id)
            held.wait()
            done.wait()
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    held.wait()
    try:
        with pytest.raises(Refusal) as refused:
            count_stock(merchant_id=merchant.id, sku="CARTE", on_hand=5, by="marie", at=now)
    finally:
        done.wait()
        holder.join()

    assert (refused.value.code, refused.value.status) == ("in_progress", 409)
    counted = count_stock(merchant_id=merchant.id, sku="CARTE", on_hand=5, by="marie", at=now)
    assert (counted.item.on_hand, counted.item.allocated) == (5, 3)


def test_counting_promising_and_shipping_at_once_lose_nothing(
    merchant: Any, mug: Item, now: datetime
) -> None:
    orders = [an_order(merchant, lines=[("MUG-BLEU", 1, "12.30")]) for _ in range(6)]
    ready = Barrier(3)

    def at_once(act: Any) -> None:
        ready.wait()
        for n in range(6):
            act(n)
        connection.close()

    threads = [
        Thread(target=at_once, args=(lambda n: ship(merchant, orders[n], now),)),
        Thread(target=at_once, args=(lambda n: an_order(merchant, number=f"t{n}"),)),
        Thread(
            target=at_once,
            args=(
                lambda n: count_stock(merchant_id=merchant.id, sku=mug.sku, on_hand=20, by="marie", at=now),
            ),
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    on_hand, allocated = counters(mug)
    assert allocated == 6 * 3  # the six that left are gone, the six that came are promised
    assert 14 <= (on_hand or 0) <= 20
    assert sum(move[1] for move in trail(mug)) == on_hand


def test_a_note_is_kept_and_its_words_stay_out_of_the_history(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    note = add_note(merchant_id=merchant.id, order_id=order_id, text="Rappeler Ana", by="marie", at=now)

    assert Note.of(merchant.id).get() == note
    told = Event.of(merchant.id).get(kind="order.noted")
    assert (told.subject_id, told.facts) == (note.id, {})
    for text, code in (("  ", "text_required"), ("x" * 5001, "text_too_long")):
        with pytest.raises(Refusal) as refused:
            add_note(merchant_id=merchant.id, order_id=order_id, text=text, by="marie", at=now)
        assert refused.value.code == code
