"""« Comment annuler »: the text of the public page, in the merchant's words (SH-15)."""

from typing import Any

from django.conf import settings as django_settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.merchants.company import public_texts, write_public_text
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.forms.settings import HowToForm
from countermand.web.how_to_words import OURS
from countermand.web.pages import page
from countermand.web.views.settings.asked import took, who


@member_view("settings")
@require_http_methods(["GET", "POST"])
def how_to(request: Any) -> HttpResponse:
    """This will show and change what the public page says."""
    desk = request.desk
    own = public_texts(merchant_id=desk.merchant_id)
    form = HowToForm(
        request.POST if request.method == "POST" else None,
        initial={language: own.get(language) or text for language, text in OURS.items()},
    )

    def act() -> None:
        for language, text in OURS.items():
            said = form.cleaned_data[language].replace("\r\n", "\n").strip()
            # Our own words are not kept as the merchant's: they go on getting better by themselves.
            wanted = "" if said == text else said
            if wanted != own.get(language, ""):
                write_public_text(language=language, text=wanted, **who(request))

    if request.method == "POST" and took(form, act):
        notices.say(request, gettext("Page publique à jour. Elle se montre ainsi dans cinq minutes au plus."))
        return redirect("web:how_to")
    shop = desk.merchant.code
    address = reverse("web:public_how_to", kwargs={"code": shop})
    return page(
        request,
        "web/settings/how_to.html",
        room="settings",
        status=422 if form.errors else 200,
        form=form,
        address=f"{django_settings.PUBLIC_URL}{address}",
        path=address,
        own=own,
        reachable=bool(desk.merchant.reply_to or desk.merchant.phone),
    )
