"""A plan and a confirmed cancellation as the doors show them (docs/api.md, Cancelling)."""

from typing import Any

from countermand.cancellations.actions import Confirmed, RateView
from countermand.cancellations.planned import Plan
from countermand.money import plain


def plan_shape(plan: Plan, *, rate: RateView | None = None) -> dict[str, Any]:
    """This will show a plan as the preview does: the answer of confirm without id and state, and `plan`."""
    shown = _common(plan, rate or RateView())
    shown["refund"]["parts"] = [_part(plan, i) for i in range(len(plan.parts))]
    shown["notice"] = {"state": "planned" if plan.notify else "none"}
    shown["steps"] = _steps(plan, "planned", due=None)
    shown["plan"] = plan.digest
    if rate is not None and rate.verdict:
        shown["rate"] |= {"verdict": rate.verdict, "room": rate.room}
    return shown


def confirmed_shape(confirmed: Confirmed) -> dict[str, Any]:
    """This will show a cancellation that was just written, from memory: nothing is read again."""
    plan = confirmed.plan
    held = confirmed.state == "held"
    shown = {"id": str(confirmed.id), "state": confirmed.state, **_common(plan, confirmed.rate)}
    begun = "held" if held else "planned"
    states = _states(plan, begun)
    shown["refund"]["parts"] = [
        {"id": str(refund_id), **_part(plan, i), "state": states[i]}
        for i, refund_id in enumerate(confirmed.refunds)
    ]
    shown["notice"] = {"state": begun if plan.notify else "none"}
    shown["undo_until"] = plan.undo_until.isoformat() if plan.undo_until else None
    shown["steps"] = _steps(plan, begun, due=(plan.undo_until or plan.at).isoformat())
    return shown


def _states(plan: Plan, begun: str) -> list[str]:
    return ["held" if plan.waits(part) else begun for part in plan.parts]


def _steps(plan: Plan, begun: str, *, due: str | None) -> list[dict[str, Any]]:
    steps = [
        {
            "kind": part.kind,
            "state": state,
            "tries": 0,
            "next_at": None if plan.waits(part) else due,
            "error": None,
            "method": part.method,
        }
        for part, state in zip(plan.parts, _states(plan, begun), strict=True)
    ]
    if plan.notify:
        steps.append({"kind": "message", "state": begun, "tries": 0, "next_at": due, "error": None})
    return steps


def tax_inside(*, amount: int, worth: int, tax: int) -> int:
    """This will say how much tax is inside what a line gives back: less than its units', where a part was given before."""
    return tax if amount == worth or not worth else tax * amount // worth


def _part(plan: Plan, i: int) -> dict[str, Any]:
    part = plan.parts[i]
    return {
        "payment": part.share.reference,
        "method": part.method,
        "kind": part.kind,
        "amount": plain(part.amount, plan.ledger.order.currency),
    }


def _common(plan: Plan, rate: RateView) -> dict[str, Any]:
    order = plan.ledger.order
    currency = order.currency
    back: dict[str, int] = {}
    for planned in plan.lines:
        if planned.restock:
            back[planned.line.sku] = back.get(planned.line.sku, 0) + planned.restock
    return {
        "order_id": str(order.id),
        "reason": plan.ask.reason,
        "initiated_by": plan.ask.initiated_by,
        "counts_in_rate": plan.counts_in_rate,
        "counts_why": plan.counts_why,
        "commission": plan.commission or None,
        "currency": currency,
        "lines": [
            {
                "line": planned.line.reference,
                "sku": planned.line.sku,
                "title": planned.line.title,
                "quantity": planned.quantity,
                "amount": plain(planned.amount, currency),
                "tax": plain(
                    tax_inside(amount=planned.amount, worth=planned.worth, tax=planned.tax), currency
                ),
            }
            for planned in plan.lines
        ],
        "shipping_refund": plain(plan.shipping, currency),
        "fees_refund": plain(plan.fees, currency),
        "fee": plain(plan.fee, currency),
        "waived": plain(plan.waived, currency),
        "refund": {
            "amount": plain(plan.refund, currency),
            "when": plan.when,
            "method": plan.method,
            "carried_by": plan.carried_by,
            "parts": [],
        },
        "restocked": [{"sku": sku, "quantity": quantity} for sku, quantity in back.items()],
        "rate": {
            "before": rate.before or None,
            "after": rate.after or None,
            "limit": rate.limit or None,
        },
        "clocks": [
            {"kind": plan.clock.kind, "article": plan.clock.article, "due_on": plan.clock.due_on.isoformat()}
        ]
        if plan.clock
        else [],
        "order": {"status": order.status, "payment_status": order.payment_status},
    }
