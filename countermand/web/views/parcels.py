"""A parcel is asked back on its way; what its carrier or the buyer answered; it is here again (AZ-4, AZ-18, AZ-19)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.approvals.actions import Held
from countermand.cancellations.ask import Ask
from countermand.orders.carriers import tracking_url
from countermand.overview import returns as reading
from countermand.overview.orders import order_page
from countermand.performance.queries import rate_of
from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.returns import actions
from countermand.web import approvals, notices, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.parcels import CallBackForm, HomeForm
from countermand.web.pages import page

ANSWERS = ("accepted", "refused", "lost")


@member_view("cancel")
@require_http_methods(["GET", "POST"])
def call_back(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask which parcel is called back, of whom and why."""
    desk = request.desk
    order = order_page(merchant_id=desk.merchant_id, order_id=order_id, role=desk.role)
    why = order["actions_refused"].get("intercept", "")
    parcels = [each for each in order["fulfilments"] if not each["back_at"]]
    if why or not parcels:
        facts: dict[str, Any] = {"order": order, "why": refusal_words.say(Refusal(why or "nothing_shipped"))}
        return page(request, "web/returns/refused.html", room="orders", status=409, **facts)
    form = CallBackForm(request.POST or None, parcels=parcels, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.ask_intercept(
                merchant_id=desk.merchant_id, order_id=order_id, by=desk.by, at=datetime.now(UTC), **said
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(refusal)
        else:
            notices.say(request, gettext("Rappel du colis noté. Dites ici ce qui vous est répondu."))
            return redirect("web:parcel", intercept_id=made.id)
    for each in parcels:
        each["url"] = tracking_url(each["carrier"], each["tracking"])
    facts = {"order": order, "form": form, "parcels": parcels}
    return page(
        request, "web/returns/call_back.html", room="orders", status=422 if form.errors else 200, **facts
    )


@member_view("cancel")
@require_http_methods(["GET", "POST"])
def parcel(request: Any, intercept_id: UUID) -> HttpResponse:
    """This will show a parcel called back; do says what became of it: accepted, refused, lost, back."""
    desk, now = request.desk, datetime.now(UTC)
    found = reading.intercept_shape(merchant_id=desk.merchant_id, intercept_id=intercept_id)
    home = HomeForm(request.POST or None, initial={"reason": found["reason"]})
    do = request.POST.get("do", "")
    who: dict[str, Any] = {"merchant_id": desk.merchant_id, "intercept_id": intercept_id}
    who |= {"by": desk.by, "at": now}
    try:
        if do in ANSWERS:
            actions.answer_intercept(**who, answer=do, note=request.POST.get("note", "")[:LONGEST_TEXT])
            notices.say(request, gettext("Réponse notée."))
            return redirect("web:parcel", intercept_id=intercept_id)
        if do == "back" and (found["confirmed"] or home.is_valid()):
            ask = Ask(reason="") if found["confirmed"] else home.ask(role=desk.role)
            made = actions.parcel_home(**who, ask=ask, held_by=desk.rules, rate_of=rate_of)
            return _after(request, made, found)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        if do == "back" and not found["confirmed"]:
            home.is_valid()
            home.refuse(refusal)
        else:
            notices.say(request, refusal_words.say(refusal), tone="attention")
            return redirect("web:parcel", intercept_id=intercept_id)
    facts = {
        "found": found,
        "form": home,
        "number": request.GET.get("n", ""),
        "url": tracking_url(found["carrier"], found["tracking"]),
        "waits": found["state"] in ("asked", "accepted"),
        "over": found["state"] == "back",
    }
    status = 422 if do and home.errors else 200
    return page(request, "web/returns/parcel.html", room="orders", status=status, **facts)


def _after(request: Any, made: actions.Home, found: dict[str, Any]) -> HttpResponse:
    if made.came is not None:
        notices.say(request, gettext("Le colis est compté comme retour. Dites comment il est revenu."))
        return redirect("web:reception", return_id=made.came.id)
    if isinstance(made.cancelled, Held):
        approvals.say_held(request, made.cancelled)
    else:
        notices.say(
            request, gettext("Le colis est revenu avant sa confirmation : ses articles sont annulés.")
        )
    return redirect("web:order", order_id=found["order_id"])


def _asked_for(request: Any) -> dict[str, str]:
    return {"reason": "wrong_address"} if "adresse" in request.GET else {}
