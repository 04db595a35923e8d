"""« Confirmer l'expédition »: what leaves, and the parcels that left without being confirmed (AZ-4, AZ-12)."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from countermand.orders.actions import fulfil
from countermand.orders.actions.received import say_received
from countermand.overview.orders import order_page
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.shipping import ShipForm
from countermand.web.pages import page
from countermand.web.views.order import address_lines

DAYS = ("%Y-%m-%d", "%d/%m/%Y")  # as a browser sends it, and as people type it


@member_view("intake")
@require_http_methods(["GET", "POST"])
def ship(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask what leaves, and write the parcel down."""
    desk = request.desk
    order = order_page(merchant_id=desk.merchant_id, order_id=order_id, role=desk.role)
    why = order["actions_refused"].get("fulfil", "")
    waiting = _unconfirmed(order)
    if why and ("confirm_shipment" in order["actions_refused"] or not waiting):
        facts: dict[str, Any] = {"order": order, "why": refusal_words.say(Refusal(why))}
        return page(request, "web/shipping/refused.html", room="orders", status=409, **facts)
    bound = request.method == "POST" and not why
    if bound and request.POST.get("parcel") in {each["reference"] for each in order["fulfilments"]}:
        notices.say(request, gettext("Ce colis est déjà noté."))
        return redirect("web:order", order_id=order_id)
    asked = [each for each in order["requests"] if each["state"] == "open"]
    held = any(each["official"] for each in asked)
    form = None if why else ShipForm(request.POST if bound else None, lines=order["lines"], held=held)
    if bound and form is not None and form.is_valid() and _sent(request, order, form):
        return redirect("web:order", order_id=order_id)
    address = address_lines(order["shipping_address"] or {}, but=order["customer"]["name"])
    facts = {"order": order, "form": form, "waiting": waiting, "asked": asked, "address": address}
    wrong = bound and form is not None and form.errors
    return page(request, "web/shipping/page.html", room="orders", status=422 if wrong else 200, **facts)


def _sent(request: Any, order: dict[str, Any], form: ShipForm) -> bool:
    # Sent twice by one press, it is the same parcel.
    reference = request.POST.get("parcel") or str(len(order["fulfilments"]) + 1)
    try:
        fulfil(
            merchant_id=request.desk.merchant_id,
            order_id=UUID(order["id"]),
            fulfilment=form.parcel(reference),
            by=request.desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        beside(form, refusal)
        return False
    notices.say(request, gettext("Colis noté : ces articles sont partis."))
    return True


@member_view("intake")
@require_POST
def confirm_parcel(request: Any, order_id: UUID) -> HttpResponse:
    """This will confirm the shipment of a parcel that was only announced."""
    desk = request.desk
    order = order_page(merchant_id=desk.merchant_id, order_id=order_id)
    known = {each["reference"]: each for each in order["fulfilments"]}
    parcel = known.get(request.POST.get("parcel", ""))
    try:
        if parcel is None:
            raise Refusal("nothing_shipped")
        same = {name: parcel[name] for name in ("reference", "carrier", "tracking", "lines")}
        fulfil(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            fulfilment={**same, "confirmed": True},
            by=desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, gettext("Expédition confirmée."))
    return redirect("web:order", order_id=order_id)


@member_view("contact")
@require_POST
def received(request: Any, order_id: UUID) -> HttpResponse:
    """This will note since when the buyer has a parcel; do=not takes it back."""
    desk, now = request.desk, datetime.now(UTC)
    takes_back = request.POST.get("do") == "not"
    day = DateField(required=False, input_formats=DAYS)
    try:
        say_received(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            reference=request.POST.get("parcel", ""),
            received_at=None if takes_back else _since(day.clean(request.POST.get("on", "")), now),
            by=desk.by,
            at=now,
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    except ValidationError:
        notices.say(request, gettext("Écrivez une date, comme 22/11/2026."), tone="attention")
    else:
        said = gettext("Réception retirée.") if takes_back else gettext("Réception du colis notée.")
        notices.say(request, said)
    return redirect("web:order", order_id=order_id)


def _since(day: date | None, now: datetime) -> datetime:
    """The end of a day, since nobody says at what time; today, and where no day is said, it is now."""
    if day is None or day == timezone.localdate(now):
        return now
    return datetime.combine(day, time.max, tzinfo=timezone.get_current_timezone())


def _unconfirmed(order: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in order["fulfilments"] if not each["confirmed"] and not each["back_at"]]
