"""Bodies of what staff do with an order besides calling it off."""

from typing import Annotated, Literal

from pydantic import Field

from countermand.api.schemas.kinds import MOST_LINES, Body, Instant, Quantity, Reference, Short, Text, upto


class UnitsBody(Body):
    """Units of one line."""

    line: Reference
    quantity: Quantity


UnitsList = Annotated[list[UnitsBody], Field(max_length=MOST_LINES)]


class ParcelBody(Body):
    """What left: without `lines` all that is open, without `shipped_at` now. `despite_fraud`: somebody has
    looked at what was suspected, and it may leave; `despite_request`: it leaves although the buyer officially
    asks to call it off."""

    reference: Reference | None = None
    shipped_at: Instant | None = None
    confirmed: bool | None = None
    carrier: Annotated[str, upto(100)] | None = None
    tracking: Short | None = None
    despite_fraud: bool | None = None
    despite_request: bool | None = None
    lines: UnitsList | None = None


class ReceivedBody(Body):
    """The buyer has it: without `received_at` since now."""

    received_at: Instant | None = None


class RestocksBody(Body):
    """What goes back on sale: without `lines` all that may."""

    lines: UnitsList | None = None


class ContactBody(Body):
    """Somebody spoke with the buyer."""

    by: Literal["phone", "email", "counter"]
    outcome: Literal["accepts", "alternative", "will_wait", "no_answer", "other"]
    note: Text | None = None
    call_again_at: Instant | None = None


class NoteBody(Body):
    """What staff write for each other."""

    text: Text
