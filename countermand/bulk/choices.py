"""What is asked once for all orders of a run, and the wish that it makes for each of them. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from countermand.cancellations.actions import Wish
from countermand.cancellations.ask import Ask
from countermand.reasons import judge_reason
from countermand.refusals import Refusal, fits

MOST_ORDERS = 5_000
# Long enough to read the list of what was done and to think again; money and mails wait as long.
UNDO_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Choices:
    """The answers of the dialog. `restock`, `notify` None: what each channel's terms say."""

    reason: str
    skip_reason: str
    initiated_by: str = "merchant"
    refund_when: str = "now"
    restock: bool | None = None
    notify: bool | None = None
    message: str = ""
    note: str = ""
    undo_seconds: int = UNDO_SECONDS

    def judge(self) -> None:
        """This will refuse what no order could take: `reason_required`, `unknown_reason`, `skip_reason_required`,
        `unknown_initiator`, `unknown_choice`, `text_too_long`."""
        if not self.reason:
            raise Refusal("reason_required", "say why", field="reason")
        judge_reason(self.reason)
        if not self.skip_reason.strip():
            raise Refusal(
                "skip_reason_required",
                "say once why nobody is called and no stock looked at",
                field="skip_reason",
            )
        if self.initiated_by not in ("merchant", "buyer", "platform"):
            raise Refusal("unknown_initiator", "merchant, buyer or platform", field="initiated_by")
        if self.refund_when not in ("now", "later"):
            raise Refusal("unknown_choice", "now or later", field="refund_when")
        for name in ("skip_reason", "message", "note"):
            fits(getattr(self, name), field=name)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line of an order with units of the run's article that are still open."""

    reference: str
    open: int


def lines_of(open_lines: Iterable[OpenLine], *, units: int | None) -> tuple[tuple[str, int | None], ...]:
    """This will say which units of which lines go: all of the article's, or the first `units` of them."""
    wanted: list[tuple[str, int | None]] = []
    left = units
    for line in open_lines:
        taken = line.open if left is None else min(line.open, left)
        if taken:
            wanted.append((line.reference, taken))
        left = None if left is None else left - taken
    return tuple(wanted)


def wish_of(
    *,
    row_id: UUID,
    order_id: UUID,
    choices: Choices,
    lines: tuple[tuple[str, int | None], ...] | None,
    role: str,
    plan: str | None,
) -> Wish:
    """This will make one order's wish. Its source is the row: whoever carries it out twice does it once."""
    ask = Ask(
        reason=choices.reason,
        lines=lines,
        initiated_by=choices.initiated_by,
        when=choices.refund_when,
        restock=choices.restock,
        notify=choices.notify,
        message=choices.message,
        note=choices.note,
        plan=plan,
        undo_seconds=choices.undo_seconds,
        role=role,
    )
    return Wish(order_id, ask, source=f"bulk:{row_id}")
