"""« Remboursements »: what is owed, what failed, what waits for a hand, and what went lately."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from countermand.channels.queries import channels
from countermand.overview import todo
from countermand.overview.refunds import refund_list, refund_shape
from countermand.refunds.actions import retry
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.pages import page
from countermand.web.views.to_do import row_of

RECENT = 20
THEIRS = "theirs"
# What waits for a person, by kind, in the order in which it is urgent.
WAITING = (
    ("refund_failed", _("Refusés"), _("La banque a dit non. Relancez, ou rendez autrement.")),
    (
        "refund_unknown",
        _("Sans réponse"),
        _("Nous demandons où ils en sont. Vous pouvez le demander maintenant."),
    ),
    ("refund_by_hand", _("À régler à la main"), _("Payez, puis notez la date et la preuve.")),
    (
        "refund_sent_back",
        _("Renvoyés par le service client"),
        _("Il lui manque quelque chose. Répondez : la demande repart avec votre réponse."),
    ),
    ("to_give_back", _("À rembourser"), _("Dû au client, et pas encore en route.")),
    (THEIRS, _("Chez la plateforme"), _("C'est elle qui rembourse : il n'y a qu'à suivre.")),
)


@member_view("read")
@require_safe
def refunds(request: Any) -> HttpResponse:
    """This will show money on its way back, what waits for a person first."""
    merchant_id = request.desk.merchant_id
    now = datetime.now(UTC)
    places = {channel.code: channel for channel in channels(merchant_id=merchant_id)}
    waiting = [row_of(each, places, now) for each in todo.to_do(merchant_id=merchant_id, at=now)]
    groups = [
        {
            "title": title,
            "lead": lead,
            "rows": [row for row in waiting if (THEIRS if row["theirs"] else row["kind"]) == kind],
        }
        for kind, title, lead in WAITING
    ]
    recent = refund_list(merchant_id=merchant_id, limit=RECENT)["items"]
    shown = [group for group in groups if group["rows"]]
    return page(request, "web/refunds/page.html", room="refunds", groups=shown, recent=recent)


@member_view("refund")
@require_POST
def try_again(request: Any, refund_id: UUID) -> HttpResponse:
    """This will try a failed refund anew, or ask now about one without an answer."""
    desk = request.desk
    found = refund_shape(merchant_id=desk.merchant_id, refund_id=refund_id)
    try:
        retry(merchant_id=desk.merchant_id, refund_id=refund_id, by=desk.by, at=datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, gettext("Le remboursement repart."))
    return redirect("web:order", order_id=found["order_id"])
