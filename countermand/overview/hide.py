"""The one place where a buyer is written down, or hidden where the terms hide them.

Until an order's payment is verified, and where it never was, nobody sees who bought or where it goes: in no
page, file, list or answer (AZ-11).
"""

from collections.abc import Mapping
from typing import Any

CUSTOMER = ("name", "email", "phone", "language")


def hidden(row: Mapping[str, Any]) -> bool:
    """This will say whether the buyer of an order is hidden for now."""
    return row["verification"] != "verified"


def customer(row: Mapping[str, Any]) -> dict[str, str]:
    """This will write an order's buyer: name, e-mail, phone, language; only the language while hidden."""
    if hidden(row):
        return {"name": "", "email": "", "phone": "", "language": row["customer_language"]}
    return {part: row[f"customer_{part}"] for part in CUSTOMER}


def addresses(row: Mapping[str, Any]) -> dict[str, Any]:
    """This will write where an order goes and who is billed; nothing while the buyer is hidden."""
    kinds = ("shipping_address", "billing_address")
    return {kind: None if hidden(row) else row[kind] for kind in kinds}
