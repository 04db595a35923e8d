"""The frame, the specimens, the bundles, and what a reader chooses. No database is asked."""

import gzip

import pytest
from django.test import Client, override_settings

from countermand.web.assets import bundle


@pytest.fixture
def page() -> str:
    with override_settings(DEBUG=True):
        return Client().get("/design").content.decode()


def test_the_specimens_are_shown_while_developing(page: str) -> None:
    assert "<h1>Composants</h1>" in page
    assert page.count("<h1") == 1


def test_nobody_sees_the_specimens_without_signing_in() -> None:
    assert Client().get("/design").status_code == 404


def test_the_page_says_its_language_and_can_change_it(page: str) -> None:
    assert '<html lang="fr">' in page
    client = Client()
    client.post("/langue", {"language": "en", "next": "/design"})
    with override_settings(DEBUG=True):
        english = client.get("/design").content.decode()
    assert '<html lang="en">' in english
    assert "To do" in english and "Skip to content" in english


def test_the_theme_is_kept_and_drawn_by_the_server() -> None:
    client = Client()
    answer = client.post("/apparence", {"theme": "dark", "next": "/design"})
    assert answer.headers["Location"] == "/design"
    with override_settings(DEBUG=True):
        assert 'data-theme="dark"' in client.get("/design").content.decode()
        client.post("/apparence", {"theme": ""})
        assert "data-theme=" not in client.get("/design").content.decode().split("<head>")[0]


def test_a_choice_never_leads_out_of_the_house() -> None:
    assert (
        Client()
        .post("/apparence", {"theme": "dark", "next": "https://elsewhere.example/"})
        .headers["Location"]
        == "/"
    )


def test_a_bundle_is_kept_for_a_year_under_its_digest_only() -> None:
    css = bundle("desk.css")
    fresh = Client().get(f"/assets/{css.digest}/desk.css")
    assert fresh.content == css.plain
    assert "immutable" in fresh.headers["Cache-Control"]
    assert Client().get("/assets/old/desk.css").headers["Cache-Control"] == "no-store"
    assert Client().get("/assets/x/secret.txt").status_code == 404


def test_a_bundle_comes_compressed_to_whom_can_read_it() -> None:
    css = bundle("desk.css")
    answer = Client(headers={"accept-encoding": "gzip"}).get(f"/assets/{css.digest}/desk.css")
    assert gzip.decompress(answer.content) == css.plain


def test_the_stylesheet_weighs_less_than_60_kb() -> None:
    assert len(bundle("desk.css").plain) < 60 * 1024
    assert len(bundle("desk.css").zipped) < 10 * 1024


def test_every_id_stands_once(page: str) -> None:
    import re

    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))
