"""The REST door: one API object, its addresses, and how what is raised becomes a problem."""

from ninja import NinjaAPI

from countermand.api import handlers, pace
from countermand.api.asked import known_only
from countermand.api.reading import StrictJson
from countermand.api.routes import (
    acceptance,
    approvals,
    baskets,
    cancellations,
    channels,
    credits,
    documents,
    guard,
    items,
    looking,
    messages,
    orders,
    payments,
    performance,
    refunds,
    requests,
    returns,
    sandbox,
    verification,
    vouchers,
    webhooks,
    work,
)

api = NinjaAPI(
    title="Countermand",
    version="1",
    description="Cancellations and refunds of orders: previewed, confirmed once, carried through. "
    f"A token may ask {pace.RATE:g} times a second of each web process (429 beyond, with Retry-After).",
    urls_namespace="api",
    parser=StrictJson(),
    docs_url=None,
    openapi_url=None,  # served by `openapi`, with what is true of every operation
)
handlers.install(api)
api.add_decorator(known_only)
# The hot path first: Django tries addresses in this order.
for noun in (
    cancellations,
    orders,
    work,
    payments,
    refunds,
    requests,
    returns,
    items,
    channels,
    credits,
    documents,
    approvals,
    looking,
    performance,
    guard,
    sandbox,
    webhooks,
    vouchers,
    acceptance,
    verification,
    messages,
    baskets,
):
    api.add_router("", noun.router)
