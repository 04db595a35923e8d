"""One order on which every verb has something to do: part shipped, part cancelled, paid in three ways."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.access.models import ApiToken
from countermand.access.tokens import issue
from countermand.approvals.actions import Held, confirm_or_hold, hand_over
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.correspondence.models import Message
from countermand.documents.jobs import issue_document
from countermand.documents.models import Document
from countermand.intake.actions import receive
from countermand.orders.actions.fulfil import fulfil
from countermand.refunds.actions import GiveBack, reimburse, settle
from countermand.refunds.jobs import drain
from countermand.refunds.models import Refund, StoreCredit
from countermand.stock.actions import put_item
from countermand.stock.models import Item
from countermand.vouchers.actions import issue_voucher
from countermand.vouchers.models import Voucher
from countermand.vouchers.rules import Offer
from countermand.webhooks.actions import subscribe, try_out
from countermand.webhooks.models import Webhook

CONSENT = {"text": "d'accord", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}


@dataclass
class Scene:
    """Where a verb is run: one merchant, one order and what hangs on it."""

    merchant_id: int
    body: dict[str, Any]
    order_id: UUID
    held: UUID
    by_hand: UUID
    failed: UUID
    settled: UUID
    credit: UUID
    unsent: UUID
    paper: UUID
    token: UUID
    asked: UUID
    case: UUID
    webhook: UUID
    delivery: UUID
    voucher: Voucher
    at_service: UUID
    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def later(self) -> datetime:
        """A moment after every undo window."""
        return self.at + timedelta(hours=2)


def an_order(tag: str) -> dict[str, Any]:
    """This will make the body of the order; `tag` keeps its payments apart from other orders'."""
    paid = {"provider": "sandbox", "method": "card", "state": "captured"}
    return {
        "channel": "boutique",
        "number": tag,
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "customer": {"name": "Zoé Dupont", "email": f"zoe+{tag}@example.test", "language": "fr"},
        "lines": [
            {"sku": "MUG", "title": "Mug bleu", "quantity": 6, "unit_price": "12.30", "tax_rate": "20"},
            {"sku": "BOL", "title": "Bol", "quantity": 5, "unit_price": "8.00", "tax_rate": "20"},
        ],
        "shipping": {"amount": "4.90", "tax_rate": "20"},
        "payments": [
            {**paid, "amount": "80.00", "provider_reference": f"ok-{tag}"},
            {**paid, "amount": "7.00", "provider_reference": f"decline-{tag}"},
            {"provider": "manual", "method": "cash", "amount": "21.70", "state": "captured"},
            {**paid, "amount": "10.00", "state": "authorized", "provider_reference": f"ok-a-{tag}"},
        ],
    }


def set_up(merchant_id: int, tag: str) -> Scene:
    """This will bring an order into a state in which no verb is without work."""
    at = datetime.now(UTC)
    known = set(Item.of(merchant_id).values_list("sku", flat=True))
    for sku in {"MUG", "BOL"} - known:
        fields = {"title": sku, "on_hand": 500, "product": "vaisselle", "price": "12.30", "currency": "EUR"}
        put_item(merchant_id=merchant_id, sku=sku, fields=fields, by="test", at=at)
    body = an_order(tag)
    order_id = receive(merchant_id=merchant_id, body=body, by="test", at=at).order_id
    here: dict[str, Any] = {"merchant_id": merchant_id, "order_id": order_id, "by": "test", "at": at}
    fulfil(**here, fulfilment={"reference": "f1", "lines": [{"line": "1", "quantity": 1}]})
    confirm(**here, ask=Ask(reason="out_of_stock", lines=(("1", 1),)))
    # The buyer had not paid all of it, so a small rest goes back: on the smallest payment, which declines.
    credited = GiveBack(amount="8.00", method="store_credit", consent=CONSENT)
    reimburse(**here, wish=credited)
    drain(at=datetime.now(UTC))
    by_hand = confirm(**here, ask=Ask(reason="budget", lines=(("2", 1),), method="manual"))
    held = confirm(**here, ask=Ask(reason="budget", lines=(("2", 1),), undo_seconds=3600))
    confirm(**here, ask=Ask(reason="delay", lines=(("1", 1),)))  # its refund and its mail are due now
    settled = confirm(**here, ask=Ask(reason="budget", lines=(("2", 1),), method="manual")).refunds[0]
    proof: dict[str, Any] = {"settled_at": at, "evidence": "reçu 11"}
    settle(merchant_id=merchant_id, refund_id=settled, by="test", at=at, **proof)
    unsent = Message.of(merchant_id).filter(order_id=order_id, state="planned").earliest("created_at")
    Message.of(merchant_id).filter(id=unsent.id).update(state="failed", error="no_address")
    paper = Document.of(merchant_id).filter(order_id=order_id, state="due").earliest("created_at").id
    issue_document(document_id=paper, at=at)
    issue(merchant_id=merchant_id, name=f"t-{tag}", role="viewer", by="test", at=at)
    offer = Offer("amount", "5.00", at.date() + timedelta(days=30))
    # A name that every machine takes for its own: refused by us before anything leaves.
    known_place = {"url": "https://0x7f.1/", "events": ["order.noted"]}
    webhook = (
        Webhook.of(merchant_id).first()
        or subscribe(merchant_id=merchant_id, by="test", at=at, **known_place).webhook  # type: ignore[arg-type]
    )
    over_nothing = (Rule("amount", above="0"),)
    waits = confirm_or_hold(
        **{**here, "by": "agent"},
        ask=Ask(reason="budget", lines=(("1", 1),), role="agent"),
        rules=over_nothing,
    )
    assert isinstance(waits, Held)
    return Scene(
        asked=waits.approval.id,
        case=hand_over(**here, note="vu", to_role="agent").id,
        voucher=issue_voucher(**here, offer=offer),
        settled=settled,
        unsent=unsent.id,
        at_service=asked_of_service(merchant_id, tag),
        paper=paper,
        token=ApiToken.of(merchant_id).get(name=f"t-{tag}").id,
        webhook=webhook.id,
        delivery=try_out(merchant_id=merchant_id, webhook_id=webhook.id, by="test", at=at).id,
        merchant_id=merchant_id,
        body=body,
        order_id=order_id,
        held=held.id,
        by_hand=by_hand.refunds[0],
        failed=Refund.of(merchant_id).get(order_id=order_id, state="failed").id,
        credit=StoreCredit.of(merchant_id).get(customer_email=f"zoe+{tag}@example.test".lower()).id,
    )


def asked_of_service(merchant_id: int, tag: str) -> UUID:
    """This will call off an order under terms by which the customer service refunds: the refund that waits for it."""
    at = datetime.now(UTC)
    open_channel(
        merchant_id=merchant_id,
        code="service",
        name="Service",
        terms="rakuten_france",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=at,
    )
    body = {**an_order(f"S-{tag}"), "channel": "service", "accepted": True}
    body["payments"] = [{**body["payments"][0], "amount": "118.70"}]
    order_id = receive(merchant_id=merchant_id, body=body, by="test", at=at).order_id
    ask = Ask(reason="out_of_stock", message="Plus en stock.")
    made = confirm(merchant_id=merchant_id, order_id=order_id, ask=ask, by="test", at=at)
    return made.refunds[0]


def quiet(scene: Scene) -> None:
    """This will carry everything through that is due, as the worker would, until nothing is."""
    from countermand.worker.drains import DRAINS

    for _ in range(20):
        # Every drain in each round, also after one that found something.
        if not sum(drain_.take(lambda: True) for drain_ in DRAINS):
            return
    waiting = Refund.of(scene.merchant_id).exclude(state="succeeded").values_list("state", "method", "error")
    raise AssertionError(f"not quiet: {list(waiting)}")
