"""Loading the Online Retail data: its articles with enough stock, its invoices as orders, its credits as a file."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction

from countermand.channels.actions import open_channel
from countermand.channels.queries import channels
from countermand.files.cancellation_rows import COLUMNS
from countermand.files.import_items import import_items
from countermand.files.import_orders import import_orders
from countermand.files.importing import Imported
from countermand.files.online_retail import (
    CreditMatching,
    OnlineRetailFile,
    OrderSummary,
    items,
    match_credits,
    orders,
)
from countermand.files.opening import UnreadableFile
from countermand.files.writing import write_csv
from countermand.refusals import Refusal


def ensure_channel(*, merchant_id: int, code: str, by: str, at: datetime) -> None:
    """This will open the data set's channel if no channel has that code: an own shop in test mode, on London's clock."""
    if any(channel.code == code for channel in channels(merchant_id=merchant_id)):
        return
    open_channel(
        merchant_id=merchant_id,
        code=code,
        name="Online Retail",
        terms="own_shop",
        timezone="Europe/London",
        mode="test",
        overrides={},
        by=by,
        at=at,
    )


def import_retail_items(
    *, merchant_id: int, source: OnlineRetailFile, by: str, at: datetime, dry_run: bool = False
) -> Iterator[Imported]:
    """This will describe the articles of the data set, each with as much stock as is ordered."""
    return import_items(merchant_id=merchant_id, items=items(source=source), by=by, at=at, dry_run=dry_run)


def import_retail_orders(
    *,
    merchant_id: int,
    source: OnlineRetailFile,
    channel: str,
    summary: OrderSummary,
    by: str,
    at: datetime,
    dry_run: bool = False,
) -> Iterator[Imported]:
    """This will take the invoices of the data set in as orders paid at the sandbox, counting into `summary`.

    The channel is opened if it is not there; in a dry run for each chunk, and rolled back with it.
    Raises `UnreadableFile` for a channel that cannot be opened: without it nothing can be judged.
    """
    open_it = partial(ensure_channel, merchant_id=merchant_id, code=channel, by=by, at=at)
    try:
        with transaction.atomic():
            open_it()
            transaction.set_rollback(dry_run)
    except Refusal as refusal:
        raise UnreadableFile(refusal.code, f"channel {channel!r}: {refusal.detail}") from refusal
    found = orders(source=source, channel=channel, summary=summary)
    return import_orders(merchant_id=merchant_id, orders=found, by=by, at=at, dry_run=dry_run, before=open_it)


def write_credits(*, source: OnlineRetailFile, channel: str, path: Path) -> CreditMatching:
    """This will write the credits of the data set as a cancellation file, and say which were matched."""
    matching = match_credits(source=source)
    write_csv(path=path, columns=COLUMNS, rows=matching.rows(channel=channel))
    return matching
