"""The third step carried out and shown: the same deed whether a voucher comes with it or not."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from countermand.approvals.actions import Gift, Held, confirm_or_hold
from countermand.cancellations.actions import Confirmed, Wish
from countermand.cancellations.planned import Plan
from countermand.cancellations.queries import AlreadyDone
from countermand.cancellations.write import message_facts
from countermand.correspondence import queries as correspondence
from countermand.payments import queries as payments
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal
from countermand.vouchers.codes import UNKNOWN
from countermand.vouchers.rules import Offer, worth
from countermand.web import outcome
from countermand.web.access import Desk
from countermand.web.mails import flowing


def carry_out(
    *, desk: Desk, wish: Wish, offer: Offer | None, at: datetime
) -> Confirmed | AlreadyDone | Held | Refusal:
    """This will call off, with a voucher where one is offered (SH-11): written, done before, waiting for a
    second person (SH-12), or why not."""
    try:
        return confirm_or_hold(
            merchant_id=desk.merchant_id,
            order_id=wish.order_id,
            ask=wish.ask,
            source=wish.source,
            gift=Gift(offer, free_hand=desk.allows("goodwill")) if offer else None,
            rules=desk.rules,
            by=desk.by,
            at=at,
            rate_of=rate_of,
        )
    except Refusal as refusal:
        return refusal


def shown(*, desk: Desk, plan: Plan, message: str, offer: Offer | None, at: datetime) -> dict[str, Any]:
    """This will give what stands beside the choices: the sentence to say, where money goes, the mail, the button."""
    order = plan.ledger.order
    digits = payments.last_digits(merchant_id=desk.merchant_id, order_id=order.id)
    facts: dict[str, Any] = {
        "aloud": outcome.aloud(plan, digits),
        "goes": outcome.goes(plan, digits),
        "press": _button(plan),
    }
    if plan.notify:
        words = message_facts(plan) | {"message": message, "voucher": _code_to_come(offer, order.currency)}
        mail = correspondence.preview(merchant_id=desk.merchant_id, order_id=order.id, facts=words, at=at)
        facts["mail"] = {"subject": mail.subject, "text": flowing(mail.text)}
    return facts


def _button(plan: Plan) -> str:
    """What the last button does, in its own words: who reads it knows whether a mail goes out."""
    if plan.notify:
        return gettext("Envoyer et annuler")
    if plan.ledger.terms.notify == "channel":
        return gettext("Annuler ; le canal prévient")
    return gettext("Annuler sans prévenir")


def _code_to_come(offer: Offer | None, currency: str) -> dict[str, Any] | None:
    """The voucher as the mail will say it; its code is made with the cancellation and not before."""
    if offer is None:
        return None
    try:
        what = worth(offer, currency=currency)
    except Refusal:
        return None
    return {
        "code": UNKNOWN,
        "amount_minor": what.amount_minor,
        "percent": what.percent,
        "expires_on": offer.expires_on.isoformat(),
    }
