"""Terms: what may be done on a channel, when, who refunds, what counts. Data, each value with its source."""

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

from countermand.refusals import Refusal

# What a merchant may change, with the values each takes (docs/api.md, Channels).
OVERRIDES: dict[str, Any] = {
    "restock": (True, False),
    "shipping_on_part": ("keep", "prorate", "all"),
    "fee_allowed": ("never", "customer_wish", "always"),
    "grace_minutes": range(1441),
    "unanswered_days": range(1, 31),
    "unanswered_then": ("remind", "cancel"),
    "acceptance_hours": range(721),
    "auto_cancel_days": range(91),
    "auto_cancel_basis": ("calendar", "business"),
    "warn": "rate",
    "limit": "rate",
    "window_days": range(1, 366),
    "alert_count": range(1001),
    "alert_days": range(1, 366),
    "undo_seconds": range(3601),
    "commission_rate": "rate",
    "commission_on_cancel": ("none", "reversed", "kept_unless_case"),
    "service_refund_days": range(32),
    "notify": ("choice", "always", "channel"),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The effective terms of one channel. Rates are per cent with two decimals as text; "" means none."""

    acceptance: str
    acceptance_hours: int
    acceptance_end: str  # nobody decided by then: refused by the platform, or a reminder
    verification: str
    verification_days: int
    platform: str  # by which name buyers know whose customer service answers; "": none of its own
    capture: str
    refunds_by: str
    methods: tuple[str, ...]
    reason: str
    message_required: bool
    message_max: int
    message_kinds: tuple[str, ...]  # what may be written to the buyer: threads.kinds
    message_days_after_order: int  # for so many days; 0: as long as one likes
    message_days_after_received: int
    message_days_unasked: int  # after the shipment, to a buyer who has not written; 0: as long as one likes
    message_links: bool
    reply_hours: int  # within which a buyer hopes for an answer
    notify: str
    restock: bool
    shipping_on_part: str
    fee_allowed: str
    restocking_fee: str  # never, after_failed_delivery, customer_wish
    once_shipped: tuple[str, ...]
    alternative: str
    place_again: bool
    grace_minutes: int
    official_routes: tuple[str, ...]  # by which a buyer's request is one that the channel recognises
    case_required: bool  # it is one only with the reference of the customer service's case
    unanswered_days: int
    unanswered_then: str  # remind, or cancel
    auto_cancel_days: int
    auto_cancel_basis: str
    undo_seconds: int
    rate_unit: str
    counts: str
    window_days: int
    warn: str
    limit: str
    minimum_volume: int
    clock: str
    rate_enters: str  # when an order is one that the rate is measured against: placed, accepted, verified
    alert_count: int  # so many counting cancellations within `alert_days` are too many; 0: never
    alert_days: int
    alert_per: str  # channel, or article
    score_scale: int  # out of how many the channel's own score is; 0: it has none
    commission_rate: str  # of what the buyer paid, per cent; "" or "0.00": none
    commission_on_cancel: str  # none (no payouts here), reversed, or kept_unless_case
    service_refund_days: int  # the customer service refunds within so many days; 0: by the law's clock


@lru_cache
def preset(name: str) -> dict[str, dict[str, Any]]:
    """This will read a preset: term -> {value, source}."""
    return tomllib.loads(files("countermand.channels").joinpath("terms", f"{name}.toml").read_text())


def effective(name: str, overrides: dict[str, Any]) -> Terms:
    """This will lay a channel's overrides over its preset."""
    values = {term: entry["value"] for term, entry in preset(name).items()} | overrides
    values |= {term: tuple(value) for term, value in values.items() if isinstance(value, list)}
    return Terms(**{field.name: values[field.name] for field in fields(Terms)})


def clock_of(terms: Terms, *, merchant: str, channel: str) -> str:
    """This will name the time zone in which terms count days: the merchant's, the channel's, or one of their own."""
    return {"merchant": merchant, "channel": channel}.get(terms.clock, terms.clock)


def with_sources(name: str, overrides: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """This will list each effective value with where it comes from; an override says "override"."""
    return {
        term: {"value": overrides[term], "source": "override", "preset": entry["value"]}
        if term in overrides
        else dict(entry)
        for term, entry in preset(name).items()
    }


def checked(overrides: dict[str, Any]) -> dict[str, Any]:
    """This will refuse (`unknown_override`, `invalid_override`) what is no override or no value of it."""
    for term, value in overrides.items():
        if term not in OVERRIDES:
            raise Refusal("unknown_override", f"{term} cannot be changed", field=f"overrides.{term}")
        allowed = OVERRIDES[term]
        if allowed == "rate":
            fits = isinstance(value, str) and (value == "" or _is_rate(value))
        elif isinstance(allowed, range) or True in allowed:
            fits = isinstance(value, bool) == (allowed == (True, False)) and value in allowed
        else:
            fits = isinstance(value, str) and value in allowed
        if not fits:
            raise Refusal("invalid_override", f"{value!r} is no value of {term}", field=f"overrides.{term}")
    return overrides


def _is_rate(text: str) -> bool:
    whole, _, decimals = text.partition(".")
    return whole.isascii() and whole.isdigit() and len(whole) <= 2 and (not decimals or decimals.isdigit())
