"""« Performance »: figures that say something, each down to its orders, in few statements whatever the period."""

import csv
import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.performance.actions import give_feedback
from countermand.performance.models import Visits
from countermand.stock.actions import put_item
from tests.actions.test_rollups import caught_up
from tests.web.desk import Shop, statements

URL = reverse("web:performance")
MOST = 12


def called_off(shop: Shop, order: Any, by: str = "test", **wish: Any) -> Any:
    ask = Ask(**{"reason": "out_of_stock", **wish})
    return confirm(merchant_id=shop.merchant.id, order_id=order, ask=ask, by=by, at=datetime.now(UTC))


def seen(shop: Shop, query: str = "", role: str = "viewer") -> str:
    answer = shop[role].get(URL + query)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#x27;", "'").replace("&quot;", '"')


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """12 orders of 55.80; three called off: 2 ruptures (one by half), 1 wish of the buyer."""
    made = [shop.order() for _ in range(12)]
    called_off(shop, made[0])
    called_off(shop, made[1], lines=(("1", 2),))
    called_off(shop, made[2], reason="budget", initiated_by="buyer", by="mina@x.example")
    caught_up()  # what other tests left unread counts too: far behind, the page says so instead
    return shop


def test_SH13_the_rate_stands_with_both_its_numbers_and_titles_say_the_finding(busy: Shop) -> None:
    page = seen(busy)
    assert "25,00 %" in page and "3 commandes annulées sur 12" in page
    assert "Les ruptures de stock font 67 % des annulations" in page
    assert "67 % se jouent sur le stock" in page
    assert "Vous décidez 67 % des annulations" in page
    assert "« Mug bleu » fait 80 % des unités annulées" in page  # 8 mugs of 10 units
    assert "Au-dessus de votre seuil d'alerte, 3 %" in page


def test_SH13_each_figure_leads_to_the_orders_behind_it(busy: Shop) -> None:
    page = busy["viewer"].get(URL).content.decode()
    [address] = re.findall(r'<th scope="row"><a href="(/commandes\?q=[^"]*out_of_stock[^"]*)">Rupture', page)[
        :1
    ]
    answer = busy["viewer"].get(address.replace("&amp;", "&"))
    assert len(answer.context["rows"]) == 2 and not answer.context["wrong"]
    [address] = re.findall(r'<a href="(/commandes\?q=[^"]*sku[^"]*BOL[^"]*)">', page)[:1]
    assert busy["viewer"].get(address.replace("&amp;", "&")).status_code == 200


def test_SH17_net_sales_stand_as_a_sum(busy: Shop) -> None:
    page = seen(busy)
    for amount in ("669,60 €", "−136,20 €", "533,40 €"):  # 12 × 55,80; 55,80 + 24,60 + 55,80
        assert amount in page, amount
    assert "10 commandes sur 12 ne sont pas annulées en entier" in page


def test_too_few_are_not_judged(shop: Shop) -> None:
    called_off(shop, shop.order())
    page = seen(shop)
    assert "Trop peu pour juger : il en faut 10." in page and "meter" not in page


def test_nothing_yet_is_no_dead_end(shop: Shop) -> None:
    page = seen(shop)
    assert "Aucune vente dans cette période" in page and "Pas encore d'avis" in page


def test_RK10_a_channel_with_a_limit_shows_its_meter_and_the_limit_as_a_line(shop: Shop) -> None:
    open_channel(
        merchant_id=shop.merchant.id,
        code="rakuten",
        name="Rakuten",
        terms="rakuten_france",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    made = [shop.order(channel="rakuten") for _ in range(15)]  # 60 articles
    called_off(shop, made[0], reason="damaged", lines=(("1", 2),), message="Cassé, désolés.")
    page = seen(shop, "?canal=rakuten")
    assert "2 articles annulés sur 60" in page and "limite 5 %" in page and "line-limit" in page
    assert "la prochaine annulation atteint la limite" in page
    called_off(shop, made[1], reason="damaged", lines=(("1", 1),), message="Cassé, désolés.")
    assert "limite atteinte" in seen(shop, "?canal=rakuten")  # 5.00 % is a breach
    together = seen(shop)
    assert "Rakuten a le taux le plus haut : 5,00 %" in together


def test_the_address_holds_period_and_channel_and_a_wrong_one_is_explained(busy: Shop) -> None:
    old = (datetime.now(UTC) - timedelta(days=400)).date().isoformat()
    assert "Aucune vente" in seen(busy, f"?du={old}&au={old}")
    assert "3 commandes annulées sur 12" in seen(busy, f"?du={old}&canal=boutique")
    assert 'aria-current="page">12 mois' in seen(busy, "?jours=365")
    for query in ("?du=2026-13-01", "?du=2026-11-02&au=2026-11-01", "?canal=nulle-part"):
        assert busy["viewer"].get(URL + query).status_code in (200, 404)
    assert "Cette période n'a pas été comprise" in seen(busy, "?du=2026-13-01")


def test_the_page_takes_as_few_statements_however_long_the_period(busy: Shop) -> None:
    old = (datetime.now(UTC) - timedelta(days=3000)).date().isoformat()
    caught_up()
    busy["viewer"].get(URL)  # the first visit of a browser is written down
    count = statements(busy["viewer"], URL)
    assert count <= MOST
    assert statements(busy["viewer"], f"{URL}?du={old}") == count
    busy.order()
    assert statements(busy["viewer"], f"{URL}?du={old}") <= MOST  # and the days of now, added up


def test_SH13_no_statement_goes_through_the_orders(busy: Shop) -> None:
    caught_up()
    seen_statements: list[str] = []
    with sql.watched(seen_statements.append):
        assert busy["viewer"].get(f"{URL}?jours=365").status_code == 200
    asked = [text for text in seen_statements if "rollup_day" in text or "rate_day" in text]
    assert len(asked) == 1
    assert not [text for text in asked if '"order"' in text or "order_line" in text or "cancellation" in text]


def test_SH14_what_customers_say_stands_on_the_page(busy: Shop) -> None:
    made = called_off(busy, busy.order())
    give_feedback(
        merchant_id=busy.merchant.id,
        cancellation_id=made.id,
        score=2,
        text="Prévenue trop tard <b>",
        via="staff",
        by="test",
        at=datetime.now(UTC),
    )
    page = seen(busy)
    assert "sur 5, 1 avis" in page and "Prévenue trop tard &lt;b&gt;" in page and "1 client mécontent" in page


def test_SH17_conversion_appears_once_visits_are_told(busy: Shop) -> None:
    today = datetime.now(UTC).date()
    assert "de conversion :" not in seen(busy)
    told = {"canal": "boutique", "day": today.isoformat(), "visits": "400"}
    answer = busy["agent"].post(reverse("web:visits"), told)
    assert answer.status_code == 302
    page = seen(busy)
    assert "de conversion : 12 commandes pour 400 visites" in page and "3,00 %" in page


def test_visits_come_by_file_and_what_is_wrong_in_it_is_said(busy: Shop) -> None:
    url = reverse("web:visits")

    def send(text: str) -> Any:
        file = SimpleUploadedFile("visites.csv", text.encode(), content_type="text/csv")
        return busy["agent"].post(url, {"canal": "boutique", "file": file})

    assert send("jour;visites\n2026-11-01;412\n2026-11-02;398\n").status_code == 302
    assert set(Visits.of(busy.merchant.id).values_list("visits", flat=True)) == {412, 398}
    answer = send("2026-11-03;beaucoup\n")
    assert answer.status_code == 422 and "Ligne 1" in answer.content.decode()
    assert busy["agent"].post(url, {"canal": "boutique"}).status_code == 422
    assert busy["viewer"].post(url, {"canal": "boutique"}).status_code == 403


def test_the_export_is_guarded_against_formulas(shop: Shop) -> None:
    fields = {"title": "=HYPERLINK(1)", "on_hand": 9}
    put_item(merchant_id=shop.merchant.id, sku="@SUM", fields=fields, by="test", at=datetime.now(UTC))
    called_off(shop, shop.order(lines=(("@SUM", 1, "10.00"),)))
    answer = shop["viewer"].get(reverse("web:performance_csv"))
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="performance-')
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["Articles", "'@SUM", "'=HYPERLINK(1)", "1", "1", "10.00", "EUR"] in rows
    assert ["Ventes", "EUR", "10.00", "-10.00", "0.00", "0.00"] in rows
    answer = shop["viewer"].get(reverse("web:performance_xlsx"))
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "<f>" not in "".join(book.read(name).decode() for name in book.namelist() if "sheet" in name)


def test_SH14_staff_note_on_the_order_what_the_customer_says_once(busy: Shop) -> None:
    order = busy.order()
    made = called_off(busy, order)
    url = reverse("web:opinion", kwargs={"cancellation_id": made.id})
    see = reverse("web:order", kwargs={"order_id": order})
    assert url in busy["agent"].get(see).content.decode()
    wrong = busy["agent"].post(url, {"text": "Bien"})
    assert wrong.status_code == 422 and "Choisissez une note" in wrong.content.decode()
    assert "Bien</textarea>" in wrong.content.decode()  # what was typed stays
    assert busy["viewer"].post(url, {"score": "5"}).status_code == 403
    assert busy["agent"].post(url, {"score": "4", "text": "Merci"}).status_code == 302
    page = busy["agent"].get(see).content.decode()
    assert "4 / 5" in page and "Merci" in page and url not in page
    again = busy["agent"].post(url, {"score": "1"})
    assert again.status_code == 422  # it was given: nothing is written over
    assert "Avis du client" in page
