"""The addresses of documents, of credits and cards, and of who sells."""

from django.urls import path

from countermand.web.views import credits, documents
from countermand.web.views.settings.legal import legal

patterns = [
    path("remboursements/documents", documents.documents, name="documents"),
    path("remboursements/documents/<uuid:document_id>.pdf", documents.document_pdf, name="document_pdf"),
    path("remboursements/documents/<uuid:document_id>/envoyer", documents.send, name="document_send"),
    path("remboursements/avoirs", credits.credits, name="credits"),
    path("remboursements/avoirs/nouvelle-carte", credits.card, name="gift_card"),
    path("remboursements/avoirs/encours", credits.owed, name="credits_owed"),
    path("remboursements/avoirs/<uuid:credit_id>", credits.credit, name="credit"),
    path("remboursements/avoirs/<uuid:credit_id>/depenser", credits.spend, name="redeem"),
    path("reglages/mentions-legales", legal, name="legal"),
]
