"""What pages say: nothing twice, nothing half, no heading over nothing, no event by its own name."""

import re
from typing import Any

from django.template import Context, Template
from django.test import Client
from django.urls import reverse

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.marketplace.models import Alert
from countermand.stock.actions import make_unavailable
from countermand.threads.actions import take_message
from countermand.web.activity_words import AREA
from countermand.web.parts.charts import Mark, Trend
from tests.actions.approving import moment
from tests.web.desk import Shop
from tests.web.full_place import of_the_merchant, office_of
from tests.web.full_shop import furnished


def page(client: Client, name: str, **named: Any) -> str:
    return client.get(reverse(f"web:{name}", kwargs=named)).content.decode()


def test_AZ20_an_orders_page_says_since_when_a_message_waits(shop: Shop) -> None:
    order_id = shop.order()
    here = {"merchant_id": shop.merchant.id, "order_id": order_id, "by": "test", "at": moment()}
    take_message(text="Où en est mon colis ?", via="staff", **here)
    said = page(shop["agent"], "thread_latest", order_id=order_id)
    assert "sans réponse depuis 1 min" in said.replace("\xa0", " ")


def test_money_of_two_cancellations_of_one_day_has_one_deadline_on_the_page(shop: Shop) -> None:
    order_id = shop.order()
    ask = Ask(reason="out_of_stock", lines=(("1", 1),))
    for _ in range(2):
        confirm(merchant_id=shop.merchant.id, order_id=order_id, ask=ask, by="test", at=moment())
    assert page(shop["agent"], "order", order_id=order_id).count("Argent rendu au plus tard le") == 1


def test_RK10_a_merchant_at_the_limit_is_said_to_be_so_once(shop: Shop) -> None:
    office = office_of(shop.merchant)
    seat = page(office["manager"], "operator_seat", seat_id=office.known["seat_id"])
    assert "limite atteinte · limite atteinte" not in seat
    assert page(office["agent"], "operator").count("limite atteinte") == 1


def test_a_marketplaces_closed_alerts_leave_no_heading_behind(shop: Shop) -> None:
    of_the_merchant(shop)
    assert "Alertes" in page(shop["owner"], "place")
    Alert.of(shop.merchant.id).update(closed_at=moment())
    assert "<h2>Alertes" not in page(shop["owner"], "place")


def test_a_trend_of_one_week_stands_at_the_end_where_its_figure_has_room() -> None:
    marks = [Mark("16 nov.", 5.0, "5,0 %")]
    chart = Trend("t", "Le taux est à 5,0 %", ("Semaine", "Taux"), marks, limit=5.0, limit_text="limite 5 %")
    drawn = Template("{% load desk %}{% trend chart %}").render(Context({"chart": chart}))
    assert '<circle class="trend-dot" cx="88.00%"' in drawn
    assert 'text-anchor="end">16 nov.' in drawn


def test_the_journal_says_in_words_whatever_happened_in_a_full_shop(shop: Shop) -> None:
    furnished(shop)
    make_unavailable(merchant_id=shop.merchant.id, sku="MUG-ROUGE", days=3, by="test", at=moment())
    said = []
    for area in AREA:
        there = reverse("web:activity")
        said += [line["what"] for line in shop["owner"].get(there, {"quoi": area}).context["lines"]]
    assert len(said) > 40
    assert [each for each in said if re.fullmatch(r"[a-z_]+\.[a-z_]+", str(each))] == []


def test_SG3_a_refund_page_asks_what_goes_back_before_it_refuses_anything(shop: Shop) -> None:
    said = page(shop["manager"], "reimburse", order_id=shop.order())
    assert "Choisissez ce qui est rendu." in said
    assert "Il n&#x27;y a rien à rendre" not in said
