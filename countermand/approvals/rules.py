"""What needs a second person: a merchant's rules, read, judged, and held against one case. Pure (SH-12)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from countermand.money import exponent
from countermand.reasons import judge_reason
from countermand.refusals import Refusal

ROLES = ("viewer", "agent", "manager", "owner")
APPROVERS = ("manager", "owner")
KINDS = ("amount", "reason", "refund_failed", "rate", "goodwill")
NEAR = ("limit", "warn")
MOST_RULES = 20
LARGEST = Decimal(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: members whose role is below `approver` need somebody of that role, where `kind` bites.

    `above` in major units of the order's currency (amount); `reasons` (reason); `near` limit or warn (rate).
    """

    kind: str
    approver: str = "manager"
    above: str = ""
    reasons: tuple[str, ...] = ()
    near: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What is about to be done, as far as rules look at it. Rates are per cent as text, "" where unknown."""

    amount_minor: int
    currency: str
    reason: str = ""
    refund_failed: bool = False
    goodwill: bool = False
    counts: bool = False
    rate_after: str = ""
    rate_limit: str = ""
    rate_warn: str = ""


@lru_cache(maxsize=1024)
def read(written: str) -> tuple[Rule, ...]:
    """This will read rules from the text that the merchant's row keeps."""
    return of_rows(json.loads(written)) if written != "[]" else ()


def of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """This will read rules that were judged before, as they are kept."""
    return tuple(Rule(**{**row, "reasons": tuple(row.get("reasons", ()))}) for row in rows)


def rows_of(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """This will write rules as they are kept: what a kind does not use is left out."""
    return [
        {"kind": rule.kind, "approver": rule.approver}
        | ({"above": rule.above} if rule.kind == "amount" else {})
        | ({"reasons": list(rule.reasons)} if rule.kind == "reason" else {})
        | ({"near": rule.near} if rule.kind == "rate" else {})
        for rule in rules
    ]


def judged(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """This will refuse rules that say nothing: `unknown_rule`, `unknown_role`, `invalid_amount`,
    `reason_required`, `unknown_reason`, `duplicate_rule`, `too_many_rules`."""
    if len(rules) > MOST_RULES:
        raise Refusal("too_many_rules", f"at most {MOST_RULES}", field="rules")
    found: list[Rule] = []
    for i, rule in enumerate(rules):
        where = f"rules.{i}."
        if rule.kind not in KINDS:
            raise Refusal("unknown_rule", f"kinds are {', '.join(KINDS)}", field=where + "kind")
        if rule.approver not in APPROVERS:
            raise Refusal("unknown_role", "manager or owner", field=where + "approver")
        if rule.kind == "amount":
            rule = Rule("amount", rule.approver, above=_amount(rule.above, field=where + "above"))
        elif rule.kind == "reason":
            rule = Rule("reason", rule.approver, reasons=_reasons(rule.reasons, field=where + "reasons"))
        elif rule.kind == "rate":
            if rule.near not in NEAR:
                raise Refusal("unknown_rule", "near is limit or warn", field=where + "near")
            rule = Rule("rate", rule.approver, near=rule.near)
        else:
            rule = Rule(rule.kind, rule.approver)
        if rule in found:
            raise Refusal("duplicate_rule", "this rule stands already", field=where + "kind")
        found.append(rule)
    return tuple(found)


def concerning(rules: Iterable[Rule], *, role: str) -> tuple[Rule, ...]:
    """This will keep the rules that may bite somebody of a role: those whose approver stands above it."""
    return tuple(rule for rule in rules if ROLES.index(role) < ROLES.index(rule.approver))


def biting(rules: Iterable[Rule], *, role: str, case: Case) -> tuple[Rule, ...]:
    """This will say which rules hold a case of somebody of a role back."""
    return tuple(rule for rule in concerning(rules, role=role) if _bites(rule, case))


def may_ask(rules: Iterable[Rule], *, role: str, kind: str) -> bool:
    """This will say whether a role may ask for what it may not do: a rule of this kind has somebody look at it."""
    return any(rule.kind == kind for rule in concerning(rules, role=role))


def approver_of(rules: Iterable[Rule]) -> str:
    """This will say whose eyes it takes: of the rules that bite, the highest role."""
    return max((rule.approver for rule in rules), key=ROLES.index)


def may_approve(role: str, *, approver: str) -> bool:
    """This will say whether a role is high enough."""
    return ROLES.index(role) >= ROLES.index(approver)


def _bites(rule: Rule, case: Case) -> bool:
    match rule.kind:
        case "amount":
            return Decimal(case.amount_minor).scaleb(-exponent(case.currency)) > Decimal(rule.above)
        case "reason":
            return case.reason in rule.reasons
        case "refund_failed":
            return case.refund_failed
        case "goodwill":
            return case.goodwill
    line = case.rate_limit if rule.near == "limit" else case.rate_warn
    # Terms want the rate *below* its limit, so reaching it is a breach (RK-10).
    return case.counts and bool(line and case.rate_after) and Decimal(case.rate_after) >= Decimal(line)


def _amount(text: str, *, field: str) -> str:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not (amount.is_finite() and 0 <= amount <= LARGEST) or amount != round(amount, 2):
        raise Refusal("invalid_amount", "an amount such as 100 or 99.50", field=field)
    return f"{amount:.2f}"


def _reasons(reasons: Sequence[str], *, field: str) -> tuple[str, ...]:
    if not reasons:
        raise Refusal("reason_required", "name at least one reason", field=field)
    for reason in reasons:
        judge_reason(reason, field=field)
    return tuple(sorted(set(reasons)))
