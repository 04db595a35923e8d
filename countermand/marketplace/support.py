"""The operator as the support of whoever keeps the stock automatically: tickets answered, and closed (EM-7)."""

from datetime import datetime
from uuid import UUID

from countermand import lifecycle, sql
from countermand.events.ping import ping
from countermand.marketplace import letters, scope
from countermand.marketplace.journal import write
from countermand.marketplace.models import Seat
from countermand.orders.models import Order
from countermand.procedure.models import SupportTicket
from countermand.refusals import Refusal, words


@sql.verb
def answer_ticket(*, marketplace_id: int, ticket_id: UUID, text: str, by: str, at: datetime) -> SupportTicket:
    """This will answer a merchant's ticket; the owners get it by mail, with the articles named.

    Refuses `not_found`, `say_why` without words, `text_too_long`, `ticket_answered`.
    """
    said = words(text, field="text")
    ticket = _locked(marketplace_id, ticket_id)
    _to(ticket, "answered")
    ticket.answer, ticket.answered_by, ticket.answered_at = said, by, at
    ticket.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    seat = _seat(marketplace_id, ticket)
    about = ("ticket", ticket.id)
    write("ticket.answered", seat=seat, by=by, at=at, about=about, order_id=ticket.order_id, skus=ticket.skus)
    letters.ticket(seat=seat, ticket_id=ticket.id, skus=ticket.skus, answer=said, at=at)
    ping()
    return ticket


@sql.verb
def finish_ticket(*, marketplace_id: int, ticket_id: UUID, by: str, at: datetime) -> SupportTicket:
    """This will close a ticket that was answered. Refuses `not_found`, `ticket_closed`."""
    ticket = _locked(marketplace_id, ticket_id)
    if not lifecycle.may(lifecycle.TICKET, ticket.state, "closed"):
        raise Refusal("ticket_closed", "it is closed")
    ticket.state, ticket.closed_by, ticket.closed_at = "closed", by, at
    ticket.save(update_fields=["state", "closed_by", "closed_at"])
    about = ("ticket", ticket.id)
    seat = _seat(marketplace_id, ticket)
    write("ticket.closed", seat=seat, by=by, at=at, about=about, order_id=ticket.order_id, skus=ticket.skus)
    return ticket


def _locked(marketplace_id: int, ticket_id: UUID) -> SupportTicket:
    found = scope.tickets(marketplace_id).select_for_update(no_key=True, of=("self",)).filter(id=ticket_id)
    ticket = found.first()
    if ticket is None:
        raise Refusal("not_found", "no such ticket here")
    return ticket


def _to(ticket: SupportTicket, state: str) -> None:
    if not lifecycle.may(lifecycle.TICKET, ticket.state, state):
        raise Refusal("ticket_answered", f"it is {ticket.state}")
    ticket.state = state


def _seat(marketplace_id: int, ticket: SupportTicket) -> Seat:
    """Where the order was sold, or the merchant's first seat here where the ticket names none."""
    ours = scope.seats(marketplace_id).select_related("merchant", "channel", "marketplace")
    ours = ours.filter(merchant_id=ticket.merchant_id)
    if ticket.order_id is not None:
        channel = Order.of(ticket.merchant_id).filter(id=ticket.order_id).values("channel_id")
        ours = ours.filter(channel_id__in=channel)
    return ours.order_by("id")[0]
