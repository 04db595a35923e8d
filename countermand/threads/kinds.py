"""The kinds of message to a buyer. Which of them a channel lets pass is a term (`message_kinds`). Pure."""

from typing import NamedTuple


class Kind(NamedTuple):
    """`ready`: tells the buyer what to do elsewhere, in the platform's own words, so rules watch over it.

    `asked`: only to a buyer who has written or asked; `unsent`: only while nothing has left.
    """

    code: str
    ready: bool = False
    asked: bool = False
    unsent: bool = False


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("answer", asked=True),
        Kind("free"),
        Kind("question"),
        Kind("problem"),
        Kind("return_asked"),
        Kind("ask_officially", ready=True, asked=True, unsent=True),
        Kind("address", ready=True, unsent=True),
        Kind("order_again", ready=True, asked=True),
    )
}
READY = tuple(kind.code for kind in KINDS.values() if kind.ready)
# Not sent by itself: the text that goes along with a cancellation (RK-4).
CANCELLATION = "cancellation"
