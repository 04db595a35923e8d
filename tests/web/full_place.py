"""A marketplace in which every page has something to show: what the operator's pages are tested on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from countermand.marketplace.deciding import appeal, decide, propose
from countermand.marketplace.models import Alert, Suspension
from countermand.marketplace.service import queue
from countermand.procedure.actions import open_ticket
from tests.actions.place import Place, a_marketplace, an_operator, seated
from tests.web.desk import BACKEND, Shop


@dataclass
class Office:
    """A marketplace, one merchant's seat in it, and a client for an agent and a manager."""

    place: Place
    clients: dict[str, Client]
    known: dict[str, Any]

    def __getitem__(self, role: str) -> Client:
        return self.clients[role]


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def office_of(merchant: Any) -> Office:
    """This will seat a merchant who is beyond the limit: alerts, a suspension, a refund asked for, a ticket."""
    place = seated(merchant)
    place.sales(20, cancelled=1)
    place.judged()
    people = {role: an_operator(place.marketplace, role) for role in ("agent", "manager")}
    ticket = open_ticket(**place.there, skus=["MUG-BLEU"], wants="zero", note="Plus livré avant mars.")
    asked = queue(marketplace_id=place.marketplace.id, limit=1)
    other = an_operator(place.marketplace)
    known = {
        "seat_id": place.seat.id,
        "suspension_id": Suspension.of(merchant.id).get(state="proposed").id,
        "alert_id": Alert.of(merchant.id).get().id,
        "ticket_id": ticket.id,
        "refund_id": asked[0]["id"] if asked else None,
        "operator_id": other.operates.get().id,
    }
    return Office(place, {role: client_of(user) for role, user in people.items()}, known)


def elsewhere() -> Client:
    """This will give the manager of a marketplace that has nothing to do with it."""
    return client_of(an_operator(a_marketplace("Ailleurs")))


def of_the_merchant(shop: Shop) -> dict[str, Any]:
    """This will give a merchant's page about the marketplace something to answer: an alert, a suspension that runs."""
    place = seated(shop.merchant)
    now = datetime.now(UTC)
    facts = {
        "rate": "4.00",
        "cancelled": 1,
        "total": 25,
        "limit": "5.00",
        "warn": "4.00",
        "unit": "article",
        "days": 30,
    }
    alert = Alert.across_merchants.create(
        merchant=shop.merchant,
        marketplace=place.marketplace,
        seat=place.seat,
        channel_id=place.seat.channel_id,
        kind="warn",
        facts=facts,
        raised_at=now,
    )
    made = propose(**place.here, seat_id=place.seat.id)
    week = {"starts_at": now, "ends_at": now + timedelta(days=7)}
    decide(**place.here, suspension_id=made.id, reason="Trop d'annulations.", **week)
    return {"alert_id": alert.id, "suspension_id": made.id}


def appealed(office: Office) -> None:
    """This will have the merchant answer a suspension that was decided."""
    now = datetime.now(UTC)
    suspension_id = office.known["suspension_id"]
    week = {"starts_at": now, "ends_at": now + timedelta(days=7)}
    decide(**office.place.here, suspension_id=suspension_id, reason="Trop d'annulations.", **week)
    appeal(**office.place.there, suspension_id=suspension_id, text="Notre fournisseur a fait faillite.")
