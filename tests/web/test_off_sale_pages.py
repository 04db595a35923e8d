"""Taking articles off sale in the back office: chosen on the list, pasted, from a file; put back; looked over (RK-6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermand.stock.actions import put_item
from countermand.stock.models import Item
from tests.web.desk import Shop, statements

ITEMS, SELLING, LIST = reverse("web:items"), reverse("web:selling"), reverse("web:off_sale_list")


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    for sku in ("TASSE", "PLAT", "VASE"):
        put_item(
            merchant_id=shop.merchant.id,
            sku=sku,
            fields={"title": sku.title(), "on_hand": 5},
            by="test",
            at=datetime.now(UTC),
        )
    return shop


def active(shop: Shop) -> set[str]:
    found = Item.of(shop.merchant.id).filter(sku__in=["TASSE", "PLAT", "VASE"], active=True)
    return set(found.values_list("sku", flat=True))


def test_RK6_ticked_articles_go_off_sale_and_come_back(shelf: Shop) -> None:
    answer = shelf["owner"].post(
        SELLING, {"do": "off", "item": ["TASSE", "PLAT"], "why": "plus fabriqué"}, follow=True
    )
    page = answer.content.decode()
    assert "2 articles retirés de la vente sur tous les canaux" in page
    assert answer.redirect_chain[0][0] == ITEMS + "?vue=hors-vente"
    assert active(shelf) == {"VASE"}
    one = shelf["owner"].get(reverse("web:item", args=["TASSE"])).content.decode()
    assert "Hors vente sur tous les canaux" in one and "plus fabriqué" in one and "Remettre en vente" in one
    back = shelf["owner"].post(SELLING, {"do": "on", "item": "TASSE", "article": "TASSE"}, follow=True)
    assert "1 article remis en vente" in back.content.decode()
    assert active(shelf) == {"TASSE", "VASE"}


def test_RK6_a_pasted_list_and_a_file_go_off_sale_and_unknown_ones_are_told(shelf: Shop) -> None:
    answer = shelf["owner"].post(LIST, {"skus": "TASSE\nINCONNU\n", "why": ""}, follow=True)
    assert "sans article\u00a0: INCONNU" in answer.content.decode()
    file = SimpleUploadedFile("liste.csv", b"sku;titre\nPLAT;Plat\n", content_type="text/csv")
    shelf["owner"].post(LIST, {"skus": "", "file": file})
    assert active(shelf) == {"VASE"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"skus": ""}, "Indiquez au moins un article."),
        ({"skus": "RIEN"}, "existe pas"),
        ({"skus": "TASSE", "why": "x" * 5001}, "caractères"),
        ({"skus": "\n".join(map(str, range(1001)))}, "Mille articles au plus"),
    ],
)
def test_RK6_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    shelf: Shop, said: dict[str, Any], words: str
) -> None:
    answer = shelf["owner"].post(LIST, said)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and "field-wrong" in page
    assert active(shelf) == {"TASSE", "PLAT", "VASE"}
    if said["skus"] == "RIEN":
        assert "RIEN</textarea>" in page


def test_RK6_a_file_that_is_no_text_is_refused(shelf: Shop) -> None:
    file = SimpleUploadedFile("liste.csv", b"\xff\xfe\x00A", content_type="text/csv")
    answer = shelf["owner"].post(LIST, {"skus": "", "file": file})
    assert answer.status_code == 422 and "UTF-8" in answer.content.decode()


def test_RK6_who_still_waits_for_them_stands_on_the_page(shop: Shop) -> None:
    shop.order()
    shop["owner"].post(SELLING, {"do": "off", "item": "MUG-BLEU"})
    page = shop["owner"].get(ITEMS + "?vue=hors-vente").content.decode()
    assert "Des clients les attendent encore" in page and "hors vente" in page
    assert statements(shop["owner"], ITEMS + "?vue=hors-vente") <= 12


def test_RK6_what_nobody_looked_at_is_listed_and_seen_with_a_press(shelf: Shop) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=45)
    Item.of(shelf.merchant.id).filter(sku__in=["TASSE", "PLAT"]).update(reviewed_at=long_ago)
    todo = shelf["owner"].get(reverse("web:to_do")).content.decode()
    assert "Stock à revoir" in todo and "?vue=a-revoir" in todo
    page = shelf["owner"].get(ITEMS + "?vue=a-revoir").content.decode()
    assert "Tasse" in page and "Plat" in page and "Vase" not in page
    answer = shelf["owner"].post(SELLING, {"do": "seen", "item": ["TASSE", "PLAT"]}, follow=True)
    assert "2 articles revus" in answer.content.decode()
    assert "Stock à revoir" not in shelf["owner"].get(reverse("web:to_do")).content.decode()


def test_RK6_how_often_is_the_shops_own_choice(shelf: Shop) -> None:
    answer = shelf["owner"].post(SELLING, {"do": "remind", "days": "90"}, follow=True)
    assert "Rappel tous les 90 jours" in answer.content.decode()
    shelf.merchant.refresh_from_db()
    assert shelf.merchant.review_days == 90
    assert shelf["owner"].post(SELLING, {"do": "remind", "days": "400"}).status_code == 422
    assert shelf["owner"].post(SELLING, {"do": "remind"}).status_code == 422


def test_RK6_a_viewer_reads_and_changes_nothing(shelf: Shop) -> None:
    assert shelf["viewer"].post(SELLING, {"do": "off", "item": "TASSE"}).status_code == 403
    assert shelf["viewer"].get(LIST).status_code == 403
    page = shelf["viewer"].get(ITEMS).content.decode()
    assert "Retirer de la vente" not in page
    assert active(shelf) == {"TASSE", "PLAT", "VASE"}
