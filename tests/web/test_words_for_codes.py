"""Every code that a reader may meet has its word, and every refusal its sentence."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from countermand.channels.models import PRESETS
from countermand.channels.presets import Terms
from countermand.correspondence.actions import CONTACT_MEANS
from countermand.correspondence.models import CONTACT_OUTCOMES
from countermand.correspondence.models import KINDS as MAILS
from countermand.merchants.roles import ROLES
from countermand.orders.models import PAYMENT_STATUSES
from countermand.payments.reading import METHODS as PAID_BY
from countermand.reasons import FAMILIES, REASONS
from countermand.refunds.models import METHODS
from countermand.stock.models import MOVEMENTS
from countermand.stock.rules import KINDS as LIKENESSES
from countermand.web import refusal_words, terms_words, words

PACKAGE = Path(__file__).resolve().parents[2] / "countermand"
# Rooms whose verbs the pages call.
CALLED = ("cancellations", "refunds", "stock", "correspondence", "orders/actions", "overview/orders")
# Said to programs only: the pages offer no way to ask for these.
NOT_FROM_PAGES = {
    "currency_required",
    "fulfilment_exists",
    "naive_time",
    "not_bounceable",
    "nothing_to_ship",
    "price_required",
    "use_stock",
}


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (words.REASON, REASONS),
        (words.FAMILY, FAMILIES),
        (words.METHOD, METHODS),
        (words.PAID_BY, PAID_BY),
        (words.ONTO, PAID_BY),
        (words.PAYMENT_STATUS, PAYMENT_STATUSES),
        (words.MEANS, CONTACT_MEANS),
        (words.OUTCOME, CONTACT_OUTCOMES),
        (words.ROLE, ROLES),
        (words.TERMS, PRESETS),
        (words.MESSAGE, MAILS),
        (words.MOVEMENT, MOVEMENTS),
        (words.LIKENESS, LIKENESSES),
        (terms_words.TERM, [each.name for each in fields(Terms)]),
    ],
)
def test_every_code_has_its_word(table: dict[str, object], codes: object) -> None:
    assert set(table) == set(codes)  # type: ignore[call-overload]


def test_every_refusal_that_a_page_may_meet_says_what_to_do() -> None:
    raised = {
        code
        for room in CALLED
        for path in (PACKAGE / room).rglob("*.py")
        for code in re.findall(r'Refusal\(\s*"(\w+)"', path.read_text())
    }
    known = set(refusal_words.WORDS) | set(refusal_words.ABOUT_A_NAME)
    assert raised - known - NOT_FROM_PAGES == set()


def test_a_refusal_speaks_whole_sentences() -> None:
    for sentence in map(str, refusal_words.WORDS.values()):
        assert sentence[0].isupper() and sentence.endswith("."), sentence
