"""Places of sale and their terms."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.once import answer, once
from countermand.api.schemas import answers
from countermand.api.schemas.channels import ChannelBody, ChannelChanges
from countermand.api.short_lists import short_list
from countermand.channels import actions, queries
from countermand.channels.models import Channel
from countermand.merchants.roles import require

router = Router(tags=["channels"])


@router.post("/channels", auth=may("channels"), response={201: answers.ChannelAnswer})
def open_channel(request: HttpRequest, body: ChannelBody) -> HttpResponse:
    """This will open a place of sale under a preset of terms."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        opened = actions.open_channel(
            merchant_id=bearer.merchant_id, **body.model_dump(), by=bearer.by, at=datetime.now(UTC)
        )
        return 201, shape(opened)

    return once(request, work)


@router.get("/channels", auth=may("read"), response=answers.ChannelList)
def channels(request: HttpRequest, limit: int = 50, cursor: str | None = None) -> HttpResponse:
    """This will list the places of sale."""
    found = queries.channels(merchant_id=bearer_of(request).merchant_id)
    return short_list(request, found, key=lambda one: one.code, shape=shape, limit=limit, cursor=cursor)


@router.get("/channels/{code}", auth=may("read"), response=answers.ChannelAnswer)
def channel(request: HttpRequest, code: str) -> HttpResponse:
    """This will show one place of sale."""
    return answer(shape(queries.channel(merchant_id=bearer_of(request).merchant_id, code=code)))


@router.patch("/channels/{code}", auth=may("terms"), response=answers.ChannelAnswer)
def change_channel(request: HttpRequest, code: str, body: ChannelChanges) -> HttpResponse:
    """This will change a place of sale; plans made before are refused afterwards."""
    bearer = bearer_of(request)
    changes = body.given()
    if "mode" in changes or "terms" in changes:
        require(bearer.role, "channels")

    def work() -> tuple[int, Any]:
        changed = actions.change_channel(
            merchant_id=bearer.merchant_id, code=code, changes=changes, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, shape(changed)

    return once(request, work)


@router.get("/channels/{code}/terms", auth=may("read"), response=dict[str, answers.TermAnswer])
def terms(request: HttpRequest, code: str) -> HttpResponse:
    """This will list the terms that hold, each with where its value comes from."""
    return answer(queries.terms_with_sources(merchant_id=bearer_of(request).merchant_id, code=code))


def shape(channel: Channel) -> dict[str, Any]:
    """This will write a place of sale."""
    return {
        "id": str(channel.id),
        **{
            name: getattr(channel, name)
            for name in ("code", "name", "terms", "timezone", "mode", "overrides", "revision")
        },
        # While its marketplace keeps it from selling (RK-10).
        "suspended_from": channel.suspended_from.isoformat() if channel.suspended_from else None,
        "suspended_until": channel.suspended_until.isoformat() if channel.suspended_until else None,
    }
