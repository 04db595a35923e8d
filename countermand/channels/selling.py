"""Whether a channel may sell now: its marketplace may keep it from selling for a time (RK-10).

Open orders go on as if nothing were: nothing that is done to an order asks here. What is offered for sale does.
"""

from datetime import datetime
from uuid import UUID

from countermand.channels.models import Channel


def sells(channel: Channel, *, at: datetime) -> bool:
    """This will say whether a channel's articles may be sold at a moment: true from the very second that it ends."""
    if channel.suspended_from is None or channel.suspended_until is None:
        return True
    return not channel.suspended_from <= at < channel.suspended_until


def keep_from_selling(*, merchant_id: int, channel_id: UUID, start: datetime, until: datetime) -> None:
    """This will keep a channel from selling between two moments, in the caller's transaction."""
    Channel.of(merchant_id).filter(id=channel_id).update(suspended_from=start, suspended_until=until)


def sell_again(*, merchant_id: int, channel_id: UUID) -> None:
    """This will let a channel sell, in the caller's transaction."""
    Channel.of(merchant_id).filter(id=channel_id).update(suspended_from=None, suspended_until=None)
