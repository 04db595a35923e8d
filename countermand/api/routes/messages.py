"""Messages between buyer and merchant: read, written, and handed in by a channel or a mail server."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import ValidationError
from pydantic import ValidationError as Invalid

from countermand.api import pace
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import answer, once
from countermand.api.problems import Problem
from countermand.api.reading import StrictJson
from countermand.api.schemas import messages as schemas
from countermand.overview.threads import entry, thread_page
from countermand.threads import inbound, keys
from countermand.threads.actions import Kept, write_message
from countermand.threads.models import Entry
from countermand.threads.reading import MOST_BYTES

router = Router(tags=["messages"])
MOST_JSON = 64 * 1024
MAIL_TYPE = "message/rfc822"


@router.get("/orders/{order_id}/messages", auth=may("read"), response=schemas.MessageList)
def messages(request: HttpRequest, order_id: str, limit: int = 50, cursor: str | None = None) -> HttpResponse:
    """This will list what was written about an order, newest first, with the mails that went out about it."""
    found = thread_page(
        merchant_id=bearer_of(request).merchant_id,
        order_id=identity(order_id, of="order"),
        limit=limit,
        cursor=cursor,
    )
    return answer({name: value for name, value in found.items() if name != "order"})


@router.post("/orders/{order_id}/messages", auth=may("contact"), response={201: schemas.MessageAnswer})
def post_message(request: HttpRequest, order_id: str, body: schemas.MessageBody) -> HttpResponse:
    """This will write to the buyer of an order, as far as the channel's terms let it."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        kept = write_message(
            merchant_id=bearer.merchant_id,
            order_id=order,
            kind=body.kind,
            text=body.text,
            reason=body.reason or "",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201, entry(_row(kept.entry, state="planned"))

    return once(request, work)


@router.post("/inbound/{code}/messages", auth=None, response=schemas.ArrivedAnswer)
def post_inbound(request: HttpRequest, code: str, merchant: str = "") -> HttpResponse:
    """This will keep what a buyer wrote on a channel. Signed after Standard Webhooks with the channel's secret.

    The same `webhook-id` again is the same message. It makes no request: a person reads it and records one.
    """

    def work(signed: keys.Signed, at: datetime) -> Kept:
        content = StrictJson().parse_body(request)
        try:
            body = schemas.InboundBody.model_validate(content)
        except Invalid as error:
            raise ValidationError(
                [{**each, "loc": ("body", "body", *each["loc"])} for each in error.errors()]
            ) from None
        return inbound.hand_over(
            merchant_id=signed.merchant_id,
            channel_id=signed.channel_id,
            number=body.order,
            text=body.text,
            source=signed.identity,
            sent_at=body.at,
            attachments=body.attachments or [],
            at=at,
        )

    return _signed(request, code, merchant, MOST_JSON, lambda signed, at: _told(work(signed, at)))


@router.post("/inbound/{code}/mail", auth=None, response=schemas.ArrivedAnswer)
def post_mail(request: HttpRequest, code: str, merchant: str = "") -> HttpResponse:
    """This will keep a buyer's answer by mail: the mail itself (message/rfc822), signed like a message.

    The order is the one whose address is among its recipients. Automatic mails are left: `ignored` says why.
    """

    def work(signed: keys.Signed, at: datetime) -> dict[str, Any]:
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != MAIL_TYPE:
            raise Problem(415, detail=f"send {MAIL_TYPE}")
        came = inbound.arrive(raw=request.body, merchant_id=signed.merchant_id, at=at)
        return _told(came.kept, came.ignored)

    return _signed(request, code, merchant, MOST_BYTES, work)


def _signed(
    request: HttpRequest,
    code: str,
    merchant: str,
    most: int,
    work: Callable[[keys.Signed, datetime], dict[str, Any]],
) -> HttpResponse:
    """Nothing of a body is read as anything before its signature was."""
    pace.check(uuid5(NAMESPACE_URL, f"inbound:{code[:64]}"))
    if len(request.body) > most:
        raise Problem(413, detail=f"at most {most} bytes")
    at = datetime.now(UTC)
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = keys.verified(code=code[:64], merchant=merchant[:64], headers=headers, body=request.body, at=at)
    if signed is None:
        raise Problem(401, "wrong_signature", "the signature, its time or the channel is not right")
    return answer(work(signed, at))


def _told(kept: Kept | None, ignored: str = "") -> dict[str, Any]:
    return {
        "id": str(kept.entry.id) if kept else None,
        "order_id": str(kept.entry.order_id) if kept else None,
        "created": bool(kept and kept.created),
        "ignored": ignored,
    }


def _row(found: Entry, *, state: str) -> dict[str, Any]:
    names = ("id", "at", "direction", "kind", "via", "text", "shortened", "attachments", "known_sender")
    more = {"subject": "", "message": found.message_id, "state": state, "error": "", "sent_at": None}
    return {
        **{name: getattr(found, name) for name in names},
        "unedited": found.unedited,
        "by": found.by,
        **more,
    }
