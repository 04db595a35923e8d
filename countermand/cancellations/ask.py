"""What is asked when an order is called off: the same for a page, the API and a file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Ask:
    """One wish to cancel. Amounts are text in major units: their currency is the order's, known later.

    `lines` None: everything still open; else (line reference, quantity), quantity None: what is open of it.
    `restock` None: terms decide;
    a bool for all; or (line reference, quantity) put back on sale. `role` is the asker's, since only
    an owner may waive what is owed. `undo_seconds` None: none. `case_reference`, `case_at`: the customer
    service's case that came before, and when (RK-8, RK-13). `request_id`: the buyer's request that this answers;
    the plan fills in from it whether it is official, and its case. `despite_request`: it is for none that is open.
    """

    reason: str
    lines: tuple[tuple[str, int | None], ...] | None = None
    initiated_by: str = "merchant"
    request_id: UUID | None = None
    despite_request: bool = False
    official_request: bool = False
    case_reference: str = ""
    case_at: datetime | None = None
    when: str = "now"
    method: str = "original"
    amount: str | None = None
    shipping: str = "terms"
    shipping_amount: str | None = None
    fee: str = "0"
    waiver: str = ""
    consent: dict[str, Any] | None = None
    restock: bool | tuple[tuple[str, int], ...] | None = None
    notify: bool | None = None
    message: str = ""
    note: str = ""
    plan: str | None = None
    expected_refund: str | None = None
    undo_seconds: int = 0
    role: str = "owner"
