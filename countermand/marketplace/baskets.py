"""A basket: orders of several merchants that the buyer paid at once, on the marketplace's own account.

One payment, and a share of it for each order. What a cancel gives back is bounded by its order's share and by the
payment, both locked and both checked by the database: one merchant's refund never touches another's money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.channels.models import Channel
from countermand.events.record import record
from countermand.intake.actions import receive
from countermand.marketplace import scope
from countermand.marketplace.journal import write_own
from countermand.marketplace.models import Marketplace
from countermand.payments import adding
from countermand.payments import ledger as ledgers
from countermand.payments.capturing import payment_event
from countermand.payments.models import Payment, PaymentShare
from countermand.payments.reading import PaymentRead, read_payment
from countermand.refusals import Refusal

MOST_ORDERS = 50


@dataclass(frozen=True, slots=True)
class Basket:
    """A basket as it stands: its payment and its orders, each with its merchant. `created` False: it came before."""

    payment_id: UUID
    orders: list[tuple[int, UUID]]
    created: bool


def marketplace_of(*, house_id: int) -> Marketplace:
    """This will find the marketplace whose house a merchant is. Refuses `not_found`: only it takes baskets."""
    found = Marketplace.objects.filter(house_id=house_id).first()
    if found is None:
        raise Refusal("not_found", "this is no marketplace")
    return found


@sql.verb
def receive_basket(
    *,
    marketplace_id: int,
    reference: str,
    payment: dict[str, Any],
    orders: Sequence[dict[str, Any]],
    by: str,
    at: datetime,
) -> Basket:
    """This will take in orders of merchants who sell here, all paid by one captured payment; all of them or none.

    `orders`: bodies of docs/api.md without payments, each with its `merchant`'s code. The same basket again is the
    same. Refuses `unknown_merchant`, `invalid_lines`, `basket_exists`, `total_differs` when the orders are not worth
    what was paid, `unknown_state` for what is not captured, and whatever an order or a payment alone is refused for.
    """
    marketplace = Marketplace.objects.filter(id=marketplace_id).first()
    if marketplace is None:
        raise Refusal("not_found", "no such marketplace")
    if not 1 <= len(orders) <= MOST_ORDERS:
        raise Refusal("invalid_lines", f"1 to {MOST_ORDERS} orders", field="orders")
    # The same basket twice at once: the second waits, and finds the first.
    sql.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (marketplace.house_id, reference))
    seats = _seats(marketplace_id, orders)
    read = _read(payment, reference, seats, orders)
    received = _received(seats, orders, by=by, at=at)
    there = Payment.of(marketplace.house_id).filter(
        account=f"{read.provider}:{marketplace.house_id}", provider_reference=read.provider_reference
    )
    if (known := there.first()) is not None:
        return _same(known, read, received)
    if not all(created for _, _, created in received):
        raise Refusal("basket_exists", "an order of it came in before, otherwise paid", field="orders")
    made = adding.open_shared(read, holder_id=marketplace.house_id, currency=_currency(orders), at=at)
    _share_out(made, reference, received, by=by, at=at)
    facts = {"amount_minor": read.amount, "currency": made.currency, "orders": len(received)}
    write_own("basket.received", marketplace=marketplace, by=by, at=at, payment=made.id, **facts)
    return Basket(made.id, [(merchant_id, order_id) for merchant_id, order_id, _ in received], created=True)


def _seats(marketplace_id: int, orders: Sequence[dict[str, Any]]) -> list[Channel]:
    """The channel of each order, as far as it has a seat here."""
    known = {
        (seat.merchant.code, seat.channel.code): seat.channel
        for seat in scope.seats(marketplace_id)
        .select_related("merchant", "channel")
        .filter(merchant__code__in={order["merchant"] for order in orders})
    }
    found = []
    for n, order in enumerate(orders):
        channel = known.get((order["merchant"], order["channel"]))
        if channel is None:
            detail = f"{order['merchant']!r} does not sell here on {order['channel']!r}"
            raise Refusal("unknown_merchant", detail, field=f"orders.{n}.merchant")
        found.append(channel)
    return found


def _read(
    payment: dict[str, Any], reference: str, seats: list[Channel], orders: Sequence[dict[str, Any]]
) -> PaymentRead:
    # Play money stands for all of them or for none.
    mode = "test" if all(channel.mode == "test" for channel in seats) else "live"
    currency = _currency(orders)
    read = read_payment(
        payment, reference=reference, number=reference, currency=currency, mode=mode, at="payment."
    )
    if read.state != "captured" or read.captured != read.amount or read.elsewhere:
        raise Refusal("unknown_state", "a basket was paid whole: captured", field="payment.state")
    return read


def _currency(orders: Sequence[dict[str, Any]]) -> str:
    currencies = {order["currency"] for order in orders}
    if len(currencies) > 1:
        raise Refusal("currency_differs", "one payment has one currency", field="orders")
    return str(currencies.pop())


def _received(
    seats: list[Channel], orders: Sequence[dict[str, Any]], *, by: str, at: datetime
) -> list[tuple[int, UUID, bool]]:
    """Takes the orders in, by merchant, so that two baskets never wait for each other crosswise."""
    turn = sorted(range(len(orders)), key=lambda n: (seats[n].merchant_id, str(orders[n]["number"])))
    found: dict[int, tuple[int, UUID, bool]] = {}
    for n in turn:
        body = {name: value for name, value in orders[n].items() if name not in ("merchant", "payments")}
        try:
            one = receive(merchant_id=seats[n].merchant_id, body=body, by=by, at=at)
        except Refusal as refusal:
            raise Refusal(
                refusal.code,
                refusal.detail,
                field=f"orders.{n}.{refusal.field}".rstrip("."),
                facts=refusal.facts,
            ) from refusal
        found[n] = (seats[n].merchant_id, one.order_id, one.created)
    if len({order_id for _, order_id, _ in found.values()}) != len(orders):
        raise Refusal("invalid_lines", "an order stands in it twice", field="orders")
    return [found[n] for n in range(len(orders))]


def _share_out(
    payment: Payment, reference: str, received: list[tuple[int, UUID, bool]], *, by: str, at: datetime
) -> None:
    """Each order's share is what it is worth; together they are what was paid, to the cent."""
    told, total = [], 0
    for merchant_id, order_id, _ in sorted(received):
        ledgers.lock(merchant_id=merchant_id, order_ids=[order_id])
        ledger = ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]
        amount = ledger.order.total
        total += amount
        if not amount:
            continue
        share = adding.insert_share(ledger, payment, reference=reference, amount=amount)
        ledger.shares.append(share)
        ledger.order.captured += amount
        ledgers.write([ledger])
        facts = {"amount_minor": amount, "captured_minor": amount, "state": payment.state}
        told.append(payment_event("payment.added", ledger, share, by=by, at=at, **facts))
    if total != payment.amount_minor:
        detail = f"the orders are worth {total}, {payment.amount_minor} was paid (minor units)"
        raise Refusal("total_differs", detail, field="payment.amount")
    record(told)


def _same(known: Payment, read: PaymentRead, received: list[tuple[int, UUID, bool]]) -> Basket:
    shared = set(PaymentShare.across_merchants.filter(payment=known).values_list("order_id", flat=True))
    asked = {order_id for _, order_id, _ in received}
    if known.amount_minor != read.amount or not shared <= asked or any(created for *_, created in received):
        raise Refusal(
            "basket_exists", "this payment stands for other orders", field="payment.provider_reference"
        )
    return Basket(known.id, [(merchant_id, order_id) for merchant_id, order_id, _ in received], created=False)
