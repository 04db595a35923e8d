"""A place whose platform refunds and pays out, for the shop in which every page has something to show."""

from datetime import UTC, datetime, timedelta
from typing import Any

from countermand.payouts.working_out import paid_out, work_out
from tests.actions.service_desk import a_channel, a_sale, call_off


def of_the_payouts(merchant: Any) -> None:
    """This will sell under terms with payouts, call off with a case and without, and work the statement out."""
    channel = a_channel(merchant, "rakuten_france")
    before = datetime.now(UTC) - timedelta(hours=3)
    call_off(merchant, a_sale(merchant, channel), lines=(("1", 2),))
    call_off(
        merchant,
        a_sale(merchant, channel),
        initiated_by="buyer",
        reason="customer_changed_mind",
        official_request=True,
        case_reference="SC-7701",
        case_at=before,
    )
    places = paid_out(merchant_id=merchant.id)[merchant.id]
    while work_out(merchant_id=merchant.id, channels=places, at=datetime.now(UTC)):
        pass
