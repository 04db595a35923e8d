"""What a marketplace's staff do on their pages, and what its merchants read and answer on theirs."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.urls import reverse

from countermand.marketplace.models import Alert, Suspension
from countermand.marketplace.service import queue
from countermand.merchants.actions import add_merchant
from countermand.procedure.models import SupportTicket
from countermand.refunds.models import Refund
from tests.actions.place import seated
from tests.web.desk import Shop, shop_of, statements
from tests.web.full_place import Office, appealed


def at(name: str, office: Office, *params: str) -> str:
    return reverse(f"web:{name}", kwargs={param: office.known[param] for param in params})


def text_of(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")


def week(**said: str) -> dict[str, str]:
    end = datetime.now(UTC) + timedelta(days=7)
    return {"starts_at": "", "ends_at": end.strftime("%Y-%m-%dT%H:%M"), **said}


def test_RK10_the_list_shows_rate_limit_distance_and_what_is_to_decide(office: Office) -> None:
    page = text_of(office["agent"].get(reverse("web:operator")))
    for said in ("Le Petit Mug", "5 %", "limite atteinte", "suspension à décider", "1 sur 20"):
        assert said in page, said


def test_the_list_takes_as_many_queries_for_many_merchants_as_for_one(office: Office) -> None:
    before = statements(office["agent"], reverse("web:operator"))
    for n in range(4):
        other = add_merchant(code=f"o{n}-{office.place.merchant.code}", name=f"Étal {n}")
        seated(other, office.place.marketplace).sales(3)
    office.place.judged(later=3)
    assert statements(office["agent"], reverse("web:operator")) == before


def test_the_nearest_to_its_limit_stands_first_and_too_few_last(office: Office) -> None:
    few = add_merchant(code=f"f-{office.place.merchant.code}", name="Trop peu")
    calm = add_merchant(code=f"c-{office.place.merchant.code}", name="Tranquille")
    seated(few, office.place.marketplace).sales(3, cancelled=1)
    seated(calm, office.place.marketplace).sales(12)
    office.place.judged(later=3)
    page = text_of(office["agent"].get(reverse("web:operator")))
    assert page.index("Le Petit Mug") < page.index("Tranquille") < page.index("Trop peu")


def test_RK10_a_manager_decides_on_the_page_and_the_merchant_reads_why(office: Office, shop: Shop) -> None:
    decide = at("operator_decide", office, "suspension_id")
    answer = office["manager"].post(decide, week(reason="Trop d'annulations."))
    assert answer.status_code == 302
    made = Suspension.of(office.place.merchant.id).get()
    assert made.state == "running"
    page = text_of(shop["manager"].get(reverse("web:place")))
    assert "Vos ventes sur Les Halles en ligne sont suspendues" in page and "Trop d&#x27;annulations." in page
    assert "Ventes suspendues" in text_of(shop["manager"].get("/"))


def test_RK10_a_decision_without_a_reason_stands_beside_its_question(office: Office) -> None:
    decide = at("operator_decide", office, "suspension_id")
    answer = office["manager"].post(
        decide, {"starts_at": "", "ends_at": "2020-01-01T10:00", "reason": "Parce que"}
    )
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Choisissez une fin après le début" in page and "Parce que" in page


def test_RK10_the_merchant_answers_once_and_the_manager_lifts_it(office: Office, shop: Shop) -> None:
    appealed(office)
    twice = shop["manager"].post(at("appeal", office, "suspension_id"), {"text": "encore"}, follow=True)
    assert "déjà répondu" in text_of(twice)
    page = text_of(office["manager"].get(at("operator_suspension", office, "suspension_id")))
    assert "Notre fournisseur a fait faillite." in page
    asked = {"text": "Entendu.", "lifts": "yes"}
    assert office["manager"].post(at("operator_answer", office, "suspension_id"), asked).status_code == 302
    assert Suspension.of(office.place.merchant.id).get().state == "lifted"


def test_RK9_the_merchant_finds_the_alert_in_the_list_and_acknowledges_it(office: Office, shop: Shop) -> None:
    assert "Alerte de la place de marché" in text_of(shop["agent"].get("/"))
    page = text_of(shop["agent"].get(reverse("web:place")))
    assert "Limite atteinte" in page and "Refusez-la avant" in page
    seen = at("alert_seen", office, "alert_id")
    assert shop["agent"].post(seen, {"note": "Stock recompté."}).status_code == 302
    alert = Alert.of(office.place.merchant.id).get()
    assert (alert.acknowledged_by, alert.note) == (
        f"agent-{shop.merchant.code}@shop.example",
        "Stock recompté.",
    )
    assert "Alerte de la place de marché" not in text_of(shop["agent"].get("/"))
    assert "Stock recompté." in text_of(office["agent"].get(reverse("web:operator_alerts")))


def test_RK5_the_queue_holds_amount_evidence_and_due_date_until_it_is_settled(office: Office) -> None:
    page = text_of(office["agent"].get(reverse("web:operator_service")))
    for said in ("10,00 €", "Rupture de stock", "Le Petit Mug", "Rembourser"):
        assert said in page, said
    refund_id = office.known["refund_id"]
    settle = at("operator_settle", office, "refund_id")
    without = office["agent"].post(settle, {"at": "2026-01-01T10:00", "evidence": ""})
    assert without.status_code == 422
    paid = {
        "at": (datetime.now(UTC) - timedelta(hours=30)).strftime("%Y-%m-%dT%H:%M"),
        "evidence": "virement 12",
    }
    assert office["agent"].post(settle, paid).status_code == 302
    assert Refund.of(office.place.merchant.id).get(id=refund_id).state == "succeeded"
    assert queue(marketplace_id=office.place.marketplace.id, limit=5) == []
    assert "réglé avec preuve" in text_of(office["agent"].get(reverse("web:operator_journal")))


def test_RK5_or_lets_the_money_go_back_the_way_it_came_once(office: Office) -> None:
    let_go = at("operator_let_go", office, "refund_id")
    assert office["agent"].post(let_go).status_code == 302
    assert office["agent"].post(let_go).status_code == 404  # it waits here no more
    assert Refund.of(office.place.merchant.id).get(id=office.known["refund_id"]).state in ("planned", "sent")


def test_EM7_a_ticket_is_answered_with_its_articles_by_mail_and_closed(office: Office) -> None:
    there = at("operator_ticket", office, "ticket_id")
    page = text_of(office["agent"].get(there))
    assert "MUG-BLEU" in page and "Plus livré avant mars." in page
    assert office["agent"].post(there, {"text": ""}).status_code == 422
    assert office["agent"].post(there, {"text": "Stock mis à zéro dans notre système."}).status_code == 302
    [letter] = office.place.letters("ticket")
    assert letter.subject == "Réponse à votre ticket : MUG-BLEU"
    assert "Stock mis à zéro dans notre système." in letter.text
    assert office["agent"].post(there, {"text": "encore"}).status_code == 422
    office["agent"].post(at("operator_ticket_done", office, "ticket_id"))
    ticket = SupportTicket.of(office.place.merchant.id).get()
    assert (ticket.state, ticket.answer) == ("closed", "Stock mis à zéro dans notre système.")


def test_who_only_works_for_a_marketplace_lands_on_its_page(office: Office) -> None:
    answer = office["agent"].get("/")
    assert answer.status_code == 302 and answer.headers["Location"] == reverse("web:operator")


def test_a_merchant_without_a_marketplace_reads_that_there_is_none(merchant: Any) -> None:
    alone = shop_of(merchant)
    assert "relié à une place de marché" in text_of(alone["viewer"].get(reverse("web:place")))
