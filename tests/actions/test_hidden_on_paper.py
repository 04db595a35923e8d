"""A paper about an order whose payment never was verified names nobody (AZ-11)."""

from datetime import UTC, datetime
from typing import Any

from countermand.verification.actions import fail
from tests.actions.bookkeeper import papers, write_up
from tests.actions.refund_desk import drain_now
from tests.actions.terms_desk import a_pending_order

ADDRESS = {
    "name": "Zelda Fitz",
    "line1": "3 rue du Port",
    "postal_code": "33000",
    "city": "Bordeaux",
    "country": "FR",
}


def test_AZ11_a_paper_names_no_buyer_who_is_hidden(merchant: Any) -> None:
    order_id = a_pending_order(
        merchant,
        paid="captured",
        customer={"name": "Zelda Fitz", "email": "zelda@example.org"},
        shipping_address=ADDRESS,
        billing_address=ADDRESS,
    )
    fail(merchant_id=merchant.id, order_id=order_id, by="test", at=datetime.now(UTC))
    drain_now()
    write_up()

    [paper] = papers(merchant, order_id)
    assert paper.state == "issued"
    assert "Zelda" not in str(paper.content) and "rue du Port" not in str(paper.content)
