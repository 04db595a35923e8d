"""What the sandbox provider believes, and the mails of channels in test mode: for those who try things out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.once import answer
from countermand.api.schemas import answers
from countermand.api.short_lists import short_list
from countermand.channels.models import Channel
from countermand.correspondence.queries import letters_to, mails_to
from countermand.overview import cursors
from countermand.payments.providers.sandbox.queries import payment_state
from countermand.refusals import Refusal

router = Router(tags=["sandbox"])


@router.get(
    "/sandbox/payments/{path:provider_reference}", auth=may("read"), response=answers.SandboxPaymentAnswer
)
def sandbox_payment(request: HttpRequest, provider_reference: str) -> HttpResponse:
    """This will show what the sandbox provider believes of a payment."""
    bearer = _trying_out(request)
    account = f"sandbox:{bearer.merchant_id}"
    return answer(payment_state(account=account, reference=provider_reference))


@router.get("/sandbox/mails", auth=may("read"), response=answers.MailList)
def sandbox_mails(
    request: HttpRequest, to: str = "", limit: int = cursors.MOST, cursor: str | None = None
) -> HttpResponse:
    """This will list mails that were sent from channels in test mode, and letters to colleagues about them, newest first."""
    bearer = _trying_out(request)
    mails = [
        {
            "to": mail.recipient,
            "subject": mail.subject,
            "text": mail.text,
            "html": mail.html,
            "message_id": mail.message_id,
            "at": mail.sent_at.isoformat() if mail.sent_at else None,
            "kind": mail.kind,
            "order_id": str(mail.order_id),
        }
        for mail in mails_to(merchant_id=bearer.merchant_id, to=to)
    ]
    mails += [
        {
            "to": letter.recipient,
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
            "message_id": "",
            "at": letter.sent_at.isoformat() if letter.sent_at else None,
            "kind": letter.kind,
            "order_id": str(letter.subject_id),
        }
        for letter in letters_to(merchant_id=bearer.merchant_id, to=to)
    ]
    mails.sort(key=lambda mail: mail["at"] or "", reverse=True)
    return short_list(request, mails, key=_place, shape=dict, limit=limit, cursor=cursor)


def _place(mail: dict[str, Any]) -> str:
    return "|".join(str(mail[name]) for name in ("at", "kind", "order_id", "to", "message_id"))


def _trying_out(request: HttpRequest) -> Bearer:
    """A merchant without a channel in test mode has no sandbox."""
    bearer = bearer_of(request)
    if not Channel.of(bearer.merchant_id).filter(mode="test").exists():
        raise Refusal("not_found", "no channel of yours is in test mode")
    return bearer
