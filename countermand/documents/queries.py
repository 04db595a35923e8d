"""Questions about documents."""

from typing import Any
from uuid import UUID

from countermand.documents.models import Document
from countermand.documents.pdf import TYPE, file_name, pdf
from countermand.refusals import Refusal


def waiting_for_identity(*, merchant_id: int) -> int:
    """This will count the credit notes that wait until somebody says who sells."""
    return Document.of(merchant_id).filter(state="due", error="legal_identity").count()


def issued(*, merchant_id: int, document_id: UUID) -> Document:
    """This will find an issued document. Refuses `not_found`, `not_issued` while it is due."""
    found = Document.of(merchant_id).select_related("order").filter(id=document_id).first()
    if found is None:
        raise Refusal("not_found", "no such document")
    if found.state != "issued":
        raise Refusal("not_issued", "it has no number yet", facts={"why": found.error})
    return found


def attachments(*, merchant_id: int, document_id: UUID) -> list[tuple[str, bytes, str]]:
    """This will make what a mail carries that brings a document: (name, content, type)."""
    found = issued(merchant_id=merchant_id, document_id=document_id)
    content: dict[str, Any] = found.content or {}
    return [(file_name(content), pdf(content), TYPE)]
