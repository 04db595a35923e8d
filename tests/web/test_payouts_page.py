"""« Relevés »: what a platform pays out, what speaks for a dispute, and theirs held against ours."""

import csv
import io
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from countermand.orders.models import Order
from tests.actions.refund_desk import drain_until_quiet
from tests.actions.service_desk import a_channel, a_sale, call_off, release, the_refund
from tests.actions.test_payouts import count_up
from tests.web.desk import Shop, statements

WHERE = "/remboursements/releves"


@pytest.fixture
def sold(shop: Shop) -> Any:
    """Two sales under customer-service terms; of one, two units are called off, without a case."""
    rakuten = a_channel(shop.merchant, "rakuten_france")
    orders = [a_sale(shop.merchant, rakuten) for _ in range(2)]
    call_off(shop.merchant, orders[0], lines=(("1", 2),))
    count_up(shop.merchant)
    return [Order.of(shop.merchant.id).get(id=order) for order in orders]


def text_of(answer: Any) -> str:
    """The words of a page, one space between them."""
    html = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return " ".join(html.replace("\u202f", " ").replace("\xa0", " ").split())


def lines_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.splitlines()[0] else ","))


def test_RK5_the_statement_adds_up_to_what_is_paid_out(shop: Shop, sold: Any) -> None:
    page = text_of(shop["owner"].get(WHERE))
    for said in ("Ventes 60,00 €", "Annulations −20,00 €", "À vous verser 31,00 €", "dont 3,00 € restés dus"):
        assert said in page
    rows = lines_of(shop["owner"].get(f"{WHERE}/export.csv"))
    assert [row["Montant"] for row in rows if row["Nature"] == "Annulation"] == ["-20.00"]
    assert shop["owner"].get(f"{WHERE}/export.xlsx").status_code == 200


def test_RK13_what_a_dispute_needs_is_one_file(shop: Shop, sold: Any) -> None:
    [row] = lines_of(shop["owner"].get(f"{WHERE}/contestation.csv"))
    assert (row["Commande"], row["Demandée par"], row["Motif"]) == (
        sold[0].number,
        "la boutique",
        "Rupture de stock",
    )
    assert (row["Commission restée due"], row["Rendu au client"]) == ("3.00", "20.00")


def test_RK13_the_platforms_statement_is_held_against_ours(shop: Shop, sold: Any) -> None:
    first, second = sold
    theirs = (
        f"commande;article;montant;nature\n{first.number};1;30,00;vente\n{first.number};1;4,50;commission\n"
        f"{first.number};1;20,00;annulation\n{second.number};1;30,00;vente\n{second.number};1;6,00;commission\n"
        "INCONNUE;1;1,25;commission annulation\n"
    )
    file = SimpleUploadedFile("releve.csv", theirs.encode(), content_type="text/csv")
    page = text_of(shop["owner"].post(f"{WHERE}/rapprocher", {"file": file}))
    assert "2 différences" in page
    assert "−2,75 €" in page
    assert f"{second.number} Commission −4,50 € −6,00 € −1,50 €" in page
    assert "INCONNUE Commission rien −1,25 €" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("commande;montant\n1;2\n", "nature"),
        ("commande;montant;nature\n1;deux;vente\n", "Ligne 2"),
        ("commande;montant;nature\n1;2;pourboire\n", "Ligne 2"),
        ("\xff\xfe", "CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(shop: Shop, sold: Any, content: str, said: str) -> None:
    file = SimpleUploadedFile("releve.csv", content.encode("latin-1"), content_type="text/csv")
    answer = shop["owner"].post(f"{WHERE}/rapprocher", {"file": file})
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_shop_that_is_paid_by_its_customers_has_no_statement(shop: Shop) -> None:
    assert "Aucun canal n'est versé" in text_of(shop["owner"].get(WHERE))
    assert shop["owner"].get(f"{WHERE}/export.csv").status_code == 302


def test_the_page_asks_as_much_whatever_stands_on_it(shop: Shop, sold: Any) -> None:
    assert statements(shop["owner"], WHERE) <= 12


def test_RK5_the_order_says_whom_the_money_waits_for(shop: Shop) -> None:
    rakuten = a_channel(shop.merchant, "rakuten_france")
    order = a_sale(shop.merchant, rakuten)
    made = call_off(shop.merchant, order)
    page = shop["owner"].get(f"/commandes/{order}")
    assert "remboursement demandé" in text_of(page)
    assert f"/commandes/{order}/rembourser" not in page.content.decode()
    release(shop.merchant, the_refund(shop.merchant, made))
    drain_until_quiet()
    assert "remboursé par le service client" in text_of(shop["owner"].get(f"/commandes/{order}"))


@pytest.mark.parametrize("terms", ["rakuten_france", "merchant_space"])
def test_EM10_a_refund_that_was_refused_has_no_button_here(shop: Shop, terms: str) -> None:
    order = a_sale(shop.merchant, a_channel(shop.merchant, terms), reference="decline")
    refund = the_refund(shop.merchant, call_off(shop.merchant, order))
    if refund.state == "held":
        release(shop.merchant, refund)
    drain_until_quiet()
    for where in (f"/commandes/{order}", "/remboursements", "/"):
        page = shop["owner"].get(where).content.decode()
        for verb in ("relancer", "regler", "rembourser"):
            assert f"/{refund.id}/{verb}" not in page
            assert f"/{order}/{verb}" not in page
    answer = shop["owner"].post(f"/remboursements/{refund.id}/relancer", follow=True)
    assert "Les conditions du canal ne le permettent pas" in text_of(answer)
