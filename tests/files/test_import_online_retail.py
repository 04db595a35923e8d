"""Loading the data set: what is refused names its row."""

from datetime import datetime
from pathlib import Path
from typing import Any

from countermand.files.import_online_retail import import_retail_items
from countermand.files.online_retail import OnlineRetailFile, open_online_retail

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"


def data_set(folder: Path, *titles: str) -> OnlineRetailFile:
    path = folder / "retail.csv"
    lines = [f"{n},MUG,{title},1,2010-12-01T08:26:00,2.55,17850,France" for n, title in enumerate(titles)]
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return open_online_retail(path=path)


def test_a_title_that_is_too_long_is_said_of_its_own_row(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    source = data_set(tmp_path, "Mug", "", "M" * 501)
    [found] = import_retail_items(merchant_id=merchant.id, source=source, by="file:test", at=now)
    assert (found.row_number, found.name, found.code, found.field) == (4, "MUG", "text_too_long", "title")
