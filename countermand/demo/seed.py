"""The demo shop, made once, all or nothing: a merchant, its people, its channel, its articles, its week."""

from datetime import datetime

from django.db import transaction

from countermand import sql
from countermand.channels.actions import open_channel
from countermand.demo.elsewhere import sell_elsewhere
from countermand.demo.goods import items_of
from countermand.demo.halles import open_halles
from countermand.demo.history import live_through
from countermand.demo.orders import CHANNEL, order_bodies
from countermand.documents.identity import Identity, say_identity
from countermand.files.statistics import FIRST, ITEMS, ORDERS, refresh
from countermand.intake.actions import Received, receive_many
from countermand.merchants.actions import add_member, add_merchant
from countermand.merchants.models import Merchant
from countermand.stock.bulk import put_items

CODE = "demo"
NAME = "Le Comptoir de Londres"
OWNER = "demo@example.test"
AGENT = "agent@example.test"
BY = "demo"
# An invented company: its numbers are well formed, and far above those that are given out.
IDENTITY = Identity(
    legal_name="Le Comptoir de Londres SARL",
    form="SARL au capital de 8 000 €",
    address=("12 rue des Tisserands", "69001 Lyon"),
    siret="99999999800001",
    register="RCS Lyon 999 999 998",
    vat_number="FR11999999998",
)
LOCK = 336663  # "demo" on a telephone's keys, in our own numbers


def seed(*, password: str, at: datetime) -> bool:
    """This will make the demo shop unless it is there. Killed half-way it leaves nothing."""
    with transaction.atomic():
        sql.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if Merchant.objects.filter(code=CODE).exists():
            return False
        merchant = add_merchant(code=CODE, name=NAME)
        merchant.contact_name = "Camille"
        merchant.reply_to = "bonjour@comptoir.example.test"
        merchant.save(update_fields=["contact_name", "reply_to"])
        say_identity(merchant_id=merchant.id, identity=IDENTITY, by=BY, at=at)
        add_member(merchant=merchant, email=OWNER, password=password, role="owner", first_name="Camille")
        add_member(merchant=merchant, email=AGENT, password=password, role="agent", first_name="Sacha")
        _stock_and_orders(merchant.id, at)
        sell_elsewhere(merchant_id=merchant.id, at=at)
        open_halles(merchant_id=merchant.id, password=password, at=at)
    return True


def _stock_and_orders(merchant_id: int, at: datetime) -> None:
    open_channel(
        merchant_id=merchant_id,
        code=CHANNEL,
        name="Boutique en ligne",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by=BY,
        at=at,
    )
    bodies = order_bodies(now=at)
    items = items_of(bodies=bodies)
    # Some first, then all: tables that nobody looked at yet make every foreign key slow (files/statistics.py).
    for some in (items[:FIRST], items[FIRST:]):
        refused = [
            one for one in put_items(merchant_id=merchant_id, items=some, by=BY, at=at) if one is not True
        ]
        assert not refused, refused
        refresh(tables=ITEMS)
    ids = []
    for some_bodies in (bodies[:FIRST], bodies[FIRST:]):
        for received in receive_many(merchant_id=merchant_id, bodies=some_bodies, by=BY, at=at):
            assert isinstance(received, Received), received
            ids.append(received.order_id)
        refresh(tables=ORDERS)
    live_through(merchant_id=merchant_id, bodies=bodies, ids=ids, now=at)
