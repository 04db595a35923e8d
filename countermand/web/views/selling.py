"""Articles taken off sale on every channel, put back, and looked over (RK-6): chosen on the list, or pasted."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from countermand.refusals import Refusal
from countermand.stock import selling as verbs
from countermand.stock.selling import Changed
from countermand.web import notices, refusal_words
from countermand.web.access import Desk, member_view
from countermand.web.forms.selling import SellingForm
from countermand.web.pages import page

MOST_NAMED = 5
VIEWS = {"off": "hors-vente", "on": "", "seen": "a-revoir"}


@member_view("stock")
@require_POST
def selling(request: Any) -> HttpResponse:
    """This will take the ticked articles off sale, put them back, note that they were looked at, or set the reminder."""
    form = SellingForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    return _done(request, form, [*request.POST.getlist("item"), *form.cleaned_data["named"]])


@member_view("stock")
@require_http_methods(["GET", "HEAD", "POST"])
def off_sale_list(request: Any) -> HttpResponse:
    """This will take a pasted list, or a file of articles, off sale at once."""
    if request.method != "POST":
        return _list(request, SellingForm(initial={"do": "off"}))
    form = SellingForm({**request.POST.dict(), "do": "off"}, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    return _done(request, form, form.cleaned_data["named"])


def _done(request: Any, form: SellingForm, skus: list[str]) -> HttpResponse:
    desk: Desk = request.desk
    said, do = form.cleaned_data, form.cleaned_data["do"]
    common: dict[str, Any] = {"merchant_id": desk.merchant_id, "by": desk.by, "at": datetime.now(UTC)}
    try:
        if do == "remind":
            verbs.remind_every(days=said["days"], **common)
            notices.say(request, _reminded(said["days"]))
            return redirect(reverse("web:items") + "?vue=a-revoir")
        if do == "off":
            done = verbs.take_off_sale(skus=skus, why=said["why"], **common)
        else:
            verb = verbs.put_on_sale if do == "on" else verbs.review
            done = verb(skus=skus, **common)
    except Refusal as refusal:
        name = refusal.field if refusal.field in form.fields else "skus"
        form.add_error(name, refusal_words.say(refusal))
        return _list(request, form, status=422)
    notices.say(request, _said(do, done), tone="attention" if done.unknown else "done")
    if back := request.POST.get("article"):
        return redirect("web:item", sku=back)
    vue = VIEWS[do]
    return redirect(reverse("web:items") + (f"?vue={vue}" if vue else ""))


def _list(request: Any, form: SellingForm, status: int = 200) -> HttpResponse:
    return page(request, "web/items/off_sale_list.html", room="items", status=status, form=form)


def _said(do: str, done: Changed) -> str:
    n = len(done.skus)
    if do == "off":
        said = ngettext(
            "%(n)s article retiré de la vente sur tous les canaux",
            "%(n)s articles retirés de la vente sur tous les canaux",
            n,
        )
    elif do == "on":
        said = ngettext("%(n)s article remis en vente", "%(n)s articles remis en vente", n)
    else:
        said = ngettext("%(n)s article revu", "%(n)s articles revus", n)
    text = said % {"n": n}
    if done.open_orders:
        orders = len({order.id for order in done.open_orders})
        waits = ngettext("%(n)s commande l'attend encore", "%(n)s commandes les attendent encore", orders)
        text += ", " + waits % {"n": orders}
    if done.unknown:
        names = ", ".join(done.unknown[:MOST_NAMED]) + ("…" if len(done.unknown) > MOST_NAMED else "")
        text += " · " + gettext("sans article : %(names)s") % {"names": names}
    return text


def _reminded(days: int) -> str:
    if not days:
        return gettext("Plus de rappel pour revoir le stock")
    said = ngettext("Rappel tous les %(n)s jour", "Rappel tous les %(n)s jours", days)
    return said % {"n": days}
