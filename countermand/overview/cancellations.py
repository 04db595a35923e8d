"""Cancellations as the outside reads them, from their rows: the same answer that confirming gave."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from countermand import money, sql
from countermand.cancellations.shape import tax_inside
from countermand.lifecycle import IN_FLIGHT
from countermand.overview.opened import opened
from countermand.overview.written import day, identity, instant
from countermand.payments.ledger import terms_of
from countermand.refusals import Refusal

# One statement however many cancellations: their lines, refunds and message come along as JSON.
READ = """
SELECT c.*, o.status AS order_status, o.payment_status, o.number, ch.terms AS preset, ch.overrides::text AS overrides,
    (SELECT jsonb_agg(jsonb_build_object('line', l.reference, 'sku', l.sku, 'title', l.title, 'quantity', k.quantity,
            'amount', k.amount_minor, 'worth', k.worth_minor, 'tax', k.tax_minor, 'restocked', k.restocked) ORDER BY l.position)
        FROM cancelled_line k JOIN order_line l ON l.id = k.line_id WHERE k.cancellation_id = c.id) AS lines,
    (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'payment', s.reference, 'method', r.method, 'kind', r.kind,
            'amount', r.amount_minor, 'state', r.state, 'tries', r.tries, 'next_at', r.not_before, 'error', r.error,
            'carried_by', r.carried_by, 'asked_at', r.asked_at)
            ORDER BY r.kind, s.position, r.id)
        FROM refund r JOIN payment_share s ON s.id = r.share_id WHERE r.cancellation_id = c.id) AS parts,
    (SELECT jsonb_agg(jsonb_build_object('state', m.state, 'tries', m.tries, 'next_at', m.not_before,
            'error', m.error) ORDER BY m.id)
        FROM message m WHERE m.cancellation_id = c.id AND m.kind = 'cancellation') AS notices
FROM cancellation c JOIN "order" o ON o.id = c.order_id JOIN channel ch ON ch.id = o.channel_id
WHERE c.merchant_id = %s AND """


def cancellation_shape(*, merchant_id: int, cancellation_id: UUID) -> dict[str, Any]:
    """This will write one cancellation as confirming it did, with the states of now. Refuses `not_found`."""
    row = sql.one(f"{READ} c.id = %s", (merchant_id, cancellation_id))
    if row is None:
        raise Refusal("not_found", "no such cancellation")
    return shape(row)


def of_order(*, merchant_id: int, order_id: UUID) -> list[dict[str, Any]]:
    """This will write the cancellations of an order, oldest first."""
    found = sql.rows(f"{READ} c.order_id = %s ORDER BY c.at, c.id", (merchant_id, order_id))
    return [shape(row) for row in found]


def shape(row: Mapping[str, Any]) -> dict[str, Any]:
    """This will write one cancellation from its row."""
    row = opened(row, "lines", "parts", "notices")
    currency = row["currency"]
    lines, parts, notices = (row[name] or [] for name in ("lines", "parts", "notices"))
    terms = terms_of(row["preset"], row["overrides"])
    return {
        "id": str(row["id"]),
        "order_id": str(row["order_id"]),
        "state": row["state"],
        "at": instant(row["at"]),
        "by": row["by"],
        "reason": row["reason"],
        "initiated_by": row["initiated_by"],
        "counts_in_rate": row["counts_in_rate"],
        "counts_why": row["counts_why"],
        "commission": row["commission"] or None,
        "request": identity(row["request_id"]),
        "official_request": row["official_request"],
        "case_reference": row["case_reference"] or None,
        "case_at": instant(row["case_at"]),
        "currency": currency,
        "lines": [_line(line, currency) for line in lines],
        "shipping_refund": money.plain(row["shipping_minor"], currency),
        "fees_refund": money.plain(row["fees_minor"], currency),
        "fee": money.plain(row["fee_minor"], currency),
        "waived": money.plain(row["waived_minor"], currency),
        "refund": {
            "amount": money.plain(row["refund_minor"], currency),
            "when": row["refund_when"],
            "method": row["refund_method"],
            "carried_by": terms.refunds_by,
            "parts": [_part(part, currency) for part in parts],
        },
        "restocked": _restocked(lines),
        "notice": {"state": notices[0]["state"] if notices else "none"},
        "rate": {
            "before": row["rate_before"] or None,
            "after": row["rate_after"] or None,
            "limit": terms.limit or None,
        },
        "clocks": _clocks(row),
        "steps": [_step(part["kind"], part) for part in parts] + [_step("message", one) for one in notices],
        "undo_until": instant(row["undo_until"]),
        "note": row["note"],
        "order": {"status": row["order_status"], "payment_status": row["payment_status"]},
    }


def _line(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    return {
        "line": line["line"],
        "sku": line["sku"],
        "title": line["title"],
        "quantity": line["quantity"],
        "amount": money.plain(line["amount"], currency),
        "tax": money.plain(tax_inside(amount=line["amount"], worth=line["worth"], tax=line["tax"]), currency),
    }


def _part(part: Mapping[str, Any], currency: str) -> dict[str, Any]:
    named = {name: part[name] for name in ("id", "payment", "method", "kind", "state")}
    return {**named, "amount": money.plain(part["amount"], currency)}


def _restocked(lines: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    units: dict[str, int] = {}
    for line in lines:
        if line["restocked"]:
            units[line["sku"]] = units.get(line["sku"], 0) + line["restocked"]
    return [{"sku": sku, "quantity": quantity} for sku, quantity in units.items()]


def _clocks(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    if row["due_on"] is None:
        return []
    return [{"kind": "refund", "article": row["due_article"], "due_on": day(row["due_on"])}]


def _step(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A step that is over has no next time; one that waits for a person has none either."""
    waits = row["state"] in (*IN_FLIGHT, "sending") and row.get("method") != "manual"
    asked = row["state"] == "held" and kind == "refund" and row.get("carried_by") == "customer_service"
    step = {
        "kind": kind,
        "state": row["state"],
        "tries": row["tries"],
        "next_at": instant(row["next_at"]) if waits and not asked else None,
        "error": row["error"] or None,
    }
    return {**step, "method": row["method"]} if "method" in row else step
