"""One question of the audit: a statement that must find nothing, and how what it finds is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from countermand import money, sql

# Thousands of the same finding say no more than the first ones, and a list must fit in memory.
MOST = 1000


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that does not hold: which check spoke, about what, and both figures."""

    check: str
    subject: str
    detail: str


class Check(NamedTuple):
    """A statement selecting (subject, stored, proved) or (subject, stored, proved, currency) where they differ.

    `stored` and `proved` name the two figures. `[x]` in the statement stands for "rows of table alias x
    that are the merchant's", so that one text serves one merchant or all of them.
    """

    name: str
    stored: str
    proved: str
    statement: str


def scoped(statement: str, merchant_id: int | None) -> str:
    """This will put the merchant's condition, or none, where a statement has `[alias]`."""
    parts = statement.split("[")
    whole = [parts[0]]
    for part in parts[1:]:
        alias, _, rest = part.partition("]")
        whole.append(("TRUE" if merchant_id is None else f"{alias}.merchant_id = %(m)s") + rest)
    return "".join(whole)


def ask(check: Check, *, merchant_id: int | None) -> Iterator[Finding]:
    """This will put one question to the database and tell what it finds."""
    text = f"SELECT * FROM ({scoped(check.statement, merchant_id)}) AS found LIMIT {MOST}"
    for row in sql.tuples(text, {"m": merchant_id}):
        subject, stored, proved = row[:3]
        currency = row[3] if len(row) > 3 else None
        yield Finding(
            check.name,
            subject,
            f"{check.stored} {figure(stored, currency)}, {check.proved} {figure(proved, currency)}",
        )


def figure(value: Any, currency: str | None) -> str:
    """This will write a figure: an amount with its currency, anything else as it is, and "none" for nothing."""
    if value is None:
        return "none"
    if currency and isinstance(value, int):
        return f"{money.plain(value, currency)} {currency}"
    return str(value)
