"""The merchant hears of a sale, is warned a day before its end, and refuses by the mail's link (RK-2)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from countermand.acceptance import jobs, links
from countermand.acceptance.actions import accept, refuse
from countermand.acceptance.models import AwaitedSale, Decision
from countermand.correspondence import letters
from countermand.correspondence.models import Letter
from countermand.correspondence.queries import letters_to
from countermand.events.models import Event
from countermand.merchants.actions import add_member
from countermand.payments import jobs as captures
from countermand.stock.actions import count_stock
from countermand.stock.models import Item
from tests.actions.test_acceptance import ask, drawn, order_of, place

OWNER = "owner@petit-mug.example"


@pytest.fixture
def owner(merchant: Any) -> Any:
    return add_member(
        merchant=merchant, email=OWNER, password="tisane-lilas-2026", role="owner", first_name="Ana"
    )


def mailed(merchant: Any, at: datetime) -> list[Letter]:
    """What the owner got by now, the first first."""
    at = max(at, datetime.now(UTC))  # the sale came in a moment after the test began
    jobs.drain(at=at)
    letters.drain(at=at)
    return letters_to(merchant_id=merchant.id, to=OWNER)[::-1]


def link_in(letter: Letter) -> str:
    """The way part of the first link that refuses."""
    found = re.search(r"/vente/\S+", letter.text)
    assert found
    return found[0]


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def test_RK2_a_new_sale_is_told_once_with_a_link_for_each_article(
    merchant: Any, owner: Any, now: datetime
) -> None:
    order_id = place(merchant, now)

    [letter] = mailed(merchant, now)

    assert (letter.kind, letter.subject_id, letter.state) == ("sale", order_id, "sent")
    assert len(re.findall(r"/vente/\S+", letter.text)) == 2
    assert "Cliquez ici si l'article n'est plus disponible" in letter.html.replace("&#x27;", "'")
    assert "{lien" not in letter.text + letter.html
    assert "Ana" not in letter.text and "ana@example.org" not in letter.text  # nothing of the buyer
    assert len(mailed(merchant, now)) == 1  # twice is once


def test_RK2_opening_the_link_changes_nothing_and_the_button_refuses_once(
    merchant: Any, owner: Any, now: datetime
) -> None:
    order_id = place(merchant, now)
    link = link_in(mailed(merchant, now)[0])
    client = Client()

    for _ in range(2):  # a mail program looks first
        page = client.get(link)
        assert page.status_code == 200 and "Refuser cet article" in text_of(page)
    assert order_of(merchant, order_id).status == "awaiting_acceptance"
    assert not Decision.of(merchant.id).exists()

    done = client.post(link, {"do": "refuse"}, follow=True)
    assert "Cet article est refusé" in text_of(done)
    assert Item.of(merchant.id).get(sku="MUG-BLEU").on_hand == 5
    again = client.post(link, {"do": "refuse"})
    assert again.status_code == 409
    assert Decision.of(merchant.id).count() == 1
    [told] = Event.of(merchant.id).filter(kind="order.refused")
    assert (told.by, told.facts["units"]) == ("mail", {"1": 3})

    assert "Le stock est à zéro" in text_of(client.post(link, {"do": "zero"}, follow=True))
    assert Item.of(merchant.id).get(sku="MUG-BLEU").on_hand == 0


def test_RK2_stock_is_not_set_to_zero_before_the_article_is_refused(
    merchant: Any, owner: Any, now: datetime
) -> None:
    place(merchant, now)
    link = link_in(mailed(merchant, now)[0])
    assert Client().post(link, {"do": "zero"}).status_code == 409
    assert Item.of(merchant.id).get(sku="MUG-BLEU").on_hand == 5


def test_RK2_who_counted_since_is_not_overruled_by_an_old_link(
    merchant: Any, owner: Any, now: datetime
) -> None:
    place(merchant, now)
    link, client = link_in(mailed(merchant, now)[0]), Client()
    client.post(link, {"do": "refuse"})
    client.post(link, {"do": "zero"})
    count_stock(merchant_id=merchant.id, sku="MUG-BLEU", on_hand=40, by="test", at=datetime.now(UTC))

    page = client.get(link)
    assert "Cet article est refusé" in text_of(page) and "Mettre le stock à zéro" not in text_of(page)
    again = client.post(link, {"do": "zero"})
    assert again.status_code == 409 and "a été compté depuis" in text_of(again)
    assert Item.of(merchant.id).get(sku="MUG-BLEU").on_hand == 40


def test_RK2_a_link_that_is_over_or_is_not_ours_says_so(merchant: Any, owner: Any, now: datetime) -> None:
    order_id = place(merchant, now)
    good = links.token_of(links.Named(merchant.id, order_id, 1))
    other = links.token_of(links.Named(merchant.id, order_id, 9))
    long_ago = signing.TimestampSigner(salt=links.SALT)
    old = signing.b62_encode(int((now - links.LASTS - timedelta(hours=1)).timestamp()))
    value = f"{good.split(':')[0]}:{old}"
    for token in (f"{good}x", other, "rien", f"{value}:{long_ago.signature(value)}"):
        answer = Client().get(f"/vente/{token}")
        assert (answer.status_code, "Ce lien ne sert plus" in text_of(answer)) == (410, True)
        assert Client().post(f"/vente/{token}", {"do": "refuse"}).status_code == 410
    assert Client().get(f"/vente/{good}").status_code == 200


def test_RK2_after_the_sale_is_accepted_the_link_says_so(merchant: Any, owner: Any, now: datetime) -> None:
    order_id = place(merchant, now)
    link = link_in(mailed(merchant, now)[0])
    accept(**ask(merchant, order_id, now))
    captures.drain(at=now)

    assert "déjà décidée" in text_of(Client().get(link))
    assert Client().post(link, {"do": "refuse"}).status_code == 409
    assert order_of(merchant, order_id).status == "open"


def test_a_letter_about_a_sale_that_is_decided_does_not_leave(
    merchant: Any, owner: Any, now: datetime
) -> None:
    order_id = place(merchant, now)
    jobs.drain(at=datetime.now(UTC))
    refuse(**ask(merchant, order_id, now))
    letters.drain(at=datetime.now(UTC))
    assert Letter.of(merchant.id).get().error == "withdrawn"


def test_RK1_no_decision_is_a_refusal_by_the_platform_and_warned_before(
    merchant: Any, owner: Any, now: datetime
) -> None:
    order_id = place(merchant, now)
    assert len(mailed(merchant, now)) == 1
    end = AwaitedSale.of(merchant.id).get().decide_by
    assert end is not None and abs(end - now - timedelta(hours=72)) < timedelta(seconds=5)

    assert [each.kind for each in mailed(merchant, end - timedelta(hours=24, seconds=1))] == ["sale"]
    assert [each.kind for each in mailed(merchant, end - timedelta(hours=24))] == ["sale", "sale_warning"]
    mailed(merchant, end - timedelta(seconds=1))
    assert order_of(merchant, order_id).status == "awaiting_acceptance"
    mailed(merchant, end)

    order = order_of(merchant, order_id)
    assert (order.status, order.counted_cancellations, order.rated_articles) == ("refused", 0, 0)
    assert Decision.of(merchant.id).get().by == "platform"
    kinds = set(Event.of(merchant.id).values_list("kind", flat=True))
    assert {"order.decision_missed", "order.refused"} <= kinds


def test_what_was_accepted_before_the_end_is_drawn_and_the_rest_refused(
    merchant: Any, owner: Any, now: datetime
) -> None:
    order_id = place(merchant, now)
    accept(**ask(merchant, order_id, now), lines=[("2", 1)])
    end = AwaitedSale.of(merchant.id).get().decide_by
    assert end is not None
    AwaitedSale.of(merchant.id).update(step="end", not_before=end)

    jobs.attend_sale(merchant_id=merchant.id, order_id=order_id, at=end)
    captures.drain(at=end)

    assert (order_of(merchant, order_id).status, drawn(merchant)) == ("open", 2380)


def test_merchant_space_only_reminds_and_not_for_ever(merchant: Any, owner: Any, now: datetime) -> None:
    order_id = place(merchant, now, terms="merchant_space")
    day = timedelta(hours=24)
    for i in range(8):
        mailed(merchant, now + i * day)
    kinds = [each.kind for each in mailed(merchant, now + 9 * day)]
    assert kinds == ["sale", *["sale_reminder"] * 3]
    assert order_of(merchant, order_id).status == "awaiting_acceptance"


def test_a_sale_that_came_in_late_leaves_a_day(merchant: Any, owner: Any, now: datetime) -> None:
    place(merchant, now, placed_at=(now - timedelta(days=5)).isoformat())
    end = AwaitedSale.of(merchant.id).get().decide_by
    assert end is not None and abs(end - now - timedelta(hours=24)) < timedelta(seconds=5)


def test_a_capture_that_failed_at_the_end_leaves_an_hour(merchant: Any, owner: Any, now: datetime) -> None:
    order_id = place(merchant, now, reference="decline")
    accept(**ask(merchant, order_id, now))
    AwaitedSale.of(merchant.id).update(decide_by=now - timedelta(minutes=1), not_before=now)
    jobs.drain(at=now)  # accepting: looked at again later
    assert order_of(merchant, order_id).status == "accepting"
    captures.drain(at=datetime.now(UTC))
    end = AwaitedSale.of(merchant.id).get().decide_by
    assert end is not None and end - datetime.now(UTC) > timedelta(minutes=59)
