"""Verbs of the procedure: the stock of an article made right, a step passed over, a ticket opened and closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import lifecycle, sql
from countermand.events.record import event, record
from countermand.merchants.models import Merchant
from countermand.orders.models import Order
from countermand.procedure import rules
from countermand.procedure.models import STEPS, StepTaken, SupportTicket
from countermand.refusals import Refusal, fits
from countermand.stock import queries as stock
from countermand.stock.actions import count_stock, make_unavailable
from countermand.stock.models import Item
from countermand.stock.rules import back_on


@sql.verb
def skip_step(
    *, merchant_id: int, order_id: UUID, step: str, reason: str, by: str, at: datetime
) -> StepTaken:
    """This will write down that a step was passed over, by whom and why (EM-11).

    Refuses `unknown_step`, `skip_reason_required`, `text_too_long`, `not_found`.
    """
    if step not in STEPS:
        raise Refusal("unknown_step", f"one of {', '.join(STEPS)}", field="step")
    said = reason.strip()
    if not said:
        raise Refusal("skip_reason_required", "say why it is passed over", field="reason")
    fits(said, field="reason")
    _exists(merchant_id, order_id)
    return _taken(merchant_id, order_id, by=by, at=at, step=step, state="skipped", reason=said)


@sql.verb
def set_stock(
    *,
    merchant_id: int,
    order_id: UUID,
    sku: str,
    deed: str,
    days: int | None = None,
    on_hand: int | None = None,
    by: str,
    at: datetime,
) -> StepTaken:
    """This will make the stock of an article right, as step two of an order's procedure.

    `deed`: `shortage` for some days (EM-5), `zero`, or `count` (EM-6). Refuses `unknown_deed`, `not_found`,
    `invalid_days`, `invalid_quantity`, and `stock_kept_elsewhere` where another system keeps it (EM-7).
    """
    if deed not in ("shortage", "zero", "count"):
        raise Refusal("unknown_deed", "shortage, zero or count", field="deed")
    _exists(merchant_id, order_id)
    item = stock.item(merchant_id=merchant_id, sku=sku)
    if keeper_of(item) == "automatic":
        raise Refusal("stock_kept_elsewhere", "its system's support changes it: open a ticket", field="deed")
    common: dict[str, Any] = {"merchant_id": merchant_id, "sku": sku, "by": by, "at": at}
    if deed == "shortage":
        if days is None:
            raise Refusal("invalid_days", "for how many days", field="days")
        done = make_unavailable(days=days, **common)
        more: dict[str, Any] = {"figure": days, "until": done.item.unavailable_until}
    else:
        if deed == "count" and on_hand is None:
            raise Refusal("invalid_quantity", "how many were counted", field="count")
        done = count_stock(on_hand=0 if deed == "zero" else on_hand or 0, **common)
        more = {"figure": done.item.on_hand}
    short = sum(order.id != order_id for order in done.open_orders)
    return _taken(
        merchant_id,
        order_id,
        by=by,
        at=at,
        step="stock",
        state="done",
        sku=sku,
        deed=deed,
        leaves_short=short,
        **more,
    )


@sql.verb
def open_ticket(
    *,
    merchant_id: int,
    skus: list[str],
    wants: str,
    days: int | None = None,
    note: str = "",
    order_id: UUID | None = None,
    by: str,
    at: datetime,
) -> SupportTicket:
    """This will ask the support of the system that keeps the stock to change it, naming the articles (EM-7).

    `wants`: zero, shortage (with `days`) or count. On an order it is step two for these articles.
    Refuses `unknown_deed`, `not_found`, `invalid_days`, `text_too_long`, `invalid_lines` without an article.
    """
    if wants not in ("zero", "shortage", "count"):
        raise Refusal("unknown_deed", "zero, shortage or count", field="wants")
    if not skus:
        raise Refusal("invalid_lines", "name an article", field="skus")
    fits(note, field="note")
    known = set(Item.of(merchant_id).filter(sku__in=skus).values_list("sku", flat=True))
    if missing := [sku for sku in skus if sku not in known]:
        raise Refusal("not_found", f"no article {missing[0]!r}")
    until = None
    if wants == "shortage":
        if days is None:
            raise Refusal("invalid_days", "for how many days", field="days")
        until = back_on(days=days, today=stock.today(merchant_id=merchant_id, at=at))
    if order_id is not None:
        _exists(merchant_id, order_id)
    ticket = SupportTicket.across_merchants.create(
        merchant_id=merchant_id,
        order_id=order_id,
        skus=list(dict.fromkeys(skus)),
        wants=wants,
        until=until,
        note=note,
        opened_by=by,
        opened_at=at,
    )
    record([_ticket_event("ticket.opened", ticket, by=by, at=at)])
    if order_id is not None:
        about: dict[str, Any] = {"deed": "ticket", "figure": days, "until": until, "ticket_id": ticket.id}
        for sku in ticket.skus:
            _taken(merchant_id, order_id, by=by, at=at, step="stock", state="done", sku=sku, **about)
    return ticket


@sql.verb
def close_ticket(
    *, merchant_id: int, ticket_id: UUID, answer: str = "", by: str, at: datetime
) -> SupportTicket:
    """This will close a ticket with what came of it. Refuses `not_found`, `text_too_long`, `ticket_closed`."""
    fits(answer, field="answer")
    ticket = SupportTicket.of(merchant_id).select_for_update(no_key=True).filter(id=ticket_id).first()
    if ticket is None:
        raise Refusal("not_found", "no such ticket")
    if not lifecycle.may(lifecycle.TICKET, ticket.state, "closed"):
        raise Refusal("ticket_closed", "it is closed")
    ticket.state, ticket.closed_by, ticket.closed_at = "closed", by, at
    ticket.answer = answer or ticket.answer
    ticket.save(update_fields=["state", "closed_by", "closed_at", "answer"])
    record([_ticket_event("ticket.closed", ticket, by=by, at=at)])
    return ticket


def keeper_of(item: Item) -> str:
    """This will say who keeps the stock of an article: `manual`, the merchant, or `automatic`, another system."""
    if item.stock_kept_by:
        return item.stock_kept_by
    merchant = Merchant.objects.only("stock_kept_by").get(id=item.merchant_id)
    return rules.keeper(item.stock_kept_by, merchant.stock_kept_by)


def _exists(merchant_id: int, order_id: UUID) -> None:
    if not Order.of(merchant_id).filter(id=order_id).exists():
        raise Refusal("not_found", "no such order")


def _taken(merchant_id: int, order_id: UUID, *, by: str, at: datetime, **facts: Any) -> StepTaken:
    taken = StepTaken.across_merchants.create(
        merchant_id=merchant_id, order_id=order_id, by=by, at=at, **facts
    )
    told = {name: facts[name] for name in ("step", "sku", "deed", "figure") if facts.get(name)}
    record(
        [
            event(
                kind=f"step.{taken.state}",
                merchant_id=merchant_id,
                at=at,
                by=by,
                order_id=order_id,
                subject=("step", taken.id),
                **told,
            )
        ]
    )
    return taken


def _ticket_event(kind: str, ticket: SupportTicket, *, by: str, at: datetime) -> dict[str, Any]:
    return event(
        kind=kind,
        merchant_id=ticket.merchant_id,
        at=at,
        by=by,
        order_id=ticket.order_id,
        subject=("ticket", ticket.id),
        skus=ticket.skus,
        wants=ticket.wants,
    )
