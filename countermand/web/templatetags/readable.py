"""Filters for amounts, dates and words: {% load readable %}."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from countermand.web import readable, typography

register = template.Library()


@register.filter(name="money")
def money_of(minor: int | None, currency: str) -> str:
    """{{ total_minor|money:order.currency }} — nothing for None."""
    return "" if minor is None else readable.money(minor, currency)


@register.filter(name="number")
def number_of(value: int | float | Decimal | None) -> str:
    """{{ count|number }} — 12 345."""
    return "" if value is None else readable.number(value)


@register.filter(name="percent")
def percent_of(share: Decimal | float | None, decimals: int = 1) -> str:
    """{{ rate|percent }} — a share: 0.012 gives "1,2 %". {{ rate|percent:0 }} for whole per cents."""
    return "" if share is None else readable.percent(share, decimals)


@register.filter(name="ago")
def ago_of(at: datetime | None, now: datetime | None = None) -> str:
    """{{ order.placed_at|ago }} — "il y a 3 h" in a <time> that carries the full date."""
    return _time(at, readable.ago(at, now or timezone.now())) if at else ""


@register.filter(name="moment")
def moment_of(at: datetime | None, now: datetime | None = None) -> str:
    """{{ event.at|moment }} — "14:03" today, else "12 mars à 14:03"."""
    return _time(at, readable.moment(at, now or timezone.now())) if at else ""


@register.filter(name="day")
def day_of(on: date | None) -> str:
    """{{ due_date|day }} — "12 mars 2026"."""
    if not on:
        return ""
    return format_html('<time datetime="{}">{}</time>', on.isoformat()[:10], readable.day(on))


@register.filter(name="typo", needs_autoescape=True)
def typo(text: str, autoescape: bool = True) -> SafeString:
    """{{ template.text|typo }} — French no-break spaces in words that a person wrote."""
    shown = conditional_escape(text) if autoescape else text
    # Escaped first: entities hold a ";" without a space before it, which the rule leaves alone.
    return mark_safe(typography.french(str(shown)))  # noqa: S308


def _time(at: datetime, words: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), readable.whole_moment(at), words
    )
