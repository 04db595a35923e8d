"""A buyer's request in the shop in which every page has something to show."""

from typing import Any

from countermand.buyer_requests.actions import record_request
from tests.web.desk import Shop


def of_the_requests(shop: Shop, here: dict[str, Any], **order: Any) -> dict[str, Any]:
    """This will have a buyer ask by message, and name the request."""
    said = "Bonjour, finalement je n'en ai plus besoin. Pouvez-vous annuler ? Merci d'avance."
    request = record_request(
        **here, order_id=shop.order(**order), route="message", lines=(("1", 2),), comment=said
    )
    return {"request_id": request.id}
