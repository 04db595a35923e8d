"""What follows from calling units off, in the numbers a merchant would check by hand."""

from typing import Any

import pytest

from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import apply, judged, plan
from countermand.cancellations.planned import Plan
from countermand.cancellations.shape import plan_shape
from countermand.payments.facts import Ledger
from countermand.payments.ledger import derive
from countermand.payments.rules import to_give_back
from countermand.refusals import Refusal

from .ledgers import NOON, a_body, a_ledger


def wish(reason: str = "out_of_stock", **more: Any) -> Ask:
    return Ask(reason=reason, **more)


def done(ledger: Ledger, ask: Ask) -> Plan:
    made = plan(ledger, ask, at=NOON)
    apply(made)
    derive(ledger)
    return made


def refused(ledger: Ledger, ask: Ask) -> str:
    with pytest.raises(Refusal) as caught:
        plan(ledger, ask, at=NOON)
    return caught.value.code


def test_EM9_one_article_of_several_without_the_order() -> None:
    two = [
        {"sku": "MUG", "quantity": 3, "unit_price": "12.30", "tax_rate": "20"},
        {"sku": "BOL", "quantity": 1, "unit_price": "8.00", "tax_rate": "20"},
    ]
    ledger = a_ledger(a_body(lines=two, discounts=[], fees=[], payments=[{**paid("49.80")}]))
    made = done(ledger, wish(lines=(("1", 3),)))
    assert made.refund == 3690
    assert ledger.order.status == "open"
    assert ledger.lines[1].open == 1


def paid(amount: str, **more: Any) -> dict[str, Any]:
    return {"provider": "sandbox", "method": "card", "amount": amount, "state": "captured"} | more


def test_the_worked_example_of_the_contract() -> None:
    ledger = a_ledger()
    first = done(ledger, wish(lines=(("1", 2),)))
    assert (first.refund, first.lines[0].tax) == (2126, 354)
    last = done(ledger, wish())
    assert last.lines[0].amount == 1064
    assert (last.shipping, last.fees, last.refund) == (490, 200, 1754)
    assert ledger.order.status == "cancelled"


def test_shipping_is_kept_on_a_part_and_can_be_given() -> None:
    assert plan(a_ledger(), wish(lines=(("1", 1),)), at=NOON).shipping == 0
    assert plan(a_ledger(), wish(lines=(("1", 1),), shipping="all"), at=NOON).shipping == 490
    assert plan(a_ledger(), wish(lines=(("1", 1),), shipping_amount="1.50"), at=NOON).shipping == 150
    assert plan(a_ledger(shipping_on_part="prorate"), wish(lines=(("1", 1),)), at=NOON).shipping == 163
    assert plan(a_ledger(), wish(shipping="none"), at=NOON).shipping == 0
    assert refused(a_ledger(), wish(shipping_amount="4.91")) == "amount_too_large"


def test_a_fee_only_for_the_customers_own_wish() -> None:
    made = plan(a_ledger(), wish("customer_changed_mind", fee="3.00"), at=NOON)
    assert made.refund == 3880 - 300
    assert refused(a_ledger(), wish("out_of_stock", fee="3.00")) == "fee_not_allowed"
    assert refused(a_ledger(fee_allowed="never"), wish("budget", fee="3.00")) == "fee_not_allowed"
    assert refused(a_ledger(), wish("budget", fee="38.81")) == "amount_too_large"


def test_the_fee_is_kept_and_not_owed() -> None:
    ledger = a_ledger()
    done(ledger, wish("budget", fee="3.00", when="later"))
    assert to_give_back(ledger) == 3580


def test_a_part_paid_order_gives_back_only_what_is_overpaid() -> None:
    ledger = a_ledger(a_body(payments=[paid("20.00")]))
    first = done(ledger, wish(lines=(("1", 1),)))  # keeps 28.17 of which 20.00 is paid
    assert first.refund == 0
    second = done(ledger, wish(lines=(("1", 1),)))  # keeps 17.54
    assert second.refund == 246
    assert done(ledger, wish()).refund == 1754


def test_nothing_captured_is_let_go_and_not_refunded() -> None:
    made = plan(a_ledger(a_body(payments=[paid("38.80", state="authorized")])), wish(), at=NOON)
    assert [(part.kind, part.amount) for part in made.parts] == [("void", 3880)]
    assert made.refund == 0


def test_refund_later_is_owed_and_none_needs_a_waiver() -> None:
    ledger = a_ledger()
    later = done(ledger, wish(when="later"))
    assert (later.refund, later.parts, to_give_back(ledger)) == (3880, [], 3880)
    assert refused(a_ledger(), wish(when="none")) == "refund_owed"
    assert refused(a_ledger(), wish(when="none", waiver="geste du client", role="agent")) == "refund_owed"
    waived = a_ledger()
    made = done(waived, wish(when="none", waiver="payé en nature", role="owner"))
    assert (made.refund, made.waived, to_give_back(waived)) == (0, 3880, 0)
    assert plan(a_ledger(a_body(payments=[])), wish(when="none"), at=NOON).waived == 0


def test_SG2_store_credit_takes_recorded_consent() -> None:
    assert refused(a_ledger(), wish(method="store_credit")) == "consent_required"
    consent = {"text": "oui", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}
    made = plan(a_ledger(), wish(method="store_credit", consent=consent), at=NOON)
    assert [part.method for part in made.parts] == ["store_credit"]


def test_SG2_several_payments_go_back_with_the_fewest_movements() -> None:
    body = a_body(payments=[paid("10.00", reference="a"), paid("28.80", reference="b")])
    exact = plan(a_ledger(body), wish(amount="10.00"), at=NOON)
    assert [(p.share.reference, p.amount) for p in exact.parts] == [("a", 1000)]
    covering = plan(a_ledger(body), wish(lines=(("1", 2),)), at=NOON)
    assert [(p.share.reference, p.amount) for p in covering.parts] == [("b", 2126)]
    both = plan(a_ledger(body), wish(), at=NOON)
    assert [(p.share.reference, p.amount) for p in both.parts] == [("b", 2880), ("a", 1000)]


def test_SG2_what_was_paid_by_credit_goes_back_there_first() -> None:
    credit = {"provider": "store_credit", "method": "store_credit", "amount": "5.00", "state": "captured"}
    ledger = a_ledger(a_body(payments=[paid("33.80", reference="card"), {**credit, "reference": "credit"}]))
    made = plan(ledger, wish(lines=(("1", 2),)), at=NOON)
    assert [(p.share.reference, p.method, p.amount) for p in made.parts] == [
        ("credit", "store_credit", 500),
        ("card", "original", 1626),
    ]


def test_what_no_provider_can_do_becomes_manual() -> None:
    ledger = a_ledger(a_body(payments=[paid("38.80", provider_reference="full-1")]))
    assert [p.method for p in plan(ledger, wish(lines=(("1", 1),)), at=NOON).parts] == ["manual"]
    assert [p.method for p in plan(ledger, wish(), at=NOON).parts] == ["original"]


@pytest.mark.parametrize(
    ("reason", "choice", "article", "shop", "units"),
    [
        ("budget", None, None, True, 3),
        ("budget", None, None, False, 0),
        ("budget", None, False, True, 0),
        ("budget", None, True, False, 3),
        ("out_of_stock", None, True, True, 0),
        ("out_of_stock", True, None, True, 3),
        ("budget", False, True, True, 0),
    ],
)
def test_SH9_restock_precedence(
    reason: str, choice: bool | None, article: bool | None, shop: bool, units: int
) -> None:
    ledger = a_ledger(restock=shop)
    ledger.lines[0].item_restock = article
    assert plan(ledger, wish(reason, restock=choice), at=NOON).lines[0].restock == units


def test_SH9_some_units_only_and_never_more_than_called_off() -> None:
    assert plan(a_ledger(), wish(restock=(("1", 1),)), at=NOON).lines[0].restock == 1
    assert refused(a_ledger(), wish(lines=(("1", 1),), restock=(("1", 2),))) == "quantity_too_large"


def test_refusals_of_units() -> None:
    assert refused(a_ledger(), wish(lines=(("9", 1),))) == "unknown_line"
    assert refused(a_ledger(), wish(lines=(("1", 0),))) == "invalid_quantity"
    assert refused(a_ledger(), wish(lines=(("1", 4),))) == "quantity_too_large"
    assert refused(a_ledger(), wish(lines=(("1", 1), ("1", 1)))) == "duplicate_line"
    ledger = a_ledger()
    done(ledger, wish())
    assert refused(ledger, wish()) == "already_cancelled"


def test_SH6_a_reason_is_required_and_known() -> None:
    assert refused(a_ledger(), wish("")) == "reason_required"
    assert refused(a_ledger(), wish("parce que")) == "unknown_reason"


def test_shipped_orders_are_not_cancelled() -> None:
    parcel = [{"shipped_at": "2026-11-20T12:00:00+01:00", "lines": [{"line": "1", "quantity": 3}]}]
    ledger = a_ledger(a_body(fulfilments=parcel))
    assert refused(ledger, wish()) == "already_shipped"


def test_part_shipped_gives_no_shipping_back_by_itself() -> None:
    parcel = [{"shipped_at": "2026-11-20T12:00:00+01:00", "lines": [{"line": "1", "quantity": 2}]}]
    ledger = a_ledger(a_body(fulfilments=parcel))
    made = done(ledger, wish())
    assert (made.refund, made.shipping) == (1063, 0)
    assert ledger.order.status == "shipped"
    assert refused(ledger, wish()) == "nothing_open"


def test_a_goodwill_refund_is_not_given_twice() -> None:
    ledger = a_ledger()
    ledger.order.goodwill = ledger.order.refunded = 500
    ledger.shares[0].reserved = 500
    ledger.shares[0].payment_free -= 500
    assert to_give_back(ledger) == 0
    assert done(ledger, wish()).refund == 3380


def test_expected_refund_and_plan_protect_from_surprises() -> None:
    ledger = a_ledger()
    digest = plan(ledger, wish(lines=(("1", 2),)), at=NOON).digest
    assert (
        judged(ledger, wish(lines=(("1", 2),), plan=digest, expected_refund="21.26"), at=NOON).refund == 2126
    )
    ledger.order.version += 1
    with pytest.raises(Refusal, match="plan_changed"):
        judged(ledger, wish(lines=(("1", 2),), plan=digest), at=NOON)
    with pytest.raises(Refusal, match="plan_changed"):
        judged(ledger, wish(lines=(("1", 2),), expected_refund="21.27"), at=NOON)


def test_the_tax_shown_is_inside_what_goes_back() -> None:
    ledger = a_ledger()
    ledger.lines[0].given, ledger.order.refunded = 1563, 1563
    ledger.shares[0].reserved, ledger.shares[0].payment_free = 1563, 3880 - 1563
    shown = plan_shape(plan(ledger, wish(), at=NOON))
    assert [(line["amount"], line["tax"]) for line in shown["lines"]] == [("16.27", "2.71")]
