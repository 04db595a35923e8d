"""What a merchant goes on reading about their place at a marketplace once something is over."""

from datetime import UTC, datetime, timedelta

from django.urls import reverse

from countermand.marketplace.deciding import answer
from countermand.marketplace.models import Alert
from tests.web.desk import Shop, statements
from tests.web.full_place import Office, appealed


def place_page(shop: Shop) -> str:
    page = shop["manager"].get(reverse("web:place")).content.decode()
    return str(page).replace("\u00a0", " ").replace("\u202f", " ").replace("&#x27;", "'")


def test_RK10_a_suspension_that_was_lifted_stays_to_be_read_with_both_answers(
    office: Office, shop: Shop
) -> None:
    appealed(office)
    assert "Suspensions passées" not in place_page(shop)
    suspension_id = office.known["suspension_id"]
    answer(**office.place.here, suspension_id=suspension_id, lifts=True, text="Entendu, bon courage.")
    page = place_page(shop)
    for said in (
        "Suspensions passées",
        "Trop d'annulations.",
        "Notre fournisseur a fait faillite.",
        "Entendu",
    ):
        assert said in page, said
    assert "Vos ventes sur" not in page
    assert statements(shop["manager"], reverse("web:place")) <= 12


def test_RK9_an_alert_that_stands_is_not_hidden_by_many_that_are_closed(office: Office, shop: Shop) -> None:
    open_one = Alert.of(office.place.merchant.id).get()
    now = datetime.now(UTC)
    Alert.across_merchants.bulk_create(
        Alert(
            merchant_id=open_one.merchant_id,
            marketplace_id=open_one.marketplace_id,
            seat_id=open_one.seat_id,
            channel_id=open_one.channel_id,
            kind="warn",
            facts=open_one.facts,
            raised_at=now + timedelta(minutes=n),
            closed_at=now + timedelta(minutes=n),
        )
        for n in range(60)
    )
    assert f"alerte-{open_one.id}" in place_page(shop)
