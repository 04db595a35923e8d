"""Questions about places of sale."""

from typing import Any

from countermand.channels.models import Channel
from countermand.channels.presets import with_sources
from countermand.refusals import Refusal


def channel(*, merchant_id: int, code: str) -> Channel:
    """This will find a channel by its code. Refuses `not_found`."""
    found = Channel.of(merchant_id).filter(code=code).first()
    if found is None:
        raise Refusal("not_found", f"no channel {code!r}")
    return found


def channels(*, merchant_id: int) -> list[Channel]:
    """This will list a merchant's channels by code."""
    return list(Channel.of(merchant_id).order_by("code"))


def only_channel(*, merchant_id: int) -> Channel:
    """This will find a merchant's channel where there is one only. Refuses `channel_required`, `no_channel`."""
    found = list(Channel.of(merchant_id).order_by("code")[:2])
    if not found:
        raise Refusal("no_channel", "no channel was opened yet", field="channel")
    if len(found) > 1:
        raise Refusal("channel_required", "there are several channels: name one", field="channel")
    return found[0]


def terms_with_sources(*, merchant_id: int, code: str) -> dict[str, dict[str, Any]]:
    """This will list a channel's effective terms, each with where its value comes from."""
    found = channel(merchant_id=merchant_id, code=code)
    return with_sources(found.terms, found.overrides)
