"""Filters for what the overview hands out: amounts as text, instants as text, codes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template

from countermand import money
from countermand.web import readable, refusal_words, words
from countermand.web.parts import marks
from countermand.web.parts.marks import badge
from countermand.web.templatetags.readable import _time

register = template.Library()


@register.filter
def major(amount: str | None, currency: str) -> str:
    """{{ order.total|major:order.currency }} — an amount written in major units: "38.80" gives "38,80 €"."""
    return "" if amount is None else readable.money(minor_of(amount, currency), currency)


@register.filter
def minor(amount: str | None, currency: str) -> int | None:
    """{% money_line "Total" order.total|minor:order.currency order.currency %} — "38.80" gives 3880."""
    return None if amount is None else minor_of(amount, currency)


def minor_of(amount: str, currency: str) -> int:
    sign = -1 if amount.startswith("-") else 1
    return sign * money.parse(amount.lstrip("-"), currency=currency)


@register.filter
def is_zero(amount: str | None) -> bool:
    """{% if not money.waived|is_zero %}"""
    return not amount or not amount.strip("0.-")


@register.filter
def instant(text: str | None) -> datetime | None:
    """{{ order.placed_at|instant|ago }} — an instant written after RFC 3339, as an instant."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def since(text: str | None, now: datetime) -> str:
    """{{ row.placed_at|since:now }} — "il y a 3 h" of an instant written as text."""
    return (
        _time(datetime.fromisoformat(text), readable.ago(datetime.fromisoformat(text), now)) if text else ""
    )


@register.filter
def on_day(text: str | None) -> date | None:
    """{{ clock.due_on|on_day|day }} — a day written as text, as a day."""
    return date.fromisoformat(text) if text else None


@register.filter
def word(code: str, table: str) -> Any:
    """{{ order.cancel_reason|word:"REASON" }} — the word for a code, from `web.words`; the code where there is none."""
    return getattr(words, table).get(code, code)


@register.filter
def why_not(code: str) -> Any:
    """{{ order.action.why|why_not }} — why a verb is not offered, in a few words."""
    return refusal_words.why_not(code)


@register.simple_tag
def paid(status: str) -> Any:
    """{% paid order.payment_status %} — a badge for how far an order is paid or given back."""
    return badge(str(words.PAYMENT_STATUS[status]), tone=words.PAYMENT_TONE.get(status, ""))


@register.simple_tag
def refund_mark(refund: Mapping[str, Any], by: str, held: bool = False) -> Any:
    """{% refund_mark refund refund.carried_by %} — its state, and whose deed it is where it is not the shop's (RK-5).

    `held`: its cancellation is still within its undo window, so nobody was asked yet.
    """
    now = refund["state"]
    if refund["kind"] == "refund" and by != "merchant":
        if now == "held" and by == "customer_service" and not held:
            now = "sent_back" if refund.get("sent_back_at") and not refund.get("asked_at") else "asked"
        elif now == "succeeded":
            now = f"by_{by}"
    return marks.state("refund_state", now)


@register.simple_tag
def paid_order(order: Mapping[str, Any]) -> Any:
    """{% paid_order order %} — as `paid`; where the customer service refunds, what it was asked and has done (RK-5)."""
    refunds = [one for one in order.get("refunds") or () if one["carried_by"] == "customer_service"]
    waiting = [one for one in refunds if one["asked_at"] and one["state"] == "held"]
    back = [
        one for one in refunds if one.get("sent_back_at") and not one["asked_at"] and one["state"] == "held"
    ]
    if back and order["payment_status"] == "refund_pending":
        return marks.state("refund_state", "sent_back")
    if waiting and order["payment_status"] == "refund_pending":
        return marks.state("refund_state", "asked")
    if order["payment_status"] == "refunded" and any(one["state"] == "succeeded" for one in refunds):
        return marks.state("refund_state", "by_customer_service")
    return paid(order["payment_status"])


@register.simple_tag(takes_context=True)
def who(context: Any, by: str) -> str:
    """{% who event.by %} — a colleague's first name, else what stands in the history."""
    reader = context.get("desk") or context.get("station")
    return reader.name_of(by) if reader else by


@register.filter
def signed(delta: int) -> str:
    """{{ movement.on_hand_delta|signed }} — "+3", "−2", "–" for nothing."""
    return "–" if not delta else f"{'+' if delta > 0 else readable.MINUS}{abs(delta)}"


@register.filter
def tel(number: str) -> str:
    """{{ customer.phone|tel }} — a number as a tel: link has it."""
    return "".join(c for c in number if c.isdigit() or c == "+")
