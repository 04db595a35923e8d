"""An order that was cancelled by mistake is placed again as it was (SH-20), under a number of its own."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.channels.presets import effective
from countermand.events.record import event, record
from countermand.intake.actions import Received, receive
from countermand.money import cumulative, plain, plain_rate
from countermand.orders import permitted
from countermand.orders.actions import add_note
from countermand.orders.models import Line, Order
from countermand.refusals import Refusal

LONGEST_NUMBER = 64
_AGAIN = re.compile(r"-R\d+$")


@sql.verb
def reorder(*, merchant_id: int, order_id: UUID, by: str, at: datetime) -> Received:
    """This will place the cancelled units of an order again, unpaid, at what they were worth, linked both ways.

    A whole order comes again with its discounts, shipping and fees. Asked twice for the same units, the
    order placed first is handed back, unless that one was cancelled too.
    Refuses `not_found`, `terms_forbid`, `nothing_cancelled`. Source: SH-20.
    """
    order = _locked(merchant_id, order_id)
    lines = list(Line.of(merchant_id).filter(order_id=order_id).order_by("position"))
    if not any(line.cancelled for line in lines):
        raise Refusal("nothing_cancelled", "no unit was cancelled that could be placed again")
    earlier = _placed_before(order, lines)
    if earlier is not None:
        return Received(earlier, created=False)
    number = _next_number(order)
    placed = receive(merchant_id=merchant_id, body=_body(order, lines, number=number, at=at), by=by, at=at)
    record(
        [
            _event(order, order_id, placed.order_id, by=by, at=at, placed_again=placed.order_id),
            _event(order, placed.order_id, order_id, by=by, at=at, placed_before=order_id),
        ]
    )
    for where, text in (
        (order_id, f"Commande repassée sous le numéro {number}."),
        (placed.order_id, f"Repasse la commande {order.number}, annulée."),
    ):
        add_note(merchant_id=merchant_id, order_id=where, text=text, by=by, at=at)
    return placed


def _locked(merchant_id: int, order_id: UUID) -> Order:
    found = Order.of(merchant_id).select_for_update(no_key=True, of=("self",)).select_related("channel")
    order = found.filter(id=order_id).first()
    if order is None:
        raise Refusal("not_found", "no such order")
    state = permitted.state_of(status=order.status, verification=order.verification)
    # AZ-10: where the platform owns the buyer, only the buyer can place an order again.
    permitted.judge(effective(order.channel.terms, order.channel.overrides), state, "reorder")
    return order


def _placed_before(order: Order, lines: list[Line]) -> UUID | None:
    """The order that stands for the same units already, so that a second click places nothing."""
    wanted = sorted((line.sku, line.cancelled) for line in lines if line.cancelled)
    # Identities sort by time: what has a later one was placed after it.
    standing = _siblings(order).exclude(status__in=("cancelled", "refused"))
    for other in standing.filter(id__gt=order.id).order_by("-id"):
        its = Line.of(order.merchant_id).filter(order_id=other.id).values_list("sku", "quantity")
        if sorted(its) == wanted:
            return other.id
    return None


def _base(number: str) -> str:
    return _AGAIN.sub("", number)


def _siblings(order: Order) -> Any:
    base = re.escape(_base(order.number)[: LONGEST_NUMBER - 6])
    found = Order.of(order.merchant_id).filter(channel_id=order.channel_id)
    return found.filter(
        number__startswith=_base(order.number)[: LONGEST_NUMBER - 6], number__regex=rf"^{base}-R\d+$"
    )


def _next_number(order: Order) -> str:
    taken = [int(number.rpartition("-R")[2]) for number in _siblings(order).values_list("number", flat=True)]
    return f"{_base(order.number)[: LONGEST_NUMBER - 6]}-R{max(taken, default=0) + 1}"


def _body(order: Order, lines: list[Line], *, number: str, at: datetime) -> dict[str, Any]:
    whole = all(line.cancelled == line.quantity for line in lines)
    # Discounts on shipping are already off what shipping is worth, so then all of them are told per line.
    by_title = whole and all((discount.get("target") or "lines") == "lines" for discount in order.discounts)
    body: dict[str, Any] = {
        "channel": order.channel.code,
        "number": number,
        "placed_at": at.isoformat(),
        "currency": order.currency,
        "prices_include_tax": order.prices_include_tax,
        "customer": {
            "name": order.customer_name,
            "email": order.customer_email,
            "phone": order.customer_phone,
            "language": order.customer_language,
        },
        "shipping_address": order.shipping_address,
        "billing_address": order.billing_address,
        "lines": [_line(order, line, by_title=by_title) for line in lines if line.cancelled],
        "discounts": order.discounts if by_title else [],
        "risk": {"level": order.risk_level, "signals": list(order.risk_signals)},
        "payments": [],
    }
    if whole:
        body["shipping"] = {
            "amount": _as_priced(order, order.shipping_minor, order.shipping_tax_minor),
            "tax_rate": plain_rate(order.shipping_tax_rate),
            "tax_amount": plain(order.shipping_tax_minor, order.currency),
        }
        body["fees"] = [
            {
                "title": fee["title"],
                "amount": _as_priced(order, fee["amount"], fee["tax"]),
                "tax_rate": plain_rate(fee["rate"]),
                "refundable": fee["refundable"],
            }
            for fee in order.fees
        ]
        body["total"] = plain(order.total_minor, order.currency)
    return body


def _line(order: Order, line: Line, *, by_title: bool) -> dict[str, Any]:
    units, currency = line.cancelled, order.currency
    worth = cumulative(line.total_minor, units, line.quantity)
    if not order.prices_include_tax:
        worth -= cumulative(line.tax_minor, units, line.quantity)
    discount = line.discount_minor if by_title else line.unit_price_minor * units - worth
    body = {
        "reference": line.reference,
        "sku": line.sku,
        "title": line.title,
        "quantity": units,
        "unit_price": plain(line.unit_price_minor, currency),
        "tax_rate": plain_rate(line.tax_rate),
        "discount": plain(discount, currency),
    }
    if units == line.quantity:
        body["tax_amount"] = plain(line.tax_minor, currency)
    return body


def _as_priced(order: Order, amount: int, tax: int) -> str:
    return plain(amount if order.prices_include_tax else amount - tax, order.currency)


def _event(
    order: Order, order_id: UUID, other_id: UUID, *, by: str, at: datetime, **facts: Any
) -> dict[str, Any]:
    subject = ("order", other_id)
    return event(
        kind="order.reordered",
        merchant_id=order.merchant_id,
        at=at,
        by=by,
        order_id=order_id,
        subject=subject,
        **facts,
    )
