"""What is no currency, no e-mail and no language does not come in, and what differs is said in major units."""

from datetime import UTC, datetime
from typing import Any

import pytest

from countermand.intake.actions import receive
from countermand.refusals import Refusal
from tests.builders import order_body


def refused(merchant: Any, **body: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        receive(merchant_id=merchant.id, body={**order_body(), **body}, by="test", at=datetime.now(UTC))
    return caught.value


@pytest.mark.parametrize(
    "email", ["ana", "ana@", "@example.org", "ana@exa mple.org", "a@b@c.org", "ana@-x.org", "ana@x..org"]
)
def test_an_email_that_reaches_nobody_is_refused(merchant: Any, email: str) -> None:
    refusal = refused(merchant, customer={"name": "Ana", "email": email})
    assert (refusal.code, refusal.field, refusal.status) == ("invalid_email", "customer.email", 422)


@pytest.mark.parametrize(
    "email", ["", "ana@example.org", "ana+cmd.1@mail.example.co.uk", "élodie@exämple.fr", "a_b@x-y.fr"]
)
def test_an_email_that_may_reach_somebody_comes_in(merchant: Any, email: str) -> None:
    body = order_body(email=email)
    assert receive(merchant_id=merchant.id, body=body, by="test", at=datetime.now(UTC)).created


@pytest.mark.parametrize("language", ["f", "klingon!", "fr-", "12", "français"])
def test_a_language_that_is_none_is_refused(merchant: Any, language: str) -> None:
    refusal = refused(merchant, customer={"name": "Ana", "language": language})
    assert (refusal.code, refusal.field) == ("invalid_language", "customer.language")


@pytest.mark.parametrize("currency", ["XXX", "XTS", "XAU", "ABC"])
def test_a_code_that_is_no_money_is_refused(merchant: Any, currency: str) -> None:
    refusal = refused(merchant, currency=currency)
    assert (refusal.code, refusal.field) == ("unknown_currency", "currency")


def test_a_total_that_differs_is_said_in_major_units(merchant: Any) -> None:
    refusal = refused(merchant, total="1.00")
    assert refusal.code == "total_differs" and "36.90 EUR" in refusal.detail


def test_a_title_may_be_as_long_as_any_text(merchant: Any) -> None:
    body = order_body()
    body["lines"][0]["title"] = "x" * 5000
    assert receive(merchant_id=merchant.id, body=body, by="test", at=datetime.now(UTC)).created
