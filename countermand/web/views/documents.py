"""Credit notes and refund receipts: the list, the PDF, and sending one to its buyer."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from countermand.documents.actions import send_document
from countermand.documents.pdf import TYPE
from countermand.documents.queries import attachments, issued, waiting_for_identity
from countermand.overview.documents import document_list
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.pages import page

LIMIT = 50
KINDS = {"": _("Tous"), "credit_note": _("Factures d'avoir"), "receipt": _("Reçus de remboursement")}


@member_view("read")
@require_safe
def documents(request: Any) -> HttpResponse:
    """This will list documents, newest first."""
    merchant_id, kind = request.desk.merchant_id, request.GET.get("sorte", "")
    kind = kind if kind in KINDS else ""
    here = reverse("web:documents")
    wrong = ""
    found: dict[str, Any] = {"items": [], "next": None}
    try:
        found = document_list(
            merchant_id=merchant_id, kind=kind, limit=LIMIT, cursor=request.GET.get("apres") or None
        )
    except Refusal as refusal:
        wrong = refusal_words.say(refusal)
    chosen = f"sorte={kind}&" if kind else ""
    return page(
        request,
        "web/documents/page.html",
        room="refunds",
        wrong=wrong,
        rows=found["items"],
        waiting=waiting_for_identity(merchant_id=merchant_id),
        tabs=[
            {
                "label": word,
                "url": here + (f"?sorte={name}" if name else ""),
                "current": name == kind,
                "count": None,
            }
            for name, word in KINDS.items()
        ],
        after_url=f"{here}?{chosen}apres={found['next']}" if found["next"] else "",
        first_url=here if request.GET.get("apres") else "",
    )


@member_view("read")
@require_safe
def document_pdf(request: Any, document_id: UUID) -> HttpResponse:
    """This will hand out a document as a PDF, made anew from what was frozen: the same bytes each time."""
    try:
        [(name, content, _type)] = attachments(merchant_id=request.desk.merchant_id, document_id=document_id)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:documents")
    answer = HttpResponse(content, content_type=TYPE)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@member_view("contact")
@require_POST
def send(request: Any, document_id: UUID) -> HttpResponse:
    """This will send a document to the buyer of its order, as often as the buyer asks."""
    desk = request.desk
    try:
        send_document(merchant_id=desk.merchant_id, document_id=document_id, by=desk.by, at=datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:documents")
    notices.say(request, gettext("Le document part par e-mail."))
    order_id = issued(merchant_id=desk.merchant_id, document_id=document_id).order_id
    return redirect(reverse("web:order", kwargs={"order_id": order_id}) + "#documents")
