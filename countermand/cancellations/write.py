"""The hot path: any number of confirmed plans written in two statements, the articles last.

Raw SQL on purpose (docs/decisions/0000, Transaction of `confirm`): one statement carries every row of every
plan as jsonb, one moves the counters of the articles and writes their movements.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from countermand import ids, sql
from countermand.cancellations.planned import Part, Plan
from countermand.cancellations.statements import FILE_ROWS, RELEASE, WRITE
from countermand.events.record import event
from countermand.orders.facts import Requested
from countermand.payments.ledger import line_row, order_row
from countermand.reasons import REASONS

ROWS = ("dropped", "cancellations", "cancelled_lines", "refunds", "targets", "messages", "rates", "events")


class AskedFor(NamedTuple):
    """A cancellation, and the buyer's requests: open before, answered by it, open after."""

    order_id: UUID
    cancellation_id: UUID
    before: tuple[Requested, ...]
    answers: Requested | None
    after: tuple[Requested, ...]


class Writing:
    """The rows of confirmed plans, gathered for `WRITE` and `RELEASE`."""

    def __init__(self, *, merchant_id: int, by: str, at: datetime) -> None:
        self.merchant_id, self.by, self.at = merchant_id, by, at
        # By id, since several cancellations of one order may be written together: the last word counts.
        self.orders: dict[UUID, dict[str, Any]] = {}
        self.lines: dict[UUID, dict[str, Any]] = {}
        self.reserved: dict[UUID, dict[str, Any]] = {}
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in ROWS}
        self.moves: list[dict[str, Any]] = []
        self.file_rows: list[dict[str, Any]] = []
        # Cancellations of orders of which a buyer had asked something: what each answers, and what it leaves.
        self.asked_for: list[AskedFor] = []

    def add(self, plan: Plan, *, source: str | None, rate: tuple[str, str]) -> tuple[UUID, str, list[UUID]]:
        """This will add one applied plan; gives the cancellation's id, its state, and its refunds' ids."""
        cancellation_id = ids.new()
        order = plan.ledger.order
        hold = plan.undo_until
        state = "held" if hold else self._state(plan)
        self.orders[order.id] = order_row(plan.ledger)
        self.rows["cancellations"].append(
            {
                "id": cancellation_id,
                "merchant_id": self.merchant_id,
                "order_id": order.id,
                "at": plan.at,
                "by": self.by,
                "initiated_by": plan.ask.initiated_by,
                "reason": plan.ask.reason,
                "request_id": plan.ask.request_id,
                "official_request": plan.ask.official_request,
                "case_reference": plan.ask.case_reference.strip(),
                "case_at": plan.ask.case_at,
                "commission": plan.commission,
                "counts_in_rate": plan.counts_in_rate,
                "counts_why": plan.counts_why,
                "state": state,
                "undo_until": hold,
                "concluded_at": plan.at if state == "done" else None,
                "currency": order.currency,
                "worth_minor": plan.worth,
                "shipping_minor": plan.shipping,
                "fees_minor": plan.fees,
                "fee_minor": plan.fee,
                "refund_minor": plan.refund,
                "waived_minor": plan.waived,
                "refund_when": plan.when,
                "refund_method": plan.method,
                "waiver": plan.ask.waiver,
                "consent": plan.ask.consent,
                "notify": plan.notify,
                "message": plan.ask.message,
                "note": plan.ask.note,
                "terms_revision": plan.ledger.channel.revision,
                "rate_before": rate[0],
                "rate_after": rate[1],
                "due_on": plan.clock.due_on if plan.clock else None,
                "due_article": plan.clock.article if plan.clock else "",
                "source": source,
                "dropped": [share.payment_id for share in plan.drop],
            }
        )
        for planned in plan.lines:
            self.lines[planned.line.id] = line_row(planned.line)
            self.rows["cancelled_lines"].append(
                {
                    "id": ids.new(),
                    "merchant_id": self.merchant_id,
                    "cancellation_id": cancellation_id,
                    "line_id": planned.line.id,
                    "quantity": planned.quantity,
                    "worth_minor": planned.worth,
                    "amount_minor": planned.amount,
                    "tax_minor": planned.tax,
                    "restocked": planned.restock,
                }
            )
            if planned.line.tracked:
                self.moves.append(
                    {
                        "seq": len(self.moves),
                        "item_id": planned.line.item_id,
                        "order_id": order.id,
                        "cancellation_id": cancellation_id,
                        "back": planned.restock,
                        "off": planned.quantity - planned.restock,
                        "by": self.by,
                        "at": plan.at,
                    }
                )
        refunds = [self._refund(plan, part, cancellation_id, hold) for part in plan.parts]
        self.rows["dropped"].extend({"id": share.payment_id} for share in plan.drop)
        if plan.notify:
            self.rows["messages"].append(self._message(plan, cancellation_id, hold))
        if plan.counts_in_rate:
            self.rows["rates"].append(
                {
                    "merchant_id": self.merchant_id,
                    "channel_id": plan.ledger.channel.id,
                    "day": order.placed_on,
                    "orders_cancelled": 1 if order.counted == 1 else 0,
                    "articles_cancelled": sum(planned.quantity for planned in plan.lines),
                }
            )
        if plan.were_asked:
            self.asked_for.append(
                AskedFor(order.id, cancellation_id, plan.were_asked, plan.answers, order.requests)
            )
        self._events(plan, cancellation_id, refunds, state)
        return cancellation_id, state, refunds

    def add_rows(self, cancellation_id: UUID, amounts: Iterable[tuple[str, int]]) -> None:
        """This will add the file rows that made one cancellation together: identity and part of what goes back."""
        self.file_rows.extend(
            {"id": ids.new(), "source": source, "cancellation_id": cancellation_id, "amount_minor": amount}
            for source, amount in amounts
        )

    def write(self) -> None:
        """This will write everything that was added."""
        rows: dict[str, Any] = dict(self.rows)
        rows["orders"] = list(self.orders.values())
        rows["lines"] = list(self.lines.values())
        rows["reserved"] = list(self.reserved.values())
        most = max(map(len, rows.values()))
        sql.execute_with_commit(WRITE, {"rows": sql.json(rows), "most": most})
        if self.file_rows:
            sql.execute_with_commit(FILE_ROWS, {"m": self.merchant_id, "rows": sql.json(self.file_rows)})
        if self.moves:
            moves = {"m": self.merchant_id, "moves": sql.json(self.moves), "most": len(self.moves)}
            sql.execute_with_commit(RELEASE, moves, last=True)

    def _state(self, plan: Plan) -> str:
        if any(part.method == "manual" and not plan.waits(part) for part in plan.parts):
            return "needs_person"
        return "in_progress" if plan.parts or plan.notify else "done"

    def _refund(self, plan: Plan, part: Part, cancellation_id: UUID, hold: datetime | None) -> UUID:
        refund_id = ids.new()
        order = plan.ledger.order
        waits = plan.waits(part)
        self.rows["refunds"].append(
            {
                "id": refund_id,
                "merchant_id": self.merchant_id,
                "order_id": order.id,
                "cancellation_id": cancellation_id,
                "reimbursement_id": None,
                "share_id": part.share.id,
                "kind": part.kind,
                "method": part.method,
                "amount_minor": part.amount,
                "currency": order.currency,
                "state": "held" if hold or waits else "planned",
                "carried_by": plan.carried_by,
                "asked_at": plan.at if waits and not hold else None,
                "key": uuid4(),
                "reason": plan.ask.reason,
                "due_at": plan.pay_by,
                "not_before": plan.due(part),
                "lease_until": None,
                "tries": 0,
                "error": "",
                "provider_refund": "",
                "evidence": "",
                "created_at": plan.at,
                "settled_at": None,
                "by": self.by,
            }
        )
        for target in part.targets:
            self.rows["targets"].append(
                {
                    "merchant_id": self.merchant_id,
                    "refund_id": refund_id,
                    "target": target.target,
                    "line_id": target.line_id,
                    "amount_minor": target.amount,
                    "tax_minor": target.tax,
                }
            )
        if part.kind == "refund":
            share = part.share
            held = self.reserved.setdefault(
                share.id, {"share_id": share.id, "payment_id": share.payment_id, "amount": 0}
            )
            held["amount"] += part.amount
        return refund_id

    def _message(self, plan: Plan, cancellation_id: UUID, hold: datetime | None) -> dict[str, Any]:
        return {
            "id": ids.new(),
            "merchant_id": self.merchant_id,
            "order_id": plan.ledger.order.id,
            "kind": "cancellation",
            "cancellation_id": cancellation_id,
            "reimbursement_id": None,
            "facts": message_facts(plan),
            "state": "held" if hold else "planned",
            "not_before": hold or plan.at,
            "lease_until": None,
            "tries": 0,
            "error": "",
            "recipient": "",
            "subject": "",
            "text": "",
            "html": "",
            "message_id": "",
            "created_at": plan.at,
            "sent_at": None,
        }

    def _events(self, plan: Plan, cancellation_id: UUID, refunds: Sequence[UUID], state: str) -> None:
        subject = ("cancellation", cancellation_id)
        common: dict[str, Any] = {
            "merchant_id": self.merchant_id,
            "at": plan.at,
            "by": self.by,
            "order_id": plan.ledger.order.id,
        }
        add = self.rows["events"].append
        add(
            event(
                kind="cancellation.confirmed",
                subject=subject,
                reason=plan.ask.reason,
                initiated_by=plan.ask.initiated_by,
                units={planned.line.reference: planned.quantity for planned in plan.lines},
                refund_minor=plan.refund,
                when=plan.when,
                waived_minor=plan.waived,
                **common,
            )
        )
        for refund_id, part in zip(refunds, plan.parts, strict=True):
            facts: dict[str, Any] = {
                "amount_minor": part.amount,
                "movement": part.kind,
                "method": part.method,
            }
            add(event(kind="refund.planned", subject=("refund", refund_id), **facts, **common))
            if plan.waits(part) and state != "held":
                asked: dict[str, Any] = {"amount_minor": part.amount}
                add(event(kind="refund.asked", subject=("refund", refund_id), **asked, **common))
        released = {p.line.sku: p.quantity for p in plan.lines if p.line.tracked}
        restocked = {p.line.sku: p.restock for p in plan.lines if p.restock}
        if released:
            add(event(kind="stock.released", subject=subject, units=released, **common))
        if restocked:
            add(event(kind="stock.restocked", subject=subject, units=restocked, **common))
        if state == "done":
            add(event(kind="cancellation.done", subject=subject, **common))


def message_facts(plan: Plan) -> dict[str, Any]:
    """This will freeze what the mail to the buyer says; its words are made when it is sent."""
    order = plan.ledger.order
    return {
        "number": order.number,
        "currency": order.currency,
        "reason": plan.ask.reason,
        "family": REASONS[plan.ask.reason].family,
        "whole": order.status == "cancelled",
        "lines": [
            {"title": p.line.title, "sku": p.line.sku, "quantity": p.quantity, "amount_minor": p.amount}
            for p in plan.lines
        ],
        "remaining": [
            {"title": line.title, "quantity": line.open} for line in plan.ledger.lines if line.open
        ],
        "refund_minor": plan.refund,
        "shipping_minor": plan.shipping,
        "fees_minor": plan.fees,
        "fee_minor": plan.fee,
        "when": plan.when,
        "pay_by": plan.pay_by.isoformat() if plan.pay_by else None,
        "methods": [
            {"method": part.share.method, "amount_minor": part.amount, "how": part.method, "kind": part.kind}
            for part in plan.parts
        ],
        "message": plan.ask.message,
    }
