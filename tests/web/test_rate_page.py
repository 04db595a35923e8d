"""« Taux d'annulation » of a channel: the number, the policy, what comes, and every order behind it (AZ-8)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from countermand.cancellations.actions import confirm, preview
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.performance.actions import give_feedback
from countermand.performance.queries import rate_of
from countermand.web import outcome
from tests.web.desk import Shop, statements

MOST = 12


def channel(shop: Shop, terms: str, **overrides: Any) -> str:
    open_channel(
        merchant_id=shop.merchant.id,
        code=terms,
        name=terms.title(),
        terms=terms,
        timezone="Europe/Paris",
        mode="test",
        overrides=overrides,
        by="test",
        at=datetime.now(UTC),
    )
    return reverse("web:rate", args=[terms])


def called_off(shop: Shop, order: Any, **wish: Any) -> Any:
    ask = Ask(**{"reason": "out_of_stock", "message": "Il n'y en a plus.", **wish})
    return confirm(merchant_id=shop.merchant.id, order_id=order, ask=ask, by="test", at=datetime.now(UTC))


def seen(shop: Shop, url: str, role: str = "viewer") -> str:
    answer = shop[role].get(url)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#x27;", "'").replace("&quot;", '"')


@pytest.fixture
def amazon(shop: Shop) -> str:
    """Ninety orders; one called off by the shop, one by the buyer without an official request, one by the buyer's own wish officially."""
    url = channel(shop, "amazon")
    made = [shop.order(channel="amazon") for _ in range(90)]
    called_off(shop, made[0])
    called_off(shop, made[1], initiated_by="buyer", reason="budget")
    called_off(shop, made[2], initiated_by="buyer", reason="budget", official_request=True)
    return url


def test_AZ8_the_rate_and_what_the_policy_requires_stand_together_with_their_sources(
    shop: Shop, amazon: str
) -> None:
    page = seen(shop, amazon)
    assert "2,22 %" in page and "2 commandes annulées sur 90" in page and "limite 2,5 %" in page
    assert "Le taux reste sous 2,50 % : à 2,50 % juste, c'est un dépassement." in page
    assert "Sur les 7 derniers jours entiers et aujourd'hui, heure de Paris." in page
    assert "Il se mesure aux commandes vérifiées, au jour de la commande." in page
    assert "La demande officielle du client ne compte pas." in page
    assert "fait vérifié" in page and "AZ-6" in page and "notre choix" in page


def test_AZ6_AZ7_every_order_behind_it_says_why_it_counts_or_not(shop: Shop, amazon: str) -> None:
    page = seen(shop, amazon)
    assert "elle vient de vous" in page
    assert "le client l'a voulue, sans demande officielle" in page
    other = shop["viewer"].get(amazon + "?vue=ne-comptent-pas")
    [row] = other.context["rows"]
    assert [each["why"] for each in row.cancellations] == ["official_request"]
    counted = shop["viewer"].get(amazon).context["rows"]
    assert sorted(each["why"] for row in counted for each in row.cancellations) == [
        "no_official_request",
        "seller",
    ]


def test_RK10_what_one_more_would_do_is_said_before_it_is_done(shop: Shop, amazon: str) -> None:
    page = seen(shop, amazon)
    assert "la prochaine annulation atteint la limite" in page  # three of ninety are 3.33 %
    assert "3,33 %" in page and "limite dépassée" in page
    asked = seen(shop, amazon + "?encore=7")
    assert "10,00 %" in asked and "+ 7" in asked
    for odd in ("-1", "abc", "99999999999", "٣", ""):
        assert shop["viewer"].get(amazon, {"encore": odd}).status_code == 200


def test_RK9_too_many_of_one_article_are_told(shop: Shop, amazon: str) -> None:
    page = seen(shop, amazon)
    assert "MUG-BLEU : 2 commandes annulées en 30 jours" in page
    off = channel(shop, "own_shop")
    assert "annulées en" not in seen(shop, off)


def test_RK11_the_score_is_called_an_estimate_and_shows_its_weights(shop: Shop) -> None:
    url = channel(shop, "rakuten_france")
    made = [shop.order(channel="rakuten_france") for _ in range(25)]  # of four articles each
    done = called_off(shop, made[0], lines=(("1", 1),))
    page = seen(shop, url)
    assert "Note de qualité, estimation" in page and "≈" in page
    assert "Le canal ne publie pas ses poids : ceux-ci sont les nôtres." in page
    assert "Satisfaction des clients" not in page  # nobody has said anything
    give_feedback(
        merchant_id=shop.merchant.id,
        cancellation_id=done.id,
        score=1,
        text="",
        via="staff",
        by="test",
        at=datetime.now(UTC),
    )
    page = seen(shop, url)
    assert "Satisfaction des clients" in page
    assert "Note de qualité" not in seen(shop, reverse("web:rate", args=["boutique"]))


def test_RK1_what_awaits_a_decision_is_no_part_of_it(shop: Shop) -> None:
    url = channel(shop, "rakuten_france")
    shop.order(channel="rakuten_france")
    shop.order(channel="rakuten_france", accepted=False)
    assert "0 article annulé sur 4" in seen(shop, url)


def test_the_list_goes_on_page_by_page_and_twelve_statements_do_whatever_its_length(shop: Shop) -> None:
    url = channel(shop, "rakuten_france")
    made = [shop.order(channel="rakuten_france") for _ in range(35)]
    for order in made:
        called_off(shop, order)
    first = shop["viewer"].get(url)
    assert len(first.context["rows"]) == 30 and first.context["after_url"]
    second = shop["viewer"].get(first.context["after_url"])
    assert len(second.context["rows"]) == 5 and not second.context["after_url"]
    numbers = {row.number for row in (*first.context["rows"], *second.context["rows"])}
    assert len(numbers) == 35
    assert shop["viewer"].get(url + "?apres=nonsense").status_code == 200
    assert statements(shop["viewer"], url) <= MOST
    assert statements(shop["viewer"], url + "?encore=5&vue=ne-comptent-pas") <= MOST


def test_AZ8_the_same_as_a_file(shop: Shop, amazon: str) -> None:
    answer = shop["viewer"].get(reverse("web:rate_csv", args=["amazon"]))
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").strip().splitlines()
    assert len(lines) == 4
    assert sum(";oui;" in line or ",oui," in line for line in lines) == 2


def test_a_channel_that_is_none_is_not_found(shop: Shop) -> None:
    assert shop["viewer"].get(reverse("web:rate", args=["nulle-part"])).status_code == 404
    assert shop["viewer"].get(reverse("web:rate_csv", args=["nulle-part"])).status_code == 404


def test_the_figures_lead_to_it(shop: Shop) -> None:
    shop.order()
    assert reverse("web:rate", args=["boutique"]) in seen(shop, reverse("web:performance"))


def test_AZ7_the_cancel_page_says_before_whether_it_counts_and_why(shop: Shop) -> None:
    channel(shop, "amazon")
    made = [shop.order(channel="amazon") for _ in range(40)]
    page = seen(shop, reverse("web:cancel", args=[made[0]]), role="owner")
    assert "Compte dans le taux : elle vient de vous" in page
    assert "Avec celle-ci, le taux n'est plus sous 2,50 %" in page  # one of forty is 2.50 %


def test_AZ22_what_else_can_be_done_for_an_unofficial_request_stands_beside_it(shop: Shop) -> None:
    channel(shop, "amazon")
    made = [shop.order(channel="amazon") for _ in range(40)]
    plan, view = preview(
        merchant_id=shop.merchant.id,
        order_id=made[0],
        ask=Ask(reason="budget", initiated_by="buyer"),
        at=datetime.now(UTC),
        rate_of=rate_of,
    )
    shown = outcome.rate(view, plan)
    assert shown and [(str(each["course"]), each["rate"]) for each in shown["courses"]] == [
        ("Annuler maintenant", "2,50\u00a0%"),
        ("Obtenir d'abord la demande officielle", "0,00\u00a0%"),
        ("Expédier", "0,00\u00a0%"),
    ]
    assert "passer par son compte" in str(shown["advice"])
    assert shown["share"] == shown["limit"] == Decimal("0.025")  # exact: a meter judges no rounded text
    own, view = preview(
        merchant_id=shop.merchant.id,
        order_id=made[0],
        ask=Ask(reason="out_of_stock"),
        at=datetime.now(UTC),
        rate_of=rate_of,
    )
    shown = outcome.rate(view, own)
    assert shown and shown["courses"] == [] and not shown["advice"]


def test_RK10_4_995_per_cent_is_below_though_it_is_written_as_five(shop: Shop) -> None:
    """The verdict comes from whole numbers: 4.995 % is written 5,00 %, and is below the limit all the same."""
    from countermand.performance.models import RateChange

    url = channel(shop, "rakuten_france")
    place = {"merchant_id": shop.merchant.id, "channel_id": _id(shop), "day": datetime.now(UTC).date()}
    sums = {"orders": 20_000, "articles": 20_000, "orders_cancelled": 999, "articles_cancelled": 999}
    RateChange.of(shop.merchant.id).create(**place, **sums)
    page = seen(shop, url)
    assert "5,00 %" in page and "sous la limite" in page.replace("près de la limite", "sous la limite")
    assert "limite atteinte" not in page and "limite n'est plus tenue" not in page
    back = {name: -value for name, value in sums.items()}
    RateChange.of(shop.merchant.id).create(**place, **back)


def _id(shop: Shop) -> Any:
    from countermand.channels.models import Channel

    return Channel.of(shop.merchant.id).get(code="rakuten_france").id


def test_orders_leaving_the_window_are_foreseen(shop: Shop) -> None:
    url = channel(shop, "rakuten_france", window_days=10)
    old = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    made = [shop.order(channel="rakuten_france", placed_at=old) for _ in range(5)]
    for _ in range(5):
        shop.order(channel="rakuten_france")
    called_off(shop, made[0])
    page = seen(shop, url)
    assert "Ce qui sort de la période" in page
    assert "le ramènent sous la limite" in page
