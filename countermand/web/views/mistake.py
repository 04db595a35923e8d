"""« Annulée par erreur ? »: the buyer first, then the order again as it was, or something in its place (SH-20).

Where the platform owns the buyer only the buyer can order again (AZ-10): there stands what to write instead.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.overview.orders import order_page
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.deeds import ContactForm
from countermand.web.pages import page
from countermand.web.spoken import log_spoken


@member_view("contact")
@require_http_methods(["GET", "POST"])
def mistake(request: Any, order_id: UUID) -> HttpResponse:
    """This will lead through what follows a cancellation that should not have been; POST logs the contact."""
    desk, now = request.desk, datetime.now(UTC)
    form = ContactForm(request.POST or None, initial={"outcome": "other"})
    if request.method == "POST" and form.is_valid():
        try:
            log_spoken(request, order_id, form.cleaned_data)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.add_error(None, refusal_words.say(refusal))
        else:
            notices.say(request, gettext("Contact noté. Choisissez maintenant comment réparer."))
            return redirect("web:mistake", order_id=order_id)
    found = order_page(merchant_id=desk.merchant_id, order_id=order_id)
    standing = [each for each in found["cancellations"] if each["state"] != "undone"]
    facts = {
        "order": found,
        "form": form,
        "cancelled": standing,
        "told": told_since(found),
        "again": placed_again(found),
        "undo": next((each for each in standing if _undoable(each, now)), None),
        "why_not": found["actions_refused"].get("reorder", ""),
        "reply": _reply(request, found),
    }
    status = 422 if form.errors else 200
    return page(request, "web/order/mistake.html", room="orders", status=status, **facts)


def told_since(order: dict[str, Any]) -> dict[str, Any] | None:
    """This will find the latest contact since the last cancellation that stands: the buyer knows of the mistake."""
    since = max((each["at"] for each in order["cancellations"] if each["state"] != "undone"), default="")
    after = [each for each in order["contacts"] if _instant(each["at"]) >= _instant(since)] if since else []
    return after[-1] if after else None


def placed_again(order: dict[str, Any]) -> str:
    """This will give the id of the order that was placed in this one's stead, "" where there is none."""
    made = [
        each["subject"]["id"]
        for each in order["timeline"]
        if each["kind"] == "order.reordered" and "placed_again" in each["facts"]
    ]
    return str(made[-1]) if made else ""


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _undoable(cancellation: dict[str, Any], now: datetime) -> bool:
    until = cancellation["undo_until"]
    return cancellation["state"] == "held" and bool(until) and _instant(until) > now


def _reply(request: Any, order: dict[str, Any]) -> str:
    """What to write to the buyer where only the buyer can order again, in the buyer's language."""
    language = "fr" if order["customer"]["language"].lower().startswith("fr") else "en"
    with translation.override(language):
        said = gettext(
            "Bonjour %(name)s,\n\nvotre commande %(number)s a été annulée par erreur, de notre fait. Nous vous prions "
            "de nous en excuser.\n\nUne annulation est définitive ici : si vous souhaitez toujours l'article, passez "
            "une nouvelle commande. Nous la préparons en priorité.\n\nBien à vous,\n%(shop)s"
        )
    shop = request.desk.merchant
    who = ", ".join(part for part in (shop.contact_name, shop.name) if part)
    return said % {"name": order["customer"]["name"], "number": order["number"], "shop": who}
