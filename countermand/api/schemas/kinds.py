"""The kinds of value that bodies are made of. Strict: nothing is turned into what it is not.

Each kind refuses under one stable code, whatever was wrong with the value; the patterns run in
pydantic's own machinery, so that a body costs microseconds.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from countermand.refusals import LONGEST_TEXT

MOST_LINES = 2_000
YEARS = (1990, 2100)

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?P<offset>[Zz]|[+-]\d\d:\d\d)?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Body(BaseModel):
    """A JSON object of a request: every field is known, and of exactly its type."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """This will hand the body on as a plain dict: what was left out or null is not in it."""
        return self.model_dump(exclude_none=True)


class Named:
    """An annotation: whatever is wrong with the value is refused under this one code."""

    def __init__(self, code: str, detail: str) -> None:
        self.code, self.detail = code, detail

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            handler(source), custom_error_type=self.code, custom_error_message=self.detail
        )


def upto(longest: int, *, least: int = 0) -> StringConstraints:
    """This will say how long a text may be."""
    return StringConstraints(min_length=least, max_length=longest)


def _instant(value: Any) -> datetime:
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    try:
        if found is None:
            raise ValueError
        read = datetime.fromisoformat(value.upper().replace(" ", "T"))
    except ValueError:
        raise PydanticCustomError(
            "invalid_time", "a time is written like 2026-11-20T10:00:00+01:00"
        ) from None
    if not found["offset"]:
        raise PydanticCustomError("naive_time", "a time carries its offset, like 2026-11-20T10:00:00+01:00")
    if not YEARS[0] <= read.year <= YEARS[1]:
        raise PydanticCustomError("invalid_time", "outside 1990 to 2100")
    return read.astimezone(UTC)


def _day(value: Any) -> date:
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        read = date.fromisoformat(value)
        if not YEARS[0] <= read.year <= YEARS[1]:
            raise ValueError
    except ValueError:
        raise PydanticCustomError("invalid_date", "a day is written like 2026-11-23") from None
    return read


def said_as(values: Iterable[str]) -> WithJsonSchema:
    """This will say in the document which words a text may be; the room whose words they are judges them."""
    return WithJsonSchema({"type": "string", "enum": list(values)}, mode="validation")


Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    Field(strict=False),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="validation"),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    Field(strict=False),
    WithJsonSchema({"type": "string", "format": "date"}, mode="validation"),
]

# The currency's decimals, and what may be given back, are judged where the currency is known.
Amount = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,13}(\.[0-9]{1,20})?$"),
    Named("invalid_amount", 'an amount is a string of digits, like "12.30"'),
]
Rate = Annotated[
    str,
    StringConstraints(pattern=r"^([0-9]{1,2}(\.[0-9]{1,4})?|100(\.0{1,4})?)$"),
    Named("invalid_rate", 'a rate is a string in per cent, like "5.5"'),
]
Currency = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{3}$"),
    Named("unknown_currency", "an ISO 4217 code, like EUR"),
]
Quantity = Annotated[int, Field(ge=1), Named("invalid_quantity", "a whole number, at least 1")]
Units = Annotated[int, Field(ge=0), Named("invalid_quantity", "a whole number, 0 or more")]

Text = Annotated[str, upto(LONGEST_TEXT)]
# A name that people type and search by: it says something, and no blank that nobody sees stands around it.
_NAMED = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^\S(.*\S)?$")]
Number = _NAMED
Reference = _NAMED
Sku = _NAMED
Short = Annotated[str, upto(200)]
