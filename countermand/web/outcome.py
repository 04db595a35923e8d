"""A plan as the cancel page shows it beside the choices: the receipt, where money goes, what the rate becomes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from countermand.cancellations.actions import RateView
from countermand.cancellations.planned import Plan
from countermand.performance.guard import courses
from countermand.performance.rules import Rate
from countermand.web import counting_words, findings, readable
from countermand.web.mails import by_which_way


def receipt(plan: Plan) -> list[tuple[str, int]]:
    """This will list the lines of the receipt: they add up to what goes back, whatever had gone back before."""
    lines = [(f"{planned.quantity} × {planned.line.title}", planned.amount) for planned in plan.lines]
    besides = (
        (gettext("Livraison"), plan.shipping),
        (gettext("Frais de la commande"), plan.fees),
        (gettext("Frais d'annulation retenus"), -plan.fee),
    )
    lines += [(label, minor) for label, minor in besides if minor]
    rest = plan.refund + plan.waived - sum(minor for _, minor in lines)
    if rest:
        lines.append((gettext("Non encaissé, ou déjà rendu") if rest < 0 else gettext("Trop-perçu"), rest))
    return lines


def goes(plan: Plan, digits: Mapping[UUID, str]) -> list[str]:
    """This will say where the money goes, one sentence per movement; `digits` of cards by share."""
    currency = plan.ledger.order.currency
    said = []
    for moving in plan.parts:
        if plan.waits(moving):  # when it goes is the customer service's to say
            continue
        amount = readable.money(moving.amount, currency)
        if moving.kind == "void":
            said.append(gettext("%(amount)s autorisés, libérés sans débit") % {"amount": amount})
        else:
            card = digits.get(moving.share.id, "")
            said.append(by_which_way(amount, moving.method, moving.share.method, plan.at, card))
    return said


def aloud(plan: Plan, digits: Mapping[UUID, str]) -> str:
    """This will say in one breath what the customer on the phone wants to hear: how much, where, when (SH-18)."""
    amount = readable.money(plan.refund, plan.ledger.order.currency)
    if plan.when == "none":
        return gettext("Rien ne vous est rendu pour cette annulation.")
    if plan.carried_by == "customer_service" and plan.refund:
        return gettext("C'est le service client de la plateforme qui vous rend %(amount)s.") % {
            "amount": amount
        }
    if plan.when == "platform":
        return gettext("C'est la plateforme qui vous rend %(amount)s.") % {"amount": amount}
    if plan.when == "later" and plan.refund:
        if plan.clock is None:
            return gettext("%(amount)s vous seront rendus plus tard.") % {"amount": amount}
        on = readable.day_near(plan.clock.due_on, timezone.localtime(plan.at).date())
        return gettext("%(amount)s vous seront rendus plus tard, au plus tard le %(on)s.") % {
            "amount": amount,
            "on": on,
        }
    if plan.parts and all(moving.kind == "void" for moving in plan.parts):
        freed = readable.money(sum(moving.amount for moving in plan.parts), plan.ledger.order.currency)
        return gettext("Rien n'est débité : les %(amount)s réservés se libèrent d'eux-mêmes.") % {
            "amount": freed
        }
    said = goes(plan, digits)
    return " ; ".join(said) + "." if said else gettext("Il n'y a rien à vous rendre : rien n'a été débité.")


def rate(seen: RateView | None, plan: Plan) -> dict[str, Any] | None:
    """This will give what the rate card needs: before and after, whether this one counts and why, and what it leads to.

    None where the rate is not known. Shares are exact: nothing is judged by what was rounded.
    """
    if seen is None or not seen.before:
        return None
    shown: dict[str, Any] = {
        "why": counting_words.why(plan.counts_in_rate, plan.counts_why),
        "advice": counting_words.ADVICE.get(plan.counts_why, "") if seen.more else "",
        "warning": _warning(seen),
        "courses": _courses(seen, plan),
        "limit": "",
        "code": plan.ledger.channel.code,
    }
    if not seen.limit:
        return shown | {
            "before": findings.per_cent(seen.before),
            "after": findings.per_cent(seen.after or seen.before),
        }
    total = seen.total or 1
    return shown | {
        "label": gettext("Taux d'annulation"),
        "before": Decimal(seen.cancelled) / total,
        "share": Decimal(seen.cancelled + seen.more) / total,
        "limit": Decimal(seen.limit) / 100,
        "note": _room(seen),
    }


def _courses(seen: RateView, plan: Plan) -> list[dict[str, Any]]:
    """What else can be done for a wish that counts only as it was asked, each with the rate it leads to (AZ-22)."""
    terms, day = plan.ledger.terms, plan.at.date()
    rate = Rate(
        *(seen.cancelled, seen.total, terms.limit, terms.warn, terms.rate_unit, day, day),
        terms.minimum_volume,
    )
    found = courses(rate, more=seen.more, why=plan.counts_why) if seen.more else []
    if not any(each.course == "ask_officially" for each in found):
        return []
    return [
        {
            "course": counting_words.COURSE[each.course],
            "rate": findings.per_cent(each.rate.before),
            "verdict": counting_words.VERDICT[each.verdict],
            "tone": counting_words.VERDICT_TONE[each.verdict],
        }
        for each in found
    ]


def _warning(seen: RateView) -> dict[str, str] | None:
    """What this one leads to, where it passes the warning or the limit of the terms."""
    if not seen.more or seen.verdict not in ("near", "breached") or not seen.limit:
        return None
    limit = findings.per_cent(seen.limit)
    if seen.verdict == "near":
        return (
            {"tone": "attention", "title": gettext("Avec celle-ci, le seuil d'alerte est atteint")}
            if seen.was == "below"
            else None
        )
    title = (
        gettext("La limite de %(limit)s est déjà dépassée")
        if seen.was == "breached"
        else gettext("Avec celle-ci, le taux n'est plus sous %(limit)s")
    )
    return {"tone": "danger", "title": title % {"limit": limit}}


def _room(seen: RateView) -> str:
    if seen.verdict == "too_few":
        return gettext("trop peu de ventes pour juger")
    if not seen.room or seen.verdict == "breached":
        return ""
    said = ngettext("encore %(n)s possible ensuite", "encore %(n)s possibles ensuite", seen.room)
    return said % {"n": readable.number(seen.room)}
