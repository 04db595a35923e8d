"""Ledgers in memory, made from the same body that the API takes: for tests of pure rules."""

from datetime import UTC, date, datetime
from typing import Any

from countermand import ids
from countermand.channels.presets import effective
from countermand.intake.reading import read
from countermand.orders.facts import ChannelFacts, LineFacts, OrderFacts
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.ledger import derive
from countermand.payments.providers.abilities import gives_back_parts

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_body(**changes: Any) -> dict[str, Any]:
    """The worked example of docs/api.md: three mugs, 5.00 off, shipping and wrapping; 38.80 in all."""
    return {
        "channel": "boutique",
        "number": "1001",
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "prices_include_tax": True,
        "customer": {"name": "Zoé", "email": "zoe@example.test"},
        "lines": [
            {"sku": "MUG", "title": "Mug bleu", "quantity": 3, "unit_price": "12.30", "tax_rate": "20"}
        ],
        "discounts": [{"title": "BIENVENUE", "amount": "5.00", "target": "lines"}],
        "shipping": {"amount": "4.90", "tax_rate": "20"},
        "fees": [{"title": "Emballage", "amount": "2.00", "refundable": True}],
        "payments": [{"provider": "sandbox", "method": "card", "amount": "38.80", "state": "captured"}],
    } | changes


def a_ledger(body: dict[str, Any] | None = None, *, preset: str = "own_shop", **overrides: Any) -> Ledger:
    """This will make the ledger that the order would have right after it came in."""
    order = read(body or a_body(), timezone="Europe/Paris", mode="test")
    worth = order.worth
    shares = []
    for paid in order.payments:
        shares.append(
            ShareFacts(
                *(ids.new(), ids.new(), paid.reference, paid.provider, paid.provider_reference, paid.method),
                *(paid.state, paid.amount, paid.captured, 0, paid.elsewhere, paid.captured - paid.elsewhere),
                gives_back_parts(paid.provider, paid.provider_reference),
            )
        )
    lines = [
        LineFacts(
            *(
                ids.new(),
                reference,
                position,
                ids.new(),
                given["sku"],
                given.get("title", ""),
                given["quantity"],
            ),
            *(
                line.rate,
                line.total,
                line.tax,
                0,
                order.shipped.get(reference, 0),
                0,
                0,
                0,
                0,
                0,
                0,
                True,
                None,
            ),
        )
        for position, (given, line, reference) in enumerate(
            zip(order.body["lines"], worth.lines, order.references, strict=True), 1
        )
    ]
    facts = OrderFacts(
        *(ids.new(), 1, order.number, 1, "open", "paid", order.currency, order.placed_at, date(2026, 11, 20)),
        *(
            "fr",
            "zoe@example.test",
            True,
            "verified",
            worth.total,
            worth.shipping,
            worth.shipping_tax,
            0,
            0,
            0,
        ),
        *(worth.fees_total, worth.fees_refundable, 0, 0, 0, 0, 0),
        *(sum(s.captured for s in shares), sum(s.elsewhere for s in shares), 0, 0, "", None),
    )
    channel = ChannelFacts(ids.new(), "boutique", preset, "{}", "Europe/Paris", "test", 1)
    ledger = Ledger(facts, lines, shares, channel, effective(preset, overrides))
    derive(ledger)
    return ledger
