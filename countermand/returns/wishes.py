"""What is asked of this room: the same for a page and the API. Amounts are text in major units."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Restock = bool | tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Coming:
    """Sent units that will come back. `lines` None: all that may; quantity None: all that may of a line."""

    lines: tuple[tuple[str, int | None], ...] | None = None
    kind: str = "return"
    reason: str = "customer_changed_mind"
    informed_at: datetime | None = None
    note: str = ""
    message: str = ""
    notify: bool = True


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came: (line, quantity, condition). `lines` None: all that was asked, in the verdict's condition."""

    lines: tuple[tuple[str, int, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, and what follows. `condition` "" leaves it to be looked at later.

    `restock` None: by condition, article and shop (SH-9). `fee`: only where terms and law allow one, never by itself.
    `shipping`: terms, all, none, or an amount. `when`: now or later; "" is now.
    """

    condition: str = ""
    conditions: tuple[tuple[str, str], ...] = ()  # (line, condition), where they differ
    restock: Restock | None = None
    fee: str = "0"
    fee_note: str = ""
    shipping: str = "terms"
    when: str = ""
    method: str = "original"
    consent: dict[str, Any] | None = None
    notify: bool = True
