"""JSON columns of raw rows, opened: raw SQL hands jsonb out as text."""

from collections.abc import Mapping
from json import loads
from typing import Any


def opened(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """This will give a row with these JSON columns as values; None stays None."""
    return {**row, **{name: loads(row[name]) if row[name] is not None else None for name in names}}
