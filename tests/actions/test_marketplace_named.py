"""A merchant's history names the marketplace that acted, and no address of its people; their own journal names them."""

from datetime import UTC, datetime
from typing import Any

from countermand.events.models import Event
from countermand.marketplace.models import Step
from countermand.marketplace.service import let_go_asked, send_back_asked
from countermand.web.actors import said
from tests.actions.place import an_operator, seated


def test_RK5_the_merchant_reads_which_marketplace_acted_not_whose_address(merchant: Any) -> None:
    place = seated(merchant)
    person = an_operator(place.marketplace).email
    for send in (True, False):
        (order_id,) = place.sales(1)
        refund_id = place.call_off(order_id).refunds[0]
        deed: dict[str, Any] = {**place.here, "by": person, "at": datetime.now(UTC), "refund_id": refund_id}
        if send:
            send_back_asked(**deed, because="Quel numéro de suivi ?")
        else:
            let_go_asked(**deed)

    acted = set(Event.of(merchant.id).values_list("by", flat=True))
    assert "operator:Les Halles" in acted and person not in acted
    assert said("operator:Les Halles", {}) == "Les Halles"
    own = Step.objects.filter(marketplace=place.marketplace, by=person).values_list("kind", flat=True)
    assert set(own) == {"service.sent_back", "service.let_go"}
