"""The kinds of event that a subscription may ask for. A house test finds every kind that is recorded."""

from collections.abc import Iterable

from countermand.refusals import Refusal

ALL = "*"
KINDS = (
    "approval.approved",
    "approval.asked",
    "approval.declined",
    "approval.expired",
    "approval.stale",
    "approval.withdrawn",
    "cancellation.confirmed",
    "cancellation.done",
    "cancellation.undone",
    "case.done",
    "case.handed_over",
    "case.taken",
    "contact.logged",
    "credit.issued",
    "credit.redeemed",
    "document.issued",
    "feedback.given",
    "intercept.accepted",
    "intercept.asked",
    "intercept.back",
    "intercept.lost",
    "intercept.refused",
    "item.available",
    "item.created",
    "item.off_sale",
    "item.on_sale",
    "item.review_days_changed",
    "item.reviewed",
    "message.bounced",
    "message.failed",
    "message.planned",
    "message.received",
    "message.sent",
    "message.set_aside",
    "offer.accepted",
    "offer.declined",
    "offer.expired",
    "offer.made",
    "offer.withdrawn",
    "order.accepted",
    "order.accepting",
    "order.capture_failed",
    "order.decision_missed",
    "order.auto_cancelled",
    "order.exchanged",
    "order.fulfilled",
    "order.noted",
    "order.parcel_back",
    "order.parcel_not_received",
    "order.parcel_received",
    "order.part_accepted",
    "order.overdue",
    "order.received",
    "order.refused",
    "order.reordered",
    "order.verification_failed",
    "order.verified",
    "payment.capture_failed",
    "payment.captured",
    "payment.capturing",
    "payment.carried",
    "refund.asked",
    "refund.bounced",
    "refund.external",
    "refund.failed",
    "refund.let_go",
    "refund.planned",
    "refund.sent",
    "refund.sent_back",
    "refund.succeeded",
    "refund.unknown",
    "request.approved",
    "request.declined",
    "request.expired",
    "request.official",
    "request.received",
    "request.reminded",
    "request.reopened",
    "request.withdrawn",
    "return.asked",
    "return.inspected",
    "return.lost",
    "return.received",
    "return.sent",
    "return.withdrawn",
    "service.asked_again",
    "service.let_go",
    "service.sent_back",
    "service.settled",
    "step.done",
    "step.skipped",
    "stock.added",
    "stock.counted",
    "stock.released",
    "stock.restocked",
    "ticket.answered",
    "ticket.closed",
    "ticket.opened",
    "voucher.issued",
    "voucher.redeemed",
    "voucher.withdrawn",
)
PING = "webhook.ping"
# The merchant's own house-keeping: told to nobody outside, whatever was asked for.
PRIVATE = ("webhook.", "token.", "member.", "person.", "invitation.", "till.", "view.", "merchant.")


def checked(events: Iterable[str]) -> list[str]:
    """This will put what a subscription asks for in order: kinds, `refund.*` for a family, `*` for all.

    Refuses `required` for none, `unknown_event` for one that never comes.
    """
    wanted = sorted(set(events))
    if not wanted:
        raise Refusal("required", "name at least one kind of event, or *", field="events")
    for one in wanted:
        if not (one == ALL or one in KINDS or any(asks_for([one], kind) for kind in KINDS)):
            raise Refusal("unknown_event", f"there is no kind {one[:60]}", field="events")
    return [ALL] if ALL in wanted else wanted


def asks_for(events: Iterable[str], kind: str) -> bool:
    """This will say whether a subscription to `events` hears of a kind."""
    if kind.startswith(PRIVATE):
        return False
    return any(one in (ALL, kind) or (one.endswith(".*") and kind.startswith(one[:-1])) for one in events)
