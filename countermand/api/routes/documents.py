"""Credit notes and refund receipts: listed, read, handed out as PDF, sent. Nothing changes one."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity, identity_asked
from countermand.api.once import answer, once
from countermand.api.schemas import documents as answers
from countermand.documents.actions import send_document
from countermand.documents.pdf import TYPE
from countermand.documents.queries import attachments
from countermand.overview import documents as reading

router = Router(tags=["documents"])


@router.get("/documents", auth=may("read"), response=answers.DocumentList)
def documents(
    request: HttpRequest,
    order: str | None = None,
    kind: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> HttpResponse:
    """This will list documents, newest first, of one order or of all. `kind`: credit_note or receipt."""
    return answer(
        reading.document_list(
            merchant_id=bearer_of(request).merchant_id,
            order_id=identity_asked(order),
            kind=kind,
            limit=limit,
            cursor=cursor,
        )
    )


# Before the document itself, whose address would take ".pdf" for a part of an identity.
@router.get("/documents/{document_id}.pdf", auth=may("read"), url_name="document_pdf")
def document_pdf(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will hand out a document as a PDF: the same bytes each time."""
    document = identity(document_id, of="document")
    [(name, content, _type)] = attachments(merchant_id=bearer_of(request).merchant_id, document_id=document)
    made = HttpResponse(content, content_type=TYPE)
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


@router.get("/documents/{document_id}", auth=may("read"), response=answers.DocumentWithContent)
def document(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will show a document with what it says."""
    found = identity(document_id, of="document")
    return answer(reading.document_shape(merchant_id=bearer_of(request).merchant_id, document_id=found))


@router.post("/documents/{document_id}/send", auth=may("contact"), response={202: answers.DocumentSent})
def send(request: HttpRequest, document_id: str) -> HttpResponse:
    """This will send a document to the buyer of its order, as a PDF."""
    bearer, document = bearer_of(request), identity(document_id, of="document")

    def work() -> tuple[int, Any]:
        message = send_document(
            merchant_id=bearer.merchant_id, document_id=document, by=bearer.by, at=datetime.now(UTC)
        )
        return 202, {"id": str(document), "message": str(message.id), "state": message.state}

    return once(request, work)
