"""Documents: numbers without gaps, totals that are the refunds', contents as they were frozen."""

from collections.abc import Iterator
from json import loads

from countermand import sql
from countermand.documents.content import digest
from countermand.overview.audit.check import MOST, Check, Finding, scoped

CHECKS = (
    Check(
        "document.gapless",
        "numbers taken",
        "documents, first and last number",
        """
        SELECT 'series ' || s.name || ' of merchant ' || s.merchant_id, s.last::text,
            coalesce(d.documents || ', ' || d.first || ' to ' || d.last, 'none')
        FROM document_series s
        LEFT JOIN (
            SELECT d.merchant_id, d.series, count(*) AS documents, min(d.number) AS first, max(d.number) AS last
            FROM document d WHERE [d] AND d.state = 'issued' GROUP BY 1, 2
        ) d ON d.merchant_id = s.merchant_id AND d.series = s.name
        WHERE [s] AND (d.documents IS DISTINCT FROM s.last OR d.first <> 1 OR d.last <> s.last)
        """,
    ),
    Check(
        "document.in_order",
        "bears the day",
        "the number before it",
        """
        SELECT 'document ' || x.label, x.issued_on::text, x.before::text
        FROM (
            SELECT d.label, d.issued_on, lag(d.issued_on) OVER (
                PARTITION BY d.merchant_id, d.series ORDER BY d.number) AS before
            FROM document d WHERE [d] AND d.state = 'issued'
        ) x WHERE x.before > x.issued_on
        """,
    ),
    Check(
        "document.total",
        "document",
        "its refunds",
        """
        SELECT 'document ' || coalesce(nullif(d.label, ''), d.id::text), d.amount_minor, coalesce(r.amount, 0), d.currency
        FROM document d
        LEFT JOIN (
            SELECT x.document_id, sum(CASE WHEN x.came_back THEN -r.amount_minor ELSE r.amount_minor END)::bigint AS amount
            FROM document_refund x JOIN refund r ON r.id = x.refund_id WHERE [x] GROUP BY 1
        ) r ON r.document_id = d.id
        WHERE [d] AND d.amount_minor <> coalesce(r.amount, 0)
        """,
    ),
    Check(
        "document.content",
        "document",
        "its content",
        """
        SELECT 'document ' || d.label, d.amount_minor, (d.content->>'gross')::bigint, d.currency
        FROM document d
        WHERE [d] AND d.state = 'issued' AND (
            d.amount_minor <> (d.content->>'gross')::bigint
            OR d.amount_minor <> (d.content->>'net')::bigint + (d.content->>'tax')::bigint
            OR d.amount_minor <> (SELECT coalesce(sum((l->>'gross')::bigint), 0) FROM jsonb_array_elements(d.content->'lines') l)
            OR d.amount_minor <> (SELECT coalesce(sum((l->>'amount')::bigint), 0) FROM jsonb_array_elements(d.content->'paid') l)
            OR d.label <> d.content->>'label')
        """,
    ),
    Check(
        "document.owed",
        "refund",
        "its documents",
        """
        SELECT 'refund ' || r.id, r.state, 'none'
        FROM refund r
        WHERE [r] AND r.kind = 'refund' AND r.state = 'succeeded'
            AND NOT EXISTS (SELECT 1 FROM document_refund d WHERE d.refund_id = r.id)
            AND NOT EXISTS (
                SELECT 1 FROM refund other WHERE other.order_id = r.order_id AND other.kind = 'refund'
                    AND other.cancellation_id IS NOT DISTINCT FROM r.cancellation_id
                    AND other.reimbursement_id IS NOT DISTINCT FROM r.reimbursement_id
                    AND other.state IN ('held', 'planned', 'sent', 'unknown'))
        """,
    ),
)
CONTENTS = """
SELECT d.id, d.label, d.digest, d.content FROM document d
WHERE [d] AND d.state = 'issued' AND d.id > %(after)s ORDER BY d.id LIMIT %(limit)s
"""
CHUNK = 500


def findings(*, merchant_id: int | None) -> Iterator[Finding]:
    """This will tell of issued documents whose content is not what its fingerprint was made of."""
    text, told = scoped(CONTENTS, merchant_id), 0
    after = "00000000-0000-0000-0000-000000000000"
    while rows := sql.rows(text, {"m": merchant_id, "after": after, "limit": CHUNK}):
        for row in rows:
            made = digest(loads(row["content"]))
            if made != row["digest"] and told < MOST:
                told += 1
                yield Finding(
                    "document.digest",
                    f"document {row['label']}",
                    f"digest {row['digest']}, its content's {made}",
                )
        after = str(rows[-1]["id"])
