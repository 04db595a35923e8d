"""A plan as the cancel page shows it beside the choices: the receipt, where money goes, what the rate becomes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from countermand.cancellations.actions import RateView
from countermand.cancellations.plan import Plan
from countermand.web import readable
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
    """This will give what the meter of the rate needs; None where the rate is not known."""
    if seen is None or not seen.before:
        return None
    if not seen.limit:
        before, after = (
            readable.percent(Decimal(rate) / 100, 2) for rate in (seen.before, seen.after or seen.before)
        )
        return {"before": before, "after": after, "limit": ""}
    return {
        "label": gettext("Taux d'annulation"),
        "before": float(seen.before) / 100,
        "share": float(seen.after or seen.before) / 100,
        "limit": float(seen.limit) / 100,
        "note": "" if plan.counts_in_rate else gettext("celle-ci ne compte pas"),
    }
