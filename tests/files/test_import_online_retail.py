"""Loading the data set: what is refused names its row, and a dry run keeps nothing."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from countermand.channels.models import Channel
from countermand.events.models import Event
from countermand.files.import_online_retail import import_retail_items, import_retail_orders
from countermand.files.importing import Imported
from countermand.files.online_retail import OnlineRetailFile, OrderSummary, open_online_retail
from countermand.files.opening import UnreadableFile
from countermand.orders.models import Order
from countermand.stock.models import Item

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def data_set(folder: Path, *titles: str) -> OnlineRetailFile:
    path = folder / "retail.csv"
    lines = [f"{n},MUG,{title},1,2010-12-01T08:26:00,2.55,17850,France" for n, title in enumerate(titles)]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return open_online_retail(path=path)


def load(
    merchant: Any, source: OnlineRetailFile, now: datetime, *, channel: str = "retail", dry_run: bool = False
) -> list[Imported]:
    given: dict[str, Any] = {"by": "file:test", "at": now, "dry_run": dry_run}
    return list(
        import_retail_orders(
            merchant_id=merchant.id, source=source, channel=channel, summary=OrderSummary(), **given
        )
    )


def test_a_title_that_is_too_long_is_said_of_its_own_row(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    source = data_set(tmp_path, "Mug", "", "M" * 501)
    [found] = import_retail_items(merchant_id=merchant.id, source=source, by="file:test", at=now)
    assert (found.row_number, found.name, found.code, found.field) == (4, "MUG", "text_too_long", "title")


def test_a_dry_run_opens_no_channel_and_judges_the_orders_all_the_same(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    source = data_set(tmp_path, *["Mug"] * 150, "M" * 501)  # more than one chunk
    before = Event.of(merchant.id).count()
    tried = load(merchant, source, now, dry_run=True)
    assert [one.state for one in tried] == ["done"] * 150 + ["refused"]
    assert not Channel.of(merchant.id).filter(code="retail").exists()
    assert not Order.of(merchant.id).exists()
    assert not Item.of(merchant.id).exists()
    assert Event.of(merchant.id).count() == before
    assert load(merchant, source, now) == tried
    channel = Channel.of(merchant.id).get(code="retail")
    assert (channel.mode, channel.timezone) == ("test", "Europe/London")


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_channel_that_cannot_be_opened_refuses_the_load_in_one_line(
    merchant: Any, tmp_path: Path, now: datetime, dry_run: bool
) -> None:
    source = data_set(tmp_path, "Mug")
    with pytest.raises(UnreadableFile) as refused:
        load(merchant, source, now, channel="bad code!é", dry_run=dry_run)
    assert refused.value.code == "invalid_code"
    assert refused.value.detail == "channel 'bad code!é': a code is letters, digits, - and _, at most 64"
    assert not Order.of(merchant.id).exists()
