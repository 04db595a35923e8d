"""A document as a PDF: the same bytes for the same content, readable again, written as its reader does."""

import subprocess
import sys
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from countermand.documents.content import Facts, Goal, compose, units_of
from countermand.documents.pdf import file_name, pdf

SELLER = {
    "shop": "Le Petit Mug",
    "legal_name": "Le Petit Mug SARL",
    "form": "SARL au capital de 8 000 €",
    "siret": "73282932000074",
    "register": "RCS Lyon 732 829 320",
    "vat_number": "FR44732829320",
    "vat_exempt": False,
    "address": ["12 rue des Tisserands", "69001 Lyon"],
}
GOALS = (
    Goal("line", 123456, 6435, "1", "Théière « Hokkaïdo »", "THE-04", 1, 123456, 55_000, 1),
    Goal("line", 2460, 410, "2", "Mug bleu", "MUG", 3, 3690, 200_000, 2),
    Goal("shipping", 490, 82),
    Goal("fees", 200, 0),
    Goal("goodwill", 500, 0),
)


def content(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": "credit_note",
        "language": "fr",
        "currency": "EUR",
        "specimen": False,
        "seller": SELLER,
        "buyer": {"name": "Zoé Łukasz Ωmega", "address": ["4 place des Terreaux", "69001 Lyon"]},
        "order": {"number": "1001", "placed_on": "2026-11-01", "invoice_number": "F-2026-0077"},
        "cause": {"what": "cancellation", "on": "2026-11-20", "retained": 0},
        "goals": GOALS,
        "fees": [{"title": "Emballage", "amount": 200, "tax": 33, "rate": 200_000, "refundable": True}],
        "shipping_rate": 200_000,
        "paid": [{"how": "original", "means": "card", "amount": 127106, "on": "2026-11-21"}],
    }
    return compose(Facts(**(said | changes)), series="AV-2026", number=12, issued_on=date(2026, 11, 21))


def read(made: bytes) -> str:
    pages = PdfReader(BytesIO(made)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u202f", " ").split())


def test_credit_note_pdf_says_what_the_law_asks_for() -> None:
    said = read(pdf(content()))
    for mention in (
        "Facture d’avoir",
        "N° AV-2026-00012",
        "Émise le 21 novembre 2026",
        "Le Petit Mug SARL",
        "SIRET 732 829 320 00074",
        "FR44732829320",
        "RCS Lyon 732 829 320",
        "Zoé Łukasz Ωmega",
        "F-2026-0077",
        "1001 du 1er novembre 2026",
        "Annulation du 20 novembre 2026",
    ):
        assert mention in said, mention


def test_credit_note_pdf_writes_amounts_as_the_reader_does() -> None:
    french = read(pdf(content()))
    assert "1 234,56 €" in french and "5,5 %" in french and "1 271,06 €" in french
    english = read(pdf(content(language="en")))
    assert "€1,234.56" in english and "5.5%" in english and "Credit note" in english
    assert "1 November 2026" in english


def test_credit_note_tax_per_rate_sums_to_the_cent() -> None:
    said = content()
    assert said["rates"] == [
        {"rate": 200_000, "net": 2625, "tax": 525, "gross": 3150},
        {"rate": 55_000, "net": 117021, "tax": 6435, "gross": 123456},
        {"rate": None, "net": 500, "tax": 0, "gross": 500},
    ]
    assert said["gross"] == 127106 == said["net"] + said["tax"] == sum(goal.amount for goal in GOALS)
    assert [line["quantity"] for line in said["lines"]] == [1, 2, 1, 1, None]


def test_credit_note_pdf_is_the_same_to_the_byte_in_another_process() -> None:
    here = sha256(pdf(content())).hexdigest()
    code = (
        "from tests.rules.test_document_pdf import content; from countermand.documents.pdf import pdf; "
        "from hashlib import sha256; print(sha256(pdf(content())).hexdigest())"
    )
    root = Path(__file__).resolve().parents[2]
    there = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


def test_a_receipt_says_that_it_is_no_invoice() -> None:
    order = {"number": "1001", "placed_on": "2026-11-02", "invoice_number": ""}
    said = read(pdf(content(kind="receipt", order=order)))
    assert "Reçu de remboursement" in said and "n’est ni une facture ni une facture d’avoir" in said


def test_play_money_is_marked_on_every_first_page() -> None:
    assert "sans valeur comptable" in read(pdf(content(specimen=True)))
    assert "sans valeur comptable" not in read(pdf(content()))


def test_a_long_document_repeats_its_titles_and_counts_its_pages() -> None:
    goals = [Goal("line", 1200, 200, str(n), f"Article {n}", f"S{n}", 1, 1200, 200_000, 1) for n in range(60)]
    pages = PdfReader(BytesIO(pdf(content(goals=goals)))).pages
    assert len(pages) > 2
    for n, page in enumerate(pages, 1):
        assert f"Page {n} / {len(pages)}" in page.extract_text().replace("\u00a0", " ")


def test_letters_that_the_font_has_not_stop_no_document() -> None:
    assert "王" not in read(pdf(content(buyer={"name": "王小明\u0000", "address": []})))


def test_the_file_is_named_as_people_look_for_it() -> None:
    assert file_name(content()) == "avoir-AV-2026-00012.pdf"


@pytest.mark.parametrize(
    ("amount", "units"), [(1063, 1), (1064, 1), (2126, 2), (2127, 2), (3190, 3), (1062, None), (500, None)]
)
def test_units_of_an_amount(amount: int, units: int | None) -> None:
    assert units_of(amount, worth=3190, ordered=3) == units
