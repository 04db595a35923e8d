"""The addresses of statements."""

from django.urls import path

from countermand.web.views import payouts

patterns = [
    path("remboursements/releves", payouts.statements, name="payouts"),
    path("remboursements/releves/export.csv", payouts.export, {"kind": "csv"}, name="payouts_csv"),
    path("remboursements/releves/export.xlsx", payouts.export, {"kind": "xlsx"}, name="payouts_xlsx"),
    path("remboursements/releves/contestation.csv", payouts.dispute, {"kind": "csv"}, name="dispute_csv"),
    path("remboursements/releves/contestation.xlsx", payouts.dispute, {"kind": "xlsx"}, name="dispute_xlsx"),
    path("remboursements/releves/rapprocher", payouts.reconcile, name="reconcile"),
]
