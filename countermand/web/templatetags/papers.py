"""The documents of an order, wherever a page shows that order."""

from typing import Any
from uuid import UUID

from django import template

from countermand.overview.documents import document_list

register = template.Library()


@register.inclusion_tag("web/documents/of_order.html", takes_context=True)
def documents(context: Any, order_id: str) -> dict[str, Any]:
    """{% documents order.id %} — credit notes and receipts, nothing where there are none."""
    desk = context["desk"]
    found = document_list(merchant_id=desk.merchant_id, order_id=UUID(str(order_id)))["items"]
    kept = {name: context.get(name) for name in ("now", "csrf_token", "request")}
    return {"documents": list(reversed(found)), "desk": desk, **kept}
