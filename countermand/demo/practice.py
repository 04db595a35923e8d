"""The orders on which a shop's staff practise: the newest of the demo's, through the verbs that everybody uses."""

from datetime import datetime, timedelta

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.demo.goods import items_of
from countermand.demo.orders import CHANNEL, order_bodies
from countermand.intake.actions import Received, receive_many
from countermand.merchants.models import Member, Merchant
from countermand.merchants.practice import end_twin, join, open_twin
from countermand.stock.bulk import put_items

ORDERS = 24
SHIPPED = 70  # of the demo's orders those of this age are partly under way: some of them too
BY = "entraînement"


@sql.verb
def practise(*, member: Member, by: str, at: datetime) -> Merchant:
    """This will let a member into their shop's twin, making it with its orders when there is none. All or nothing."""
    twin, new = open_twin(merchant_id=member.merchant_id, by=by, at=at)
    join(twin=twin, member=member)
    if new:
        _fill(twin, at)
    return twin


@sql.verb
def begin_anew(*, member: Member, by: str, at: datetime) -> Merchant:
    """This will end the twin and make another, as fresh as on the first day."""
    end_twin(merchant_id=member.merchant_id, by=by, at=at)
    return practise(member=member, by=by, at=at)


def _fill(twin: Merchant, at: datetime) -> None:
    open_channel(
        merchant_id=twin.id,
        code=CHANNEL,
        name="Boutique d'entraînement" if twin.language == "fr" else "Practice shop",
        terms="own_shop",
        timezone=twin.timezone,
        mode="test",
        overrides={},
        by=BY,
        at=at,
    )
    every = order_bodies(now=at)  # oldest first
    bodies = [*every[-SHIPPED : -SHIPPED + 6], *every[-ORDERS:]]
    for body in bodies:
        for payment in body.get("payments", ()):
            if payment.get("provider_reference"):
                payment["provider_reference"] += f"-e{twin.id}"
    refused = [
        one
        for one in put_items(merchant_id=twin.id, items=items_of(bodies=bodies), by=BY, at=at)
        if one is not True
    ]
    assert not refused, refused
    ids = []
    for received in receive_many(merchant_id=twin.id, bodies=bodies, by=BY, at=at):
        assert isinstance(received, Received), received
        ids.append(received.order_id)
    # Something is waiting on the first page: a refund that was put off, and one done.
    for age, ask in (
        (1, Ask(reason="customer_changed_mind")),
        (2, Ask(reason="delay", when="later")),
    ):
        confirm(merchant_id=twin.id, order_id=ids[-age], ask=ask, by=BY, at=at - timedelta(hours=age))
