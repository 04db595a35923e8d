"""One merchant at two marketplaces, and on a shop of their own: each marketplace's staff see their own seat alone."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from countermand.channels.actions import open_channel
from countermand.marketplace.actions import take_seat
from countermand.marketplace.baskets import receive_basket
from countermand.marketplace.models import Alert, Operator, Suspension
from countermand.marketplace.service import queue
from countermand.merchants.actions import add_merchant
from countermand.orders.models import Order
from countermand.procedure.actions import open_ticket
from countermand.procedure.models import SupportTicket
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from tests.actions.place import Place, a_marketplace, an_operator, seated
from tests.actions.test_payouts import count_up
from tests.builders import order_body
from tests.web.desk import Shop, shop_of
from tests.web.full_place import client_of
from tests.web.full_shop import address, params
from tests.web.routes import OPERATOR_PAGES

SECRET = "LAMPE-SECRETE"
# What a form says where it asks for words, so that a deed is refused for whose row it is, not for an empty box.
SAID = {
    "because": "Quel colis ?",
    "text": "Entendu.",
    "lifts": "yes",
    "evidence": "virement 12",
    "at": "2026-01-01T10:00",
    "reason": "Trop.",
    "dismiss-reason": "Trop.",
    "lift-reason": "Assez.",
    "ends_at": "2030-01-01T10:00",
    "role": "manager",
}


@dataclass
class There:
    """The other marketplace's seat of the same merchant, with everything that a page could show of it."""

    place: Place
    known: dict[str, Any]

    def stands(self) -> dict[str, Any]:
        merchant_id = self.place.merchant.id
        return {
            "refund": Refund.of(merchant_id).values_list("state", "asked_at").get(id=self.known["refund_id"]),
            "suspension": Suspension.of(merchant_id).get(id=self.known["suspension_id"]).state,
            "ticket": SupportTicket.of(merchant_id).get(id=self.known["ticket_id"]).state,
            "operator": Operator.objects.get(id=self.known["operator_id"]).role,
            "suspensions": Suspension.of(merchant_id).count(),
        }


@pytest.fixture
def here(merchant: Any, shop: Shop) -> Place:
    place = seated(merchant)
    place.sales(12)
    place.judged()
    return place


@pytest.fixture
def there(merchant: Any, here: Place) -> There:
    marketplace = a_marketplace("Le Marché Caché")
    terms = {"terms": "rakuten_france", "timezone": "Europe/Paris", "mode": "test", "overrides": {}}
    at = datetime.now(UTC)
    common: dict[str, Any] = {"merchant_id": merchant.id, "by": "test", "at": at}
    open_channel(code="cache", name="Le Marché Caché", **terms, **common)
    seat = take_seat(marketplace_id=marketplace.id, channel_code="cache", **common)
    place = Place(marketplace, merchant, seat)
    orders = place.sales(20, cancelled=2, sku=SECRET)
    place.judged(later=3)
    count_up(merchant)
    ticket = open_ticket(skus=[SECRET], wants="zero", order_id=orders[-1], **common)
    known = {
        "seat_id": seat.id,
        "suspension_id": Suspension.of(merchant.id).get(seat=seat).id,
        "alert_id": Alert.of(merchant.id).filter(seat=seat).first().id,  # type: ignore[union-attr]
        "ticket_id": ticket.id,
        "refund_id": queue(marketplace_id=marketplace.id, limit=1)[0]["id"],
        "operator_id": an_operator(marketplace, "agent").operates.get().id,
    }
    return There(place, known)


def reads(client: Client, where: str) -> str:
    return str(client.get(where, follow=True).content.decode())


def test_no_page_of_the_one_shows_anything_of_the_other(here: Place, there: There) -> None:
    client = client_of(an_operator(here.marketplace))
    own = {"seat_id": here.seat.id}
    pages = [page for page in OPERATOR_PAGES if "get" in page.methods and set(params(page.name)) <= set(own)]
    assert {"operator", "operator_seat", "operator_service", "operator_statement", "operator_journal"} <= {
        page.name for page in pages
    }
    numbers = set(
        Order.of(here.merchant.id)
        .filter(channel_id=there.place.seat.channel_id)
        .values_list("number", flat=True)
    )
    for page in pages:
        for asked in ("", "?vue=toutes", "?vue=renvoyees", "?vue=repondus", "?q=Cach"):
            found = client.get(address(page.name, own) + asked)
            text = (
                found.content.decode() if not found.streaming else b"".join(found.streaming_content).decode()
            )
            for secret in (SECRET, "Marché Caché", str(there.place.seat.id), str(there.known["refund_id"])):
                assert secret not in text, (page.name, asked, secret)
            assert not numbers & set(re.findall(r"[\w-]+", text)), (page.name, asked)
    seen = reads(client_of(an_operator(there.place.marketplace)), reverse("web:operator_tickets"))
    assert SECRET in seen  # and where it belongs it stands


def test_no_deed_of_the_one_reaches_a_row_of_the_other(here: Place, there: There) -> None:
    client, before = client_of(an_operator(here.marketplace)), there.stands()
    for page in OPERATOR_PAGES:
        if not params(page.name):
            continue
        for method in page.methods:
            answer = getattr(client, method)(address(page.name, there.known), SAID)
            assert answer.status_code == 404, (page.name, method)
    assert there.stands() == before


def test_nobody_chooses_a_marketplace_where_they_have_no_place(here: Place, there: There) -> None:
    client = client_of(an_operator(here.marketplace))
    client.post(reverse("web:operator_switch"), {"marketplace": there.place.marketplace.id})
    assert "Marché Caché" not in reads(client, reverse("web:operator"))
    session = client.session
    session["marketplace"] = (
        there.place.marketplace.id
    )  # as if it had been chosen before the place was taken away
    session.save()
    assert "Marché Caché" not in reads(client, reverse("web:operator"))


def test_a_place_that_was_taken_away_opens_nothing_from_the_next_click_on(here: Place) -> None:
    an_operator(here.marketplace)
    user = an_operator(here.marketplace)
    client = client_of(user)
    assert client.get(reverse("web:operator")).status_code == 200
    user.operates.all().delete()
    assert client.get(reverse("web:operator")).status_code == 404


def test_another_merchant_answers_no_alert_suspension_or_refund_of_this_one(
    here: Place, there: There, shop: Shop
) -> None:
    other = add_merchant(code=f"o-{shop.merchant.code}", name="Chez Georges")
    stranger, before = shop_of(other), there.stands()
    for name in ("alert_seen", "appeal", "ask_again"):
        where = address(name, there.known)
        assert (
            stranger["owner"].post(where, {"text": "moi", "answer": "moi", "note": "moi"}).status_code == 404
        )
    assert there.stands() == before
    assert Alert.of(shop.merchant.id).get(id=there.known["alert_id"]).acknowledged_at is None
    assert "Marché Caché" not in reads(stranger["owner"], reverse("web:place"))


def test_a_merchant_reads_of_no_proposal_before_it_is_decided(here: Place, there: There, shop: Shop) -> None:
    for where in (reverse("web:place"), reverse("web:activity"), "/"):
        page = reads(shop["owner"], where)
        assert "uspension proposée" not in page and str(there.known["suspension_id"]) not in page, where


def test_an_operator_who_is_also_a_merchants_colleague_has_both_and_no_more(
    here: Place, there: There
) -> None:
    other = add_merchant(code=f"p-{here.merchant.code}", name="Chez Lucie")
    people = shop_of(other)
    user = an_operator(here.marketplace)
    both = client_of(user)
    assert both.get(reverse("web:orders")).status_code in (302, 403, 404)  # no member of any merchant
    order: UUID = here.sales(1)[0]
    for client in (both, people["owner"]):
        assert client.get(reverse("web:order", kwargs={"order_id": order})).status_code in (302, 403, 404)


def test_a_basket_takes_only_seats_of_its_own_marketplace(here: Place, there: There) -> None:
    body = order_body(channel="cache", lines=(("MUG", 1, "10.00"),), payments=[])
    paid = {"provider": "sandbox", "method": "card", "amount": "10.00", "state": "captured"}
    asked = {
        "reference": f"panier-{here.merchant.code}",
        "payment": {**paid, "provider_reference": f"ok-p-{here.merchant.code}"},
        "orders": [{**body, "merchant": here.merchant.code}],
    }
    with pytest.raises(Refusal) as refused:
        receive_basket(**here.here, **asked)
    assert refused.value.code == "unknown_merchant"
