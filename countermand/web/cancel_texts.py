"""Texts to begin with where a cancellation is written: ours where the channel hands our words on, and the shop's own (AZ-20)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from countermand.orders import permitted
from countermand.threads.kinds import CANCELLATION
from countermand.threads.queries import Writing, writing
from countermand.web import message_words

SHOW, TAKE = "texts", "text:"


class Choice(NamedTuple):
    """One text as it is offered: the button's value, what it is called, what it says."""

    value: str
    label: Any
    text: str


def choices(*, merchant_id: int, order_id: UUID, at: datetime) -> list[Choice]:
    """This will list the texts that a cancellation may begin with, in the buyer's language. One statement."""
    return _choices(writing(merchant_id=merchant_id, order_id=order_id, at=at))


def typed_with(data: Any, texts: Sequence[Choice]) -> Any:
    """This will give what a browser sent, with the text that was chosen in it: above what a person wrote, never over it."""
    chosen = next((each for each in texts if each.value == data.get("do")), None)
    if chosen is None:
        return data
    said = data.copy()
    typed = said.get("message", "").replace("\r\n", "\n").strip()
    # A text that nobody touched makes room for another.
    mine = "" if typed in {each.text.strip() for each in texts} else typed
    said["message"] = "\n\n".join(filter(None, (chosen.text, mine)))
    return said


def _choices(found: Writing) -> list[Choice]:
    # Where nothing can be called off nothing is written: a text would name a buyer who is hidden (AZ-11).
    if permitted.why(found.terms, found.facts.state, "cancel"):
        return []
    # Elsewhere the word goes into a mail of ours, which greets and tells of the money itself.
    whole = found.terms.notify == "channel"
    return [
        Choice(f"{TAKE}{each.name}", each.label or message_words.TEXT[each.name], each.text)
        for each in found.ready(kind=CANCELLATION)
        if whole or each.label
    ]
