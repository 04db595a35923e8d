"""« Mentions légales »: who sells, as credit notes must say it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.documents.identity import identity_of, say_identity
from countermand.documents.queries import waiting_for_identity
from countermand.refusals import Refusal
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.legal import LegalForm
from countermand.web.pages import page


@member_view("channels")
@require_http_methods(["GET", "HEAD", "POST"])
def legal(request: Any) -> HttpResponse:
    """This will show and keep who sells. What was issued before keeps what was true then."""
    desk = request.desk
    form = (
        LegalForm(request.POST)
        if request.method == "POST"
        else LegalForm.of(identity_of(merchant_id=desk.merchant_id))
    )
    if request.method == "POST" and form.is_valid():
        try:
            say_identity(
                merchant_id=desk.merchant_id, identity=form.identity(), by=desk.by, at=datetime.now(UTC)
            )
        except Refusal as refusal:
            beside(form, refusal)
        else:
            notices.say(request, gettext("Mentions légales gardées. Les prochains documents les portent."))
            return redirect("web:legal")
    return page(
        request,
        "web/settings/legal.html",
        room="settings",
        status=422 if form.errors else 200,
        form=form,
        waiting=waiting_for_identity(merchant_id=desk.merchant_id),
    )
