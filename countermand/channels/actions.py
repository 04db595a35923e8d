"""Verbs on places of sale: opening one, and changing what may be changed of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.channels.models import PRESETS, Channel
from countermand.channels.presets import checked
from countermand.events.record import event, record
from countermand.merchants.judging import judge_code, judge_timezone
from countermand.merchants.practice import practises
from countermand.refusals import Refusal

MODES = ("live", "test")
ALWAYS = ("name", "overrides", "timezone")
UNTIL_ORDERS = ("mode", "terms")  # what orders were promised under: fixed by the first of them


@sql.verb
def open_channel(
    *,
    merchant_id: int,
    code: str,
    name: str,
    terms: str,
    timezone: str,
    mode: str,
    overrides: dict[str, Any],
    by: str,
    at: datetime,
) -> Channel:
    """This will open a place of sale; the same content again finds the one that is there.

    Refuses `invalid_code`, `unknown_terms`, `unknown_timezone`, `unknown_mode`, `unknown_override`,
    `invalid_override`, and `channel_exists` for a code that stands for something else.
    """
    judge_code(code)
    content = {"name": name, "terms": terms, "timezone": timezone, "mode": mode, "overrides": overrides}
    _check(content)
    _indoors(merchant_id, mode)
    channel, made = Channel.across_merchants.get_or_create(
        merchant_id=merchant_id, code=code, defaults=content
    )
    if made:
        record([_event("channel.opened", channel, by=by, at=at, terms=terms, mode=mode)])
    elif any(getattr(channel, field) != value for field, value in content.items()):
        raise Refusal("channel_exists", f"a channel {code!r} exists with other content", field="code")
    return channel


@sql.verb
def change_channel(*, merchant_id: int, code: str, changes: dict[str, Any], by: str, at: datetime) -> Channel:
    """This will change a channel and raise its revision, so that plans made before are refused.

    `overrides` replaces all of them. Mode and terms stay as they are once orders exist.
    Refuses `not_found`, `unknown_change`, `channel_has_orders`, and what `open_channel` refuses.
    """
    # Changing what orders rely on waits for orders that are being received, and keeps new ones waiting:
    # their foreign key holds a key-share lock, with which only the full lock is at odds.
    relied_on = any(field in changes for field in UNTIL_ORDERS)
    channel = Channel.of(merchant_id).select_for_update(no_key=not relied_on).filter(code=code).first()
    if channel is None:
        raise Refusal("not_found", f"no channel {code!r}")
    if unknown := [field for field in changes if field not in ALWAYS + UNTIL_ORDERS]:
        raise Refusal("unknown_change", f"{unknown[0]} cannot be changed", field=unknown[0])
    _check(changes)
    _indoors(merchant_id, changes.get("mode"))
    changed = {field: value for field, value in changes.items() if getattr(channel, field) != value}
    fixed = [field for field in changed if field in UNTIL_ORDERS]
    if fixed and _has_orders(channel.id):
        raise Refusal("channel_has_orders", f"{fixed[0]} is fixed once orders exist", field=fixed[0])
    if not changed:
        return channel
    before = dict(channel.overrides)
    for field, value in changed.items():
        setattr(channel, field, value)
    channel.revision += 1
    channel.save(update_fields=[*changed, "revision"])
    facts: dict[str, Any] = {"changed": sorted(changed), "revision": channel.revision}
    if "overrides" in changed:
        facts["terms"] = _moved(before, channel.overrides)
    record([_event("channel.changed", channel, by=by, at=at, **facts)])
    return channel


@sql.verb
def change_everywhere(*, merchant_id: int, overrides: dict[str, Any], by: str, at: datetime) -> int:
    """This will set terms on every channel of a merchant at once, None putting one back to its preset.

    Says how many channels changed. Refuses what `change_channel` refuses.
    """
    changed = 0
    for channel in Channel.of(merchant_id).select_for_update(no_key=True).order_by("id"):
        wanted = {**channel.overrides, **overrides}
        wanted = {term: value for term, value in wanted.items() if value is not None}
        if wanted != channel.overrides:
            changes = {"overrides": wanted}
            change_channel(merchant_id=merchant_id, code=channel.code, changes=changes, by=by, at=at)
            changed += 1
    return changed


def _moved(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Each term whose setting changed, as [before, after]; None stands for the preset's value."""
    terms = sorted({*before, *after})
    return {
        term: [before.get(term), after.get(term)]
        for term in terms
        if before.get(term) != after.get(term) or (term in before) != (term in after)
    }


def _check(content: dict[str, Any]) -> None:
    if "name" in content and not 0 < len(content["name"].strip()) <= 200:
        raise Refusal("invalid_name", "a name has 1 to 200 characters", field="name")
    if content.get("terms", PRESETS[0]) not in PRESETS:
        raise Refusal("unknown_terms", f"terms are {', '.join(PRESETS)}", field="terms")
    judge_timezone(content.get("timezone", "UTC"))
    if content.get("mode", MODES[0]) not in MODES:
        raise Refusal("unknown_mode", f"modes are {', '.join(MODES)}", field="mode")
    checked(content.get("overrides", {}))


def _indoors(merchant_id: int, mode: str | None) -> None:
    # SH-21: what staff practise on has no live channel, so no provider of real money ever hears of it.
    if mode == "live" and practises(merchant_id):
        raise Refusal("in_practice", "practice has test channels only", field="mode")


def _has_orders(channel_id: UUID) -> bool:
    # Asked in SQL, since the room of orders stands above this one.
    return bool(sql.tuples('SELECT 1 FROM "order" WHERE channel_id = %s LIMIT 1', (channel_id,)))


def _event(kind: str, channel: Channel, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    subject = ("channel", channel.id)
    return event(kind=kind, merchant_id=channel.merchant_id, at=at, by=by, subject=subject, **facts)
