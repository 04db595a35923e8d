"""Bodies and answers about webhooks."""

from typing import Annotated

from pydantic import Field

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.kinds import Body, upto

Url = Annotated[str, upto(500, least=1)]
Events = Annotated[list[Annotated[str, upto(60, least=1)]], Field(max_length=100)]


class WebhookBody(Body):
    """Where to tell what; `events` are kinds of GET /events, `refund.*` a family of them, `*` all."""

    url: Url = Field(examples=["https://shop.example/hooks"])
    events: Events = Field(examples=[["cancellation.confirmed", "refund.*"]])


class WebhookChanges(Body):
    """What may change; what is left out stays. `active` false stops it, true lets it go on where it stopped."""

    url: Url | None = None
    events: Events | None = None
    active: bool | None = None


class WebhookAnswer(Answer):
    """A subscription. `disabled_because` is by_hand, gave_up (three days without luck), gone or secret_lost."""

    id: str
    url: str
    events: list[str]
    active: bool
    disabled_because: str | None
    disabled_at: str | None
    last_delivered_at: str | None
    created_at: str


class WebhookSecretAnswer(WebhookAnswer):
    """With the secret after Standard Webhooks, shown this once; null to a repetition that comes too late for it."""

    secret: str | None


class WebhookList(Answer):
    """Subscriptions, oldest first."""

    items: list[WebhookAnswer]
    next: str | None


class DeliveryAnswer(Answer):
    """One event for one subscription. `webhook_id` stands in the header of that name at each try."""

    id: str
    webhook_id: str
    event: str | None
    kind: str
    state: str
    tries: int
    next_at: str | None
    tried_at: str | None
    status: int | None
    answer: str | None
    error: str | None
    took_ms: int | None
    payload: str
    created_at: str


class DeliveryList(Answer):
    """Deliveries, newest first."""

    items: list[DeliveryAnswer]
    next: str | None
