"""« Boîte aux lettres »: what channels in test mode sent, as it arrived. Nothing of it left the house."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from countermand.correspondence.models import Message
from countermand.correspondence.queries import mails_to
from countermand.refusals import Refusal
from countermand.web.access import member_view
from countermand.web.pages import page

LIMIT = 100
# A mail brings its own inline styles and may do nothing else; `sandbox` takes scripts, forms and origin away.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


@member_view("read")
@require_safe
def mailbox(request: Any) -> HttpResponse:
    """This will list the mails that channels in test mode sent."""
    to = request.GET.get("a", "").strip()
    mails = mails_to(merchant_id=request.desk.merchant_id, to=to, limit=LIMIT)
    return page(request, "web/mailbox/page.html", room="settings", mails=mails, to=to)


@member_view("read")
@require_safe
def mail(request: Any, message_id: UUID) -> HttpResponse:
    """This will show one mail, as HTML in a frame of its own and as text."""
    return page(request, "web/mailbox/mail.html", room="settings", mail=_mail(request, message_id))


@member_view("read")
@require_safe
@xframe_options_sameorigin
def mail_body(request: Any, message_id: UUID) -> HttpResponse:
    """This will give the HTML of a mail for the frame, under a policy that lets it show and nothing more."""
    answer = HttpResponse(_mail(request, message_id).html)
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _mail(request: Any, message_id: UUID) -> Message:
    kept = Message.of(request.desk.merchant_id).filter(state="sent", order__channel__mode="test")
    found = kept.select_related("order").filter(id=message_id).first()
    if found is None:
        raise Refusal("not_found", "no such mail")
    return found
