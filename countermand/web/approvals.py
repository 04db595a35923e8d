"""What needs a second person, in words: why it was held, who looks, what became of it (SH-12)."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand.approvals.actions import Held, held_by
from countermand.approvals.rules import Rule, approver_of
from countermand.cancellations.actions import RateView
from countermand.cancellations.planned import Plan
from countermand.money import exponent
from countermand.web import notices, readable, words
from countermand.web.access import Desk
from countermand.web.mails import by_which_way
from countermand.web.templatetags.shown import minor_of

KIND = {
    "amount": _("Le montant rendu dépasse…"),
    "reason": _("Le motif est…"),
    "refund_failed": _("Un remboursement de la commande a échoué"),
    "rate": _("Le taux d'annulation s'approche…"),
    "goodwill": _("C'est un geste commercial"),
}
APPROVER = {
    "manager": _("Un responsable ou le propriétaire"),
    "owner": _("Le propriétaire"),
}
BY_APPROVER = {"manager": _("d'un responsable"), "owner": _("du propriétaire")}
NEAR = {"limit": _("de la limite du canal : il l'atteindrait"), "warn": _("de son seuil d'alerte")}
OUTCOME = {
    "waiting": (_("en attente de validation"), "hourglass", "attention"),
    "approved": (_("validée"), "check", "done"),
    "declined": (_("refusée"), "x", "danger"),
    "stale": (_("dépassée"), "history", ""),
    "expired": (_("sans réponse"), "clock-alert", "attention"),
    "withdrawn": (_("retirée"), "undo-2", ""),
}


def say_held(request: Any, held: Held) -> None:
    """This will tell who asked that nothing has moved yet, and who looks at it."""
    who = BY_APPROVER[held.approval.approver]
    if held.approval.state != "waiting":
        said = gettext("Cette demande a déjà été %(outcome)s.") % {"outcome": OUTCOME[held.approval.state][0]}
    elif held.again:
        said = gettext("La demande attend déjà l'accord %(who)s.") % {"who": who}
    else:
        said = gettext("Rien n'est parti : la demande attend l'accord %(who)s.") % {"who": who}
    notices.say(request, said, tone="info")


def rule_words(rule: Rule, *, currency: str = "") -> str:
    """This will say a rule as a condition: « plus de 100,00 € rendus »."""
    if rule.kind == "amount":
        if not currency:
            said = gettext("plus de %(amount)s rendus, dans la devise de la commande")
            return said % {"amount": readable.number(Decimal(rule.above))}
        amount = readable.money(int(Decimal(rule.above).scaleb(exponent(currency))), currency)
        return gettext("plus de %(amount)s rendus") % {"amount": amount}
    if rule.kind == "reason":
        named = ", ".join(str(words.REASON.get(reason, reason)) for reason in rule.reasons)
        return gettext("motif : %(reasons)s") % {"reasons": named}
    if rule.kind == "rate":
        if rule.near == "limit":
            return gettext("le taux d'annulation atteindrait sa limite")
        return gettext("le taux d'annulation atteindrait son seuil d'alerte")
    return {
        "refund_failed": gettext("un remboursement de cette commande a échoué"),
        "goodwill": gettext("geste commercial"),
    }[rule.kind]


def ahead(desk: Desk, plan: Plan, rate: RateView | None) -> dict[str, Any] | None:
    """This will say before the last button that somebody has to look first: why, and who; None where nobody has."""
    found = held_by(plan, rate or RateView(), desk.rules, role=desk.role)
    if not found:
        return None
    currency = plan.ledger.order.currency
    return {
        "why": [capfirst(rule_words(rule, currency=currency)) for rule in found],
        "approver": BY_APPROVER[approver_of(found)],
    }


def why(rows: Iterable[Mapping[str, Any]], *, currency: str) -> list[str]:
    """This will say why a plan is held, one sentence per rule."""
    rules = [Rule(**{**row, "reasons": tuple(row.get("reasons", ()))}) for row in rows]
    return [capfirst(rule_words(rule, currency=currency)) for rule in rules]


def receipt(shape: Mapping[str, Any]) -> list[tuple[str, int]]:
    """This will list the lines of a frozen plan's receipt: they add up to what goes back."""
    plan, currency = shape["plan"], shape["currency"]
    if shape["kind"] == "refund":
        lines = [(line["title"], minor_of(line["amount"], currency)) for line in plan["lines"]]
        label = gettext("Geste commercial") if plan["goodwill"] else gettext("Livraison et autres")
        rest = minor_of(plan["amount"], currency) - sum(minor for _line, minor in lines)
        return [*lines, (label, rest)] if rest else lines
    lines = [
        (f"{line['quantity']} × {line['title']}", minor_of(line["amount"], currency))
        for line in plan["lines"]
    ]
    besides = (
        (gettext("Livraison"), minor_of(plan["shipping_refund"], currency)),
        (gettext("Frais de la commande"), minor_of(plan["fees_refund"], currency)),
        (gettext("Frais d'annulation retenus"), -minor_of(plan["fee"], currency)),
    )
    lines += [(label, minor) for label, minor in besides if minor]
    total = minor_of(plan["refund"]["amount"], currency) + minor_of(plan["waived"], currency)
    rest = total - sum(minor for _line, minor in lines)
    if rest:
        lines.append((gettext("Non encaissé, ou déjà rendu") if rest < 0 else gettext("Trop-perçu"), rest))
    return lines


def goes(shape: Mapping[str, Any]) -> list[str]:
    """This will say where the money would go, one sentence per movement."""
    plan, currency = shape["plan"], shape["currency"]
    parts = plan["parts"] if shape["kind"] == "refund" else plan["refund"]["parts"]
    now = timezone.now()
    said = []
    for part in parts:
        amount = readable.money(minor_of(part["amount"], currency), currency)
        if part["kind"] == "void":
            said.append(gettext("%(amount)s autorisés, libérés sans débit") % {"amount": amount})
        else:
            said.append(by_which_way(amount, part["method"], part["paid_by"], now))
    if shape["kind"] == "cancellation" and plan["refund"]["when"] == "later":
        said.append(gettext("À rembourser plus tard, à la main."))
    return said


def follows(shape: Mapping[str, Any]) -> list[tuple[str, str]]:
    """This will list what else would follow from a cancellation: stock, mail, voucher. (icon, sentence)"""
    if shape["kind"] == "refund":
        return []
    plan = shape["plan"]
    back = sum(each["quantity"] for each in plan["restocked"])
    said = [
        ("boxes", gettext("%(n)s remis en stock") % {"n": back} if back else gettext("Rien remis en stock"))
    ]
    mailed = plan["notice"]["state"] != "none"
    said.append(("mail", gettext("E-mail au client") if mailed else gettext("Pas d'e-mail au client")))
    if voucher := plan.get("voucher"):
        off = f"{voucher['value']} %" if voucher["kind"] == "percent" else voucher["value"]
        on = readable.day(date.fromisoformat(voucher["expires_on"]))
        said.append(("gift", gettext("Bon d'achat : %(off)s jusqu'au %(on)s") % {"off": off, "on": on}))
    return said


def rate(shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """This will give what the meter of the rate needs; None where no rate with a limit is known."""
    found = shape["plan"].get("rate") or {}
    if not (found.get("before") and found.get("limit")):
        return None
    return {
        "before": float(found["before"]) / 100,
        "share": float(found["after"] or found["before"]) / 100,
        "limit": float(found["limit"]) / 100,
    }
