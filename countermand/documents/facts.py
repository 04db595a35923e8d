"""The facts of one document, read when it is issued."""

from json import loads
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.documents.content import Facts, Goal

DOCUMENT = """
SELECT d.id, d.merchant_id, d.order_id, d.kind, d.currency, d.amount_minor, d.corrects_id, d.cancellation_id, d.state,
    o.number, o.placed_on, o.invoice_number, o.customer_name, o.customer_language, o.billing_address,
    o.shipping_address, o.verification = 'verified' AS buyer_known, o.fees, o.shipping_tax_rate, c.mode, s.practice_of_id IS NOT NULL AS practice, s.name AS shop, s.timezone,
    i.legal_name, i.form, i.address, i.siret, i.register, i.vat_number, i.vat_exempt,
    coalesce(i.note_prefix, 'AV') AS note_prefix, coalesce(i.receipt_prefix, 'RR') AS receipt_prefix,
    x.at AS cancelled_at, coalesce(x.fee_minor, 0) AS fee_minor, b.at AS reimbursed_at,
    k.label AS corrected, k.issued_on AS corrected_on, k.amount_minor AS corrected_minor, k.state AS corrected_state
FROM document d
JOIN "order" o ON o.id = d.order_id
JOIN channel c ON c.id = o.channel_id
JOIN merchant s ON s.id = d.merchant_id
LEFT JOIN legal_identity i ON i.merchant_id = d.merchant_id
LEFT JOIN cancellation x ON x.id = d.cancellation_id
LEFT JOIN reimbursement b ON b.id = d.reimbursement_id
LEFT JOIN document k ON k.id = d.corrects_id
WHERE d.id = %s AND d.state = 'due' FOR NO KEY UPDATE OF d SKIP LOCKED
"""
GOALS = """
SELECT t.target, t.amount_minor, t.tax_minor, l.reference, l.title, l.sku, l.quantity, l.total_minor, l.tax_rate,
    x.quantity AS cancelled
FROM document_refund d JOIN refund_target t ON t.refund_id = d.refund_id
LEFT JOIN order_line l ON l.id = t.line_id
LEFT JOIN cancelled_line x ON x.cancellation_id = %(cancellation)s AND x.line_id = t.line_id
WHERE d.document_id = %(id)s
ORDER BY array_position(ARRAY['line', 'shipping', 'fees', 'goodwill', 'overpaid'], t.target::text), l.position, t.id
"""
PAID = """
SELECT r.method, p.method AS paid_by, r.amount_minor, r.settled_at
FROM document_refund d JOIN refund r ON r.id = d.refund_id JOIN payment_share s ON s.id = r.share_id
JOIN payment p ON p.id = s.payment_id
WHERE d.document_id = %s ORDER BY r.id
"""
BEFORE = """
SELECT 1 FROM document WHERE cancellation_id = %s AND id <> %s AND corrects_id IS NULL AND created_at < (
    SELECT created_at FROM document WHERE id = %s) LIMIT 1
"""


def claimed(document_id: UUID) -> dict[str, Any] | None:
    """This will lock a document that is due and read it; None while another worker has it, or when it is issued."""
    return sql.one(DOCUMENT, (document_id,))


def facts_of(row: dict[str, Any]) -> Facts:
    """This will gather what a claimed document says."""
    zone = ZoneInfo(row["timezone"])
    # Only the first document of a cancellation counts its units: what comes later is the rest of their money.
    first = row["cancellation_id"] and not sql.tuples(BEFORE, (row["cancellation_id"], row["id"], row["id"]))
    cancellation = row["cancellation_id"] if first and not row["corrects_id"] else None
    caused_at = row["cancelled_at"] or row["reimbursed_at"]
    return Facts(
        kind=row["kind"],
        language="fr" if row["customer_language"].startswith("fr") else "en",
        currency=row["currency"],
        specimen=row["mode"] == "test" or row["practice"],
        seller=_seller(row),
        buyer=_buyer(row),
        order={
            "number": row["number"],
            "placed_on": row["placed_on"].isoformat(),
            "invoice_number": row["invoice_number"],
        },
        cause={
            "what": "cancellation" if row["cancelled_at"] else "refund",
            "on": caused_at.astimezone(zone).date().isoformat() if caused_at else None,
            "retained": row["fee_minor"] if first and not row["corrects_id"] else 0,
        },
        goals=[_goal(goal) for goal in sql.rows(GOALS, {"id": row["id"], "cancellation": cancellation})],
        fees=loads(row["fees"]),
        shipping_rate=row["shipping_tax_rate"],
        paid=[
            {
                "how": paid["method"],
                "means": paid["paid_by"],
                "amount": paid["amount_minor"],
                "on": paid["settled_at"].astimezone(zone).date().isoformat(),
            }
            for paid in sql.rows(PAID, (row["id"],))
        ],
        corrects=_corrected(row),
    )


def _goal(row: dict[str, Any]) -> Goal:
    return Goal(
        target=row["target"],
        amount=row["amount_minor"],
        tax=row["tax_minor"],
        reference=row["reference"] or "",
        title=row["title"] or "",
        sku=row["sku"] or "",
        ordered=row["quantity"] or 0,
        worth=row["total_minor"] or 0,
        rate=row["tax_rate"] or 0,
        cancelled=row["cancelled"],
    )


def _seller(row: dict[str, Any]) -> dict[str, Any]:
    """Who the seller was before the law on that day; the shop's name alone where nobody wrote it down."""
    if row["legal_name"] is None:
        return {"shop": row["shop"], "legal_name": "", "address": []}
    kept = ("legal_name", "form", "siret", "register", "vat_number", "vat_exempt")
    return {"shop": row["shop"], "address": loads(row["address"]), **{name: row[name] for name in kept}}


def _buyer(row: dict[str, Any]) -> dict[str, Any]:
    """Who bought; nobody, where the payment never was verified: a paper stays as it is for ever (AZ-11)."""
    if not row["buyer_known"]:
        return {"name": "", "address": []}
    return {"name": row["customer_name"], "address": _address(row)}


def _address(row: dict[str, Any]) -> list[str]:
    found = row["billing_address"] or row["shipping_address"]
    parts = (loads(found) if isinstance(found, str) else found) or {}
    town = f"{parts.get('postal_code') or parts.get('zip') or ''} {parts.get('city') or ''}".strip()
    lines = [parts.get("line1"), parts.get("line2"), town, parts.get("region"), parts.get("country")]
    return [str(line) for line in lines if line and line != "FR"]


def _corrected(row: dict[str, Any]) -> dict[str, Any] | None:
    if row["corrects_id"] is None:
        return None
    return {
        "label": row["corrected"],
        "on": row["corrected_on"].isoformat() if row["corrected_on"] else None,
        "whole": -row["amount_minor"] == row["corrected_minor"],
    }
