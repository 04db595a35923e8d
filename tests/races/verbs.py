"""Every verb of the house, as the races and the kills run it. A new verb without a line here fails a test."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from countermand.cancellations.actions import Wish, confirm, confirm_many
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.channels.actions import change_channel
from countermand.correspondence import jobs as mails
from countermand.correspondence.actions import log_contact
from countermand.intake.actions import receive
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.actions.notes import add_note
from countermand.orders.actions.restock import restock
from countermand.performance.fold import fold
from countermand.refunds import jobs as money
from countermand.refunds.actions import GiveBack, LineWish, redeem, reimburse, retry, settle
from countermand.refunds.release import release_held
from countermand.stock.actions import add_stock, count_stock, make_available, make_unavailable, put_item
from tests.races.scene import Scene


class Verb(NamedTuple):
    """`locks`: what it takes in the house's order; `inner`: verbs that it runs, with their places to die at."""

    run: Callable[[Scene], object]
    locks: str
    inner: tuple[str, ...] = ()


def here(scene: Scene) -> dict[str, object]:
    return {"merchant_id": scene.merchant_id, "order_id": scene.order_id, "by": "race", "at": datetime.now(UTC)}


def there(scene: Scene) -> dict[str, object]:
    return {"merchant_id": scene.merchant_id, "by": "race", "at": datetime.now(UTC)}


def _cancel(scene: Scene, **wish: object) -> object:
    return confirm(**here(scene), ask=Ask(reason="out_of_stock", **wish))  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "receive": Verb(
        lambda s: receive(body=s.body, **there(s)),  # type: ignore[arg-type]
        "items",
        ("write_together",),
    ),
    "confirm a part": Verb(lambda s: _cancel(s, lines=(("1", 1),)), "order payments items", ("confirm",)),
    "confirm the whole": Verb(lambda s: _cancel(s), "order payments items", ("confirm",)),
    "confirm many": Verb(
        lambda s: confirm_many(
            wishes=[
                Wish(s.order_id, Ask(reason="budget", lines=(("1", 1),)), "race:1"),
                Wish(s.order_id, Ask(reason="budget", lines=(("2", 1),)), "race:2"),
            ],
            **there(s),  # type: ignore[arg-type]
        ),
        "order payments items",
        ("confirm_many",),
    ),
    "undo": Verb(lambda s: undo(cancellation_id=s.held, **there(s)), "order payments items", ("undo",)),  # type: ignore[arg-type]
    "release held": Verb(lambda s: release_held(at=s.later), "cancellation", ("release_held",)),
    "reimburse": Verb(
        lambda s: reimburse(wish=GiveBack(lines=(LineWish("1", quantity=1),)), **here(s)),  # type: ignore[arg-type]
        "order payments",
        ("reimburse",),
    ),
    "retry": Verb(lambda s: retry(refund_id=s.failed, **there(s)), "order payments", ("retry",)),  # type: ignore[arg-type]
    "settle": Verb(
        lambda s: settle(refund_id=s.by_hand, settled_at=s.at, evidence="reçu 12", **there(s)),  # type: ignore[arg-type]
        "order payments",
        ("settle",),
    ),
    "redeem": Verb(
        lambda s: redeem(credit_id=s.credit, amount="1.00", order_number="N-1", **there(s)),  # type: ignore[arg-type]
        "credit",
        ("redeem",),
    ),
    "drain refunds": Verb(lambda s: money.drain(at=datetime.now(UTC)), "lease", ("claim", "land")),
    "drain messages": Verb(lambda s: mails.drain(at=datetime.now(UTC)), "lease", ("write",)),
    "fold rates": Verb(lambda s: fold(), "lease", ("fold",)),
    "fulfil": Verb(
        lambda s: fulfil(fulfilment={"reference": "f2", "lines": [{"line": "2", "quantity": 1}]}, **here(s)),  # type: ignore[arg-type]
        "order items",
        ("fulfil",),
    ),
    "restock": Verb(lambda s: restock(lines=[{"line": "1", "quantity": 1}], **here(s)), "order items", ("restock",)),  # type: ignore[arg-type]
    "note": Verb(lambda s: add_note(text="vu", **here(s)), "none", ("add_note",)),  # type: ignore[arg-type]
    "contact": Verb(lambda s: log_contact(by_means="phone", outcome="accepts", **here(s)), "none", ("log_contact",)),  # type: ignore[arg-type]
    "describe item": Verb(lambda s: put_item(sku="MUG", fields={"title": "Mug"}, **there(s)), "items", ("put_item",)),  # type: ignore[arg-type]
    "count stock": Verb(lambda s: count_stock(sku="MUG", on_hand=40, **there(s)), "items", ("count_stock",)),  # type: ignore[arg-type]
    "add stock": Verb(lambda s: add_stock(sku="MUG", quantity=3, **there(s)), "items", ("add_stock",)),  # type: ignore[arg-type]
    "off sale": Verb(lambda s: make_unavailable(sku="MUG", days=2, **there(s)), "items", ("make_unavailable",)),  # type: ignore[arg-type]
    "on sale": Verb(lambda s: make_available(sku="MUG", **there(s)), "items", ("make_available",)),  # type: ignore[arg-type]
    "change terms": Verb(
        lambda s: change_channel(code="boutique", changes={"overrides": {"restock": False}}, **there(s)),  # type: ignore[arg-type]
        "channel",
        ("change_channel",),
    ),
}
