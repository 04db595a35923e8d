"""What may be written to a buyer, under which terms, and when. Pure.

Source: AZ-7, AZ-10, AZ-11, AZ-17, AZ-20, RK-4; docs/terms, Messages (the windows, the length, the typed list).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from countermand.channels.presets import Terms
from countermand.orders import permitted
from countermand.reasons import REASONS
from countermand.refusals import Refusal
from countermand.threads.kinds import KINDS

LONGEST_GAP = 40  # what stands in the place of a variable: a name, a number
_VARIABLE = re.compile(r"\{[^{}\n]{0,40}\}")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S")
_SENTENCE_ENDS = ".!?"


@dataclass(frozen=True, slots=True)
class WriteFacts:
    """An order as far as messages ask. `state`: of `orders.permitted`; `short`: an open article cannot be sent."""

    state: str
    placed_at: datetime
    at: datetime
    wrote: bool = False  # the buyer sent a message
    asked: bool = False  # a request of the buyer's is recorded
    short: bool = False
    left: bool = False  # a unit has left
    cancelled: bool = False  # a unit was called off
    shipped_at: datetime | None = None
    received_at: datetime | None = None  # since when the buyer has all of it; None while a part is to come


# What stands in the way -> (the refusal's code, what a developer reads).
BECAUSE: dict[str, tuple[str, str]] = {
    "unknown_kind": ("unknown_message_kind", "there is no such kind of message"),
    "kind": ("terms_forbid", "the channel lets no such message pass"),
    "after_order": ("terms_forbid", "the order is too old to be written about"),
    "after_received": ("terms_forbid", "it was received too long ago to be written about"),
    "unasked": ("terms_forbid", "it left too long ago to write to a buyer who has not written"),
    "link": ("terms_forbid", "the channel lets no link pass"),
    "shortage": (
        "reply_not_allowed",
        "a buyer is never asked to call off for the shop's shortage: cancel it yourself",
    ),
    "nobody_asked": ("reply_not_allowed", "only to a buyer who has asked first"),
    "has_left": ("reply_not_allowed", "units have left: have the carrier bring them back"),
    "nothing_cancelled": ("reply_not_allowed", "nothing of it is cancelled: the order stands"),
    "empty": ("message_required", "write something"),
    "too_long": ("message_too_long", "the message is too long"),
}


def may_write(
    terms: Terms, order: WriteFacts, kind: str, text: str | None = None, *, reason: str = ""
) -> str:
    """This will name the code that forbids a message, "" when it may be sent; `text` None asks for the kind alone."""
    because = stands_in_the_way(terms, order, kind, text, reason=reason)
    return BECAUSE[because][0] if because in BECAUSE else because


def judge(terms: Terms, order: WriteFacts, kind: str, text: str, *, reason: str = "") -> None:
    """This will refuse what `may_write` forbids; `because` among the facts says what stands in the way."""
    because = stands_in_the_way(terms, order, kind, text, reason=reason)
    if not because:
        return
    code, detail = BECAUSE.get(because, (because, permitted.DETAILS.get(because, "")))
    if because == "too_long":
        detail = f"at most {terms.message_max} characters"
    field = {"kind": "kind", "unknown_kind": "kind", "empty": "text", "too_long": "text", "link": "text"}
    raise Refusal(code, detail, field=field.get(because, ""), facts={"because": because})


def stands_in_the_way(
    terms: Terms, order: WriteFacts, kind: str, text: str | None = None, *, reason: str = ""
) -> str:
    """This will name what forbids a message, "" for nothing: a key of BECAUSE, or a code of the actions' table."""
    if code := permitted.why(terms, order.state, "message"):
        return code
    if kind not in KINDS:
        return "unknown_kind"
    if kind not in terms.message_kinds:
        return "kind"
    return (
        _window(terms, order) or _ready(order, kind, reason) or ("" if text is None else _text(terms, text))
    )


def _window(terms: Terms, order: WriteFacts) -> str:
    if _over(order.placed_at, terms.message_days_after_order, order.at):
        return "after_order"
    if _over(order.received_at, terms.message_days_after_received, order.at):
        return "after_received"
    if not (order.wrote or order.asked) and _over(order.shipped_at, terms.message_days_unasked, order.at):
        return "unasked"
    return ""


def _over(since: datetime | None, days: int, at: datetime) -> bool:
    return bool(since and days) and at > since + timedelta(days=days)  # type: ignore[operator]


def _ready(order: WriteFacts, kind: str, reason: str) -> str:
    """The shortage comes first: whoever else asked, a buyer is not sent to call off what we do not have."""
    each = KINDS[kind]
    if each.ready and (seller_caused(reason) or (each.unsent and order.short)):
        return "shortage"
    if each.unsent and each.ready and order.left:
        return "has_left"
    if kind == "order_again" and not order.cancelled:
        return "nothing_cancelled"
    if each.asked and not (order.wrote or order.asked):
        return "nobody_asked"
    return ""


def seller_caused(reason: str) -> bool:
    """This will say whether a reason is the shop's own: it cannot deliver what it sold."""
    return reason in REASONS and REASONS[reason].seller_caused


def _text(terms: Terms, text: str) -> str:
    if not text.strip():
        return "empty"
    if len(text) > terms.message_max:
        return "too_long"
    return "link" if not terms.message_links and _LINK.search(text) else ""


def unedited(text: str, template: str) -> bool:
    """This will say whether a text is a template as it was: only its variables are filled in (RK-4).

    Spaces, capitals and the last full stop make no text personal; nor does another name in a variable's place.
    """
    parts = [_plain(part) for part in _VARIABLE.split(template)]
    said = _plain(text).rstrip(" .")
    if not said or not any(parts):
        return False
    parts[-1] = parts[-1].rstrip(" .")
    ends = {0}
    for i, part in enumerate(parts):
        ends = {
            start + len(part)
            for end in ends
            for start in _starts(said, end, gap=LONGEST_GAP if i else 0)
            if said.startswith(part, start)
        }
    return len(said) in ends


def _starts(said: str, end: int, *, gap: int) -> list[int]:
    """Where what follows a variable may begin: a name ends no sentence."""
    starts = [end]
    for at in range(end, min(end + gap, len(said))):
        if said[at] in _SENTENCE_ENDS:
            break
        starts.append(at + 1)
    return starts


def _plain(text: str) -> str:
    """One writing of a text. Spaces beside a variable stay, or a word would swallow its neighbour."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold().replace("’", "'"))
