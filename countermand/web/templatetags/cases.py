"""What an order's page and the list say about colleagues: {% load cases %}."""

from typing import Any
from uuid import UUID

from django import template
from django.template import Context

from countermand.approvals import queries
from countermand.merchants.roles import allows
from countermand.web import approvals
from countermand.web.forms.approvals import HandOverForm

register = template.Library()


@register.simple_tag(takes_context=True)
def to_do_tabs(context: Context, group: str) -> list[dict[str, Any]]:
    """{% to_do_tabs group as kinds %} — the tabs of « À traiter », with the counts that every page has anyway."""
    from countermand.web.views.to_do import tabs

    return tabs(context["todo_counts"], group)


@register.inclusion_tag("web/approvals/waiting.html", takes_context=True)
def waiting_approvals(context: Context, order_id: str) -> dict[str, Any]:
    """{% waiting_approvals order.id %} — what waits for a second person on an order."""
    desk = context["desk"]
    rows = [
        {
            **each,
            "mine": each["sender"] == desk.by,
            "may": allows(desk.role, "approve") and each["sender"] != desk.by,
            "who": desk.name_of(each["sender"]),
            "approver": approvals.BY_APPROVER[each["role"]],
        }
        for each in _on_order(context, order_id)[0]
    ]
    return {"rows": rows, "desk": desk, "now": context["now"], "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("web/approvals/cases.html", takes_context=True)
def cases(context: Context, order_id: str) -> dict[str, Any]:
    """{% cases order.id %} — cases of an order that were handed over, and the form that hands it over."""
    desk = context["desk"]
    return {
        "cases": _on_order(context, order_id)[1],
        "form": context.get("hand_over_form") or HandOverForm(desk=desk),
        "order_id": order_id,
        "desk": desk,
        "now": context["now"],
        "csrf_token": context.get("csrf_token"),
    }


def _on_order(context: Context, order_id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One question for both tags of a page."""
    kept = context.render_context
    if "on_order" not in kept:
        kept["on_order"] = queries.on_order(
            merchant_id=context["desk"].merchant_id, order_id=UUID(str(order_id))
        )
    found: tuple[list[dict[str, Any]], list[dict[str, Any]]] = kept["on_order"]
    return found
