"""« Votre accès »: password, second factor, the code for a shared till."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.merchants import till
from countermand.merchants.models import TillCode
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.forms.settings import TillCodeForm
from countermand.web.pages import page
from countermand.web.views.settings.asked import took, who


@member_view("read")
@require_http_methods(["GET", "POST"])
def security(request: Any) -> HttpResponse:
    """This will show how the reader comes in, and set the code for a shared till."""
    desk = request.desk
    form = TillCodeForm(request.POST if request.method == "POST" else None, user=desk.user)
    ask = {name: value for name, value in who(request).items() if name != "merchant_id"}
    if request.method == "POST" and request.POST.get("do") == "drop":
        till.set_till_code(member=desk.member, code="", **ask)
        notices.say(request, gettext("Code retiré."))
        return redirect("web:security")
    if request.method == "POST" and took(
        form, lambda: till.set_till_code(member=desk.member, code=form.cleaned_data["code"], **ask)
    ):
        notices.say(
            request, gettext("Code choisi : il sert sur les appareils où vous êtes entré aujourd'hui.")
        )
        return redirect("web:security")
    kinds = set(Authenticator.objects.filter(user=desk.user).values_list("type", flat=True))
    return page(
        request,
        "web/settings/security.html",
        room="settings",
        status=422 if form.errors else 200,
        form=form,
        second_factor="totp" in kinds,
        has_code=TillCode.objects.filter(member=desk.member).exists(),
    )
