"""The parts of an order's page: lines, payments, money, clocks. Pure: facts and rows in, JSON out."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from countermand import money
from countermand.orders.facts import LineFacts
from countermand.overdue.days import last_day
from countermand.overview.written import day, instant
from countermand.payments import rules
from countermand.payments.facts import Ledger, ShareFacts

# An order may have millions of units: above this they are told by how many units are worth how much.
MOST_UNITS = 10_000


def line(
    facts: LineFacts, row: Mapping[str, Any], currency: str, *, refused: int = 0, each_unit: bool = True
) -> dict[str, Any]:
    """This will write a line. `unit_amounts` is the worth of each unit in the order of cancelling, None without
    `each_unit`; `units_worth` says the same in two entries at most, whatever the quantity."""
    return {
        "reference": facts.reference,
        "sku": facts.sku,
        "title": facts.title,
        "quantity": facts.quantity,
        "unit_price": money.plain(row["unit_price_minor"], currency),
        "tax_rate": money.plain_rate(facts.tax_rate),
        "discount": money.plain(row["discount_minor"], currency),
        "ordered": facts.quantity,
        "cancelled": facts.cancelled,
        "refused": refused,
        "shipped": facts.shipped,
        "returned": facts.returned,
        "open": facts.open,
        "restocked": facts.restocked,
        "stock_kept": facts.tracked,
        "amount": money.plain(facts.total, currency),
        "kept_amount": money.plain(facts.total - facts.gone_worth, currency),
        "tax": money.plain(facts.tax, currency),
        "given_back": money.plain(facts.given, currency),
        "unit_amounts": unit_amounts(facts.total, facts.quantity, currency) if each_unit else None,
        "units_worth": units_worth(facts.total, facts.quantity, currency),
    }


def lines(
    book: Ledger, prices: Mapping[str, Mapping[str, Any]], *, refused: Mapping[str, int]
) -> list[dict[str, Any]]:
    """This will write the lines of an order, each unit's worth with them unless the order has very many."""
    each_unit = sum(facts.quantity for facts in book.lines) <= MOST_UNITS
    return [
        line(
            facts,
            prices[str(facts.id)],
            book.order.currency,
            refused=refused.get(str(facts.id), 0),
            each_unit=each_unit,
        )
        for facts in book.lines
    ]


def unit_amounts(total: int, quantity: int, currency: str) -> list[str]:
    """This will list what each unit is worth, in the order of cancelling."""
    low, more = divmod(total, quantity)
    if not more:
        return [money.plain(low, currency)] * quantity
    worth = (money.plain(low, currency), money.plain(low + 1, currency))
    return [worth[money.step(total, quantity, gone=k, more=1) - low] for k in range(quantity)]


def units_worth(total: int, quantity: int, currency: str) -> list[dict[str, Any]]:
    """This will say how many units are worth how much: shares of one line differ by a minor unit at most."""
    low, higher = divmod(total, quantity)
    counted = ((low, quantity - higher), (low + 1, higher))
    return [{"amount": money.plain(worth, currency), "units": units} for worth, units in counted if units]


def payment(
    share: ShareFacts, refunds: Iterable[Mapping[str, Any]], currency: str, last_digits: str = ""
) -> dict[str, Any]:
    """This will write a payment; `refunded` is all that was given back on it, here or elsewhere."""
    done = sum(
        row["amount_minor"]
        for row in refunds
        if row["share_id"] == share.id and row["kind"] == "refund" and row["state"] == "succeeded"
    )
    return {
        "reference": share.reference,
        "provider": share.provider,
        "provider_reference": share.provider_reference,
        "method": share.method,
        "last_digits": last_digits,
        "state": share.state,
        "amount": money.plain(share.amount, currency),
        "captured_amount": money.plain(share.captured, currency),
        "refunded": money.plain(share.elsewhere + done, currency),
        "refunded_elsewhere": money.plain(share.elsewhere, currency),
        "in_flight": money.plain(share.reserved - done, currency),
        "currency": currency,
    }


def sums_of_money(book: Ledger) -> dict[str, str]:
    """This will write the money of an order: what came, what went, what is owed to whom."""
    order = book.order
    kept = rules.kept(order, book.lines)
    return amounts(
        order.currency,
        total=order.total,
        captured=order.captured,
        refunded=order.refunded,
        in_flight=order.in_flight,
        waived=order.waived,
        to_give_back=rules.owed(order, kept),
        due=rules.due(order, kept),
    )


def amounts(currency: str, **minor: int) -> dict[str, str]:
    """This will write named amounts beside their currency."""
    return {**{name: money.plain(value, currency) for name, value in minor.items()}, "currency": currency}


def discount(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """This will write a discount of the order as it came in, with what was left out."""
    amount = row["amount"]
    minor = money.parse(amount, currency=currency) if isinstance(amount, str) else amount
    return {
        "title": row.get("title") or "",
        "amount": money.plain(minor, currency),
        "target": row.get("target") or "lines",
    }


def fee(row: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """This will write a fee of the order."""
    return {
        "title": row["title"],
        "amount": money.plain(row["amount"], currency),
        "tax": money.plain(row["tax"], currency),
        "tax_rate": money.plain_rate(row["rate"]),
        "refundable": row["refundable"],
    }


def called_off_after(book: Ledger, row: Mapping[str, Any]) -> date | None:
    """This will say after which day the platform may call an order off, since no parcel is confirmed (AZ-13)."""
    terms = book.terms
    sent = any(parcel["confirmed"] for parcel in row["fulfilments"] or ())
    if not terms.auto_cancel_days or sent or book.order.status not in ("open", "partially_shipped"):
        return None
    return last_day(row["ship_by"], days=terms.auto_cancel_days, basis=terms.auto_cancel_basis)


def clocks(
    book: Ledger, row: Mapping[str, Any], cancellations: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """This will list the deadlines that run now: acceptance, verification, shipping, and money to be back."""
    order, running = book.order, []
    if row["decide_by"]:
        running.append({"kind": "acceptance", "article": "", "due_at": instant(row["decide_by"])})
    if order.verification == "pending":
        until = order.placed_at + timedelta(days=book.terms.verification_days)
        running.append({"kind": "verification", "article": "", "due_at": instant(until)})
    elif row["ship_by"] and any(each.open for each in book.lines):
        # While a payment is verified nothing is to be shipped, whatever day was promised (AZ-11).
        running.append({"kind": "ship_by", "article": "", "due_on": day(row["ship_by"])})
        if ends_on := called_off_after(book, row):
            running.append({"kind": "auto_cancel", "article": "", "due_on": day(ends_on)})
    if order.in_flight or row["to_give_back_minor"]:
        standing = [one for one in cancellations if one["state"] != "undone" and _awaited(one["refund"])]
        running += [clock | {"cancellation": one["id"]} for one in standing for clock in one["clocks"]]
    return running


def _awaited(refund: Mapping[str, Any]) -> bool:
    back = sum(Decimal(part["amount"]) for part in refund["parts"] if part["state"] == "succeeded")
    return back < Decimal(refund["amount"])
