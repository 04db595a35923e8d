"""Loading items from a file: chunk by chunk, each one transaction."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from countermand.files.body_types import check_item
from countermand.files.importing import Imported, Writing, together
from countermand.files.item_rows import ItemBody
from countermand.files.row_results import RowRefused
from countermand.files.statistics import FIRST, ITEMS, refresh
from countermand.refusals import Refusal
from countermand.stock.bulk import put_items

CHUNK_ITEMS = 2_000


def import_items(
    *, merchant_id: int, items: Iterable[ItemBody | RowRefused], by: str, at: datetime, dry_run: bool = False
) -> Iterator[Imported]:
    """This will describe the items of a file and yield what became of each, in the file's order.

    With `dry_run` each chunk is rolled back.
    """

    def write(entries: list[tuple[str, dict[str, Any]]]) -> list[bool | Refusal]:
        with transaction.atomic():
            answers = put_items(merchant_id=merchant_id, items=entries, by=by, at=at)
            transaction.set_rollback(dry_run)
        return answers

    entries = iter(items)
    writing: Writing = write
    most = FIRST
    while chunk := list(islice(entries, most)):
        yield from together(chunk, read=_read, write=writing)
        most = CHUNK_ITEMS
        if not dry_run:
            refresh(tables=ITEMS)


def _read(found: ItemBody) -> tuple[str, dict[str, Any]]:
    return found.sku, check_item(found.body)
