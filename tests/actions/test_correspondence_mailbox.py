"""Mails of channels in test mode: kept, and never sent."""

from datetime import datetime
from typing import Any

from countermand.correspondence.jobs import drain
from countermand.correspondence.queries import mails_to
from countermand.events.models import Event
from tests.actions.correspondents import a_message, an_order


def test_SG6_a_planned_message_lands_in_the_mailbox(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant=merchant)
    message = a_message(merchant=merchant, order_id=order_id)
    done = drain(at=now)
    assert done.count >= 1
    [mail] = mails_to(merchant_id=merchant.id, to="jeanne@example.org")
    assert mail.id == message.id
    assert mail.subject == "Commande 1001\u00a0: 2 articles annulés, 21,26\u00a0€ seront remboursés"
    assert mail.message_id.startswith(f"<{message.id}@")
    assert mail.sent_at == now
    told = Event.of(merchant.id).get(kind="message.sent")
    assert (told.order_id, told.subject_id) == (order_id, message.id)
    assert "jeanne" not in str(told.facts)
