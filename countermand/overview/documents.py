"""Documents as the outside reads them: lists and one with what it says."""

from json import loads
from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.documents.models import KINDS
from countermand.overview import cursors
from countermand.overview.written import day, identity, instant
from countermand.refusals import Refusal

COLUMNS = """d.id, d.order_id, o.number AS order_number, o.invoice_number, d.cancellation_id, d.corrects_id, d.kind,
    d.state, d.error, d.label, d.issued_on, d.currency, d.amount_minor, d.digest, d.created_at,
    (SELECT max(m.sent_at) FROM message m WHERE m.order_id = d.order_id AND m.kind = 'document'
        AND m.facts->>'document' = d.id::text) AS sent_at"""
FROM = 'FROM document d JOIN "order" o ON o.id = d.order_id'


def document_list(
    *,
    merchant_id: int,
    order_id: UUID | None = None,
    kind: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """This will list documents, newest first: `{items, next}`. Refuses `unknown_kind`, and what `cursors` refuses."""
    cursors.checked(limit)
    if kind and kind not in KINDS:
        raise Refusal("unknown_kind", f"kinds are {', '.join(KINDS)}", field="kind")
    asked = ["documents", merchant_id, order_id, kind]
    values: dict[str, Any] = {"m": merchant_id, "limit": limit + 1, "kind": kind, "order": order_id}
    conditions = ["d.merchant_id = %(m)s"]
    if order_id:
        conditions.append("d.order_id = %(order)s")
    if kind:
        conditions.append("d.kind = %(kind)s")
    if cursor:
        conditions.append("d.id < %(after)s::uuid")
        values["after"] = cursors.read(cursor, asked=asked)[0]
    statement = f"SELECT {COLUMNS} {FROM} WHERE {' AND '.join(conditions)} ORDER BY d.id DESC LIMIT %(limit)s"
    found = sql.rows(statement, values)
    more = len(found) > limit
    found = found[:limit]
    following = cursors.make(place=[str(found[-1]["id"])], asked=asked) if more else None
    return {"items": [shape(row) for row in found], "next": following}


def document_shape(*, merchant_id: int, document_id: UUID) -> dict[str, Any]:
    """This will write one document with its content, amounts in major units as text. Refuses `not_found`."""
    statement = f"SELECT {COLUMNS}, d.content {FROM} WHERE d.merchant_id = %s AND d.id = %s"
    row = sql.one(statement, (merchant_id, document_id))
    if row is None:
        raise Refusal("not_found", "no such document")
    content = loads(row["content"]) if row["content"] else None
    return {**shape(row), "content": content and _said(content)}


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """This will write one document as the API does."""
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "state": row["state"],
        "waits_for": row["error"] or None,
        "number": row["label"] or None,
        "issued_on": day(row["issued_on"]),
        "order_id": str(row["order_id"]),
        "order_number": row["order_number"],
        "invoice_number": row["invoice_number"],
        "cancellation": identity(row["cancellation_id"]),
        "corrects": identity(row["corrects_id"]),
        "amount": money.plain(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "digest": f"sha256:{row['digest']}" if row["digest"] else None,
        "created_at": instant(row["created_at"]),
        "sent_at": instant(row["sent_at"]),
    }


def _said(content: dict[str, Any]) -> dict[str, Any]:
    currency = content["currency"]

    def written(row: dict[str, Any]) -> dict[str, Any]:
        amounts: dict[str, Any] = {
            name: money.plain(row[name], currency)
            for name in ("net", "tax", "gross", "amount")
            if name in row
        }
        rate: dict[str, Any] = (
            {}
            if "rate" not in row
            else {"rate": None if row["rate"] is None else money.plain_rate(row["rate"])}
        )
        return {**row, **amounts, **rate}

    cause = {**content["cause"], "retained": money.plain(content["cause"]["retained"], currency)}
    lists = {name: [written(row) for row in content[name]] for name in ("lines", "rates", "paid")}
    return {**written(content), **lists, "cause": cause}
