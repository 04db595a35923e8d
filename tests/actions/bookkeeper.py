"""What tests of documents do again and again."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.documents.identity import Identity, say_identity
from countermand.documents.jobs import drain
from countermand.documents.models import Document
from tests.actions.refund_desk import drain_now

MUG = Identity(
    legal_name="Le Petit Mug SARL",
    form="SARL au capital de 8 000 €",
    address=("12 rue des Tisserands", "69001 Lyon"),
    siret="73282932000074",
    register="RCS Lyon 732 829 320",
    vat_number="FR44732829320",
)


def known(merchant: Any, identity: Identity = MUG) -> None:
    """Says who the merchant is before the law."""
    say_identity(merchant_id=merchant.id, identity=identity, by="test", at=datetime.now(UTC))


def called_off(merchant: Any, order_id: UUID, **ask: Any) -> Any:
    """Cancels, and lets the money go back."""
    made = confirm(
        merchant_id=merchant.id,
        order_id=order_id,
        ask=Ask(**{"reason": "out_of_stock", **ask}),
        by="test",
        at=datetime.now(UTC),
    )
    drain_now()
    return made


def write_up(at: datetime | None = None) -> None:
    """Rounds of the worker's documents, late enough for those that wait for another one."""
    for after in (0, 10):
        for _ in range(20):  # other shops' papers may stand before ours
            if not drain(at=(at or datetime.now(UTC)) + timedelta(seconds=after)):
                break


def papers(merchant: Any, order_id: UUID | None = None) -> list[Document]:
    """Documents in the order in which they fell due."""
    found = Document.of(merchant.id).order_by("created_at", "id")
    return list(found.filter(order_id=order_id) if order_id else found)
