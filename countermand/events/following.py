"""What follows a fact in rooms above the one that records it: names, resolved when it happens.

A room never imports upwards. Where its transaction must set off something in a higher room, it says
what happened, and this table names who follows, inside the same transaction: a process that dies
leaves both or neither.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

FOLLOWING: dict[str, tuple[str, ...]] = {
    # merchant_id, order_ids, at: sales came in, or were verified, that wait to be accepted or refused.
    "orders.waiting": ("countermand.acceptance.waiting:begin",),
    # ledger, by, at: the provider answered a capture; the ledger is under lock and written by who tells.
    "capture.landed": ("countermand.acceptance.actions:landed",),
    # cancellation_ids, at: money of these cancellations moved, failed, or waits for a person.
    "refunds.moved": ("countermand.cancellations.conclude:conclude",),
    # cancellation_ids, at: the mails of these cancellations are out, failed, or are tried once more.
    "messages.moved": ("countermand.cancellations.conclude:conclude",),
    # merchant_id, refund_ids, at: money of these refunds is back with the buyer, came back, or will not go.
    "refunds.settled": ("countermand.documents.due:note", "countermand.returns.conclude:conclude"),
    # owed: {cancellation id: (minor units, the law's clock)}, what goes back after all instead of a void.
    "refunds.instead_of_void": ("countermand.cancellations.conclude:gives_back",),
    # invitation, at: a colleague is invited, or once more.
    "member.invited": ("countermand.correspondence.letters:invite",),
    # merchant_id, cancellations (`write.AskedFor`), by, at: orders of which a buyer had asked something are called off.
    "cancellations.asked_for": ("countermand.buyer_requests.answering:answer_with",),
    # cancellation_ids, by, at: these cancellations were undone within their window.
    "cancellations.undone": (
        "countermand.vouchers.actions:withdraw_with",
        "countermand.buyer_requests.answering:ask_again",
    ),
}

# What a lower room asks of a higher one: who answers.
ANSWERS: dict[str, str] = {
    # merchant_id, subject_id: the links of a sale's letter, as {place: (address, words)}; None once it is decided.
    "links_of_sale": "countermand.acceptance.links:links_of_sale",
    # merchant_id, subject_id: the link of the letter to a marketplace's new colleague; None once they left.
    "links_of_operator": "countermand.marketplace.inviting:links_of_operator",
    # merchant_id, document_id: what a mail carries, as (name, content, type).
    "attachments": "countermand.documents.queries:attachments",
}


def resolve(name: str) -> Callable[..., Any]:
    """This will find the verb that a name stands for."""
    module, _, verb = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), verb)
    return found


def follow(what: str, /, **facts: Any) -> None:
    """This will do all that follows, in the caller's transaction."""
    for name in FOLLOWING[what]:
        resolve(name)(**facts)


def ask(what: str, /, **facts: Any) -> Any:
    """This will have a question answered by the room above that can."""
    return resolve(ANSWERS[what])(**facts)
