"""What goes back, where and by when: the sentences of mails that said no day (SG-6, SH-18)."""

from datetime import date
from typing import Any

import pytest

from countermand.correspondence.blocks import as_text
from countermand.correspondence.rendering import Sender, preview
from countermand.correspondence.returning import return_mail
from countermand.correspondence.wording import wording
from tests.actions.correspondents import facts

LINES = [{"title": "Mug bleu", "sku": "MUG", "quantity": 3}]


def asked(language: str = "fr", **facts: Any) -> str:
    """The body of the mail that asks for articles back, spaces as one types them."""
    told = {
        "step": "asked",
        "kind": "withdrawal",
        "number": "1001",
        "lines": LINES,
        "amount_minor": 0,
        "currency": "EUR",
        "message": "",
        "informed_on": "2026-11-22",
        "send_by": "2026-12-06",
        "worth_minor": 3000,
        "platform": False,
    }
    _subject, blocks = return_mail(told | facts, wording(language))
    text = as_text(blocks).replace("\n", " ").replace("\u00a0", " ").replace("\u202f", " ")
    return " ".join(text.split())


def test_SH16_who_withdraws_reads_that_it_is_noted_until_when_to_send_and_how_much_goes_back() -> None:
    text = asked()
    assert "Votre rétractation du 22 novembre 2026 est notée." in text
    assert "Vous avez jusqu'au 6 décembre 2026 pour renvoyer ces articles." in text
    assert "S'ils reviennent en bon état, nous vous rendons 30,00 €, dès qu'ils sont là" in text


def test_SH16_in_english_too() -> None:
    text = asked("en")
    assert "Your withdrawal of 22 November 2026 is noted. You have until 6 December 2026" in text
    assert "we refund €30.00" in text


def test_SH16_another_return_has_no_day_of_the_law() -> None:
    text = asked(kind="return", send_by=None)
    assert "rétractation" not in text
    assert "30,00 €" in text


@pytest.mark.parametrize("kind", ["return", "withdrawal"])
def test_EM10_where_the_platform_refunds_the_shop_promises_no_money(kind: str) -> None:
    text = asked(kind=kind, platform=True)
    assert "Le service client de la place de marché vous rembourse quand ils sont arrivés." in text
    assert "30,00 €" not in text
    assert "Nous remboursons" not in text


def mail(language: str = "fr", **others: Any) -> str:
    """The mail of a cancellation, as text with plain spaces."""
    sender = Sender("Camille", "Le Petit Mug")
    on = date(2026, 11, 20)
    told = facts(methods=[], **others)
    text = preview(facts=told, sender=sender, name="", language=language, on=on, kind="cancellation").text
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())


def test_SG6_a_refund_for_later_says_until_when_at_the_latest() -> None:
    assert "vient dans un second temps, au plus tard le 4 décembre 2026 :" in mail(
        when="later", pay_by="2026-12-04"
    )
    assert "in a second step, by 4 December 2026 at the latest" in mail(
        "en", when="later", pay_by="2026-12-04"
    )


def test_SG6_where_the_platform_refunds_its_day_is_said() -> None:
    text = mail(when="platform", pay_by="2026-12-01")
    assert "s'occupe de votre remboursement de 21,26 €, dû au plus tard le 1er décembre 2026." in text
    assert "dû au plus tard" not in mail(when="platform", pay_by=None)
