"""What is answered about documents (see `answers`)."""

from typing import Any

from countermand.api.schemas.answers import Answer


class DocumentAnswer(Answer):
    """A credit note or a refund receipt. `number` null: not issued yet; `waits_for` says for what."""

    id: str
    kind: str
    state: str
    waits_for: str | None
    number: str | None
    issued_on: str | None
    order_id: str
    order_number: str
    invoice_number: str
    cancellation: str | None
    corrects: str | None
    amount: str
    currency: str
    digest: str | None
    created_at: str
    sent_at: str | None


class DocumentWithContent(DocumentAnswer):
    """A document with what it says, frozen when it was issued."""

    content: dict[str, Any] | None


class DocumentList(Answer):
    """Documents, newest first."""

    items: list[DocumentAnswer]
    next: str | None


class DocumentSent(Answer):
    """A document on its way to the buyer."""

    id: str
    message: str
    state: str
