"""Questions about threads: what a message may say, which texts stand ready, who waits for an answer."""

from dataclasses import dataclass
from datetime import datetime
from json import loads
from typing import Any, NamedTuple
from uuid import UUID

from countermand import sql
from countermand.channels.presets import Terms
from countermand.correspondence.filling import filled_words
from countermand.orders.permitted import state_of
from countermand.payments.ledger import terms_of
from countermand.refusals import Refusal
from countermand.threads import texts
from countermand.threads.kinds import CANCELLATION
from countermand.threads.models import InboundKey, ReplyText
from countermand.threads.rules import WriteFacts, unedited

# An article is short for an order when those who ordered before take what there is; the oldest are served first.
SHORT = """
EXISTS (
    SELECT 1 FROM order_line l JOIN item i ON i.id = l.item_id
    WHERE l.order_id = o.id AND l.quantity > l.cancelled + l.shipped AND i.short_since IS NOT NULL
        AND (i.unavailable_until IS NOT NULL OR i.on_hand < (
            SELECT sum(b.quantity - b.cancelled - b.shipped) FROM order_line b JOIN "order" p ON p.id = b.order_id
            WHERE b.merchant_id = l.merchant_id AND b.item_id = l.item_id AND b.quantity > b.cancelled + b.shipped
                AND p.status IN ('open', 'partially_shipped') AND (p.placed_at, p.id) <= (o.placed_at, o.id)
        ))
)
"""
FACTS = f"""
SELECT o.id, o.number, o.status, o.verification, o.placed_at, o.customer_name, o.customer_email, o.customer_language,
    c.terms, c.overrides::text AS overrides, m.name AS shop, m.contact_name AS sender, {SHORT} AS short,
    EXISTS (SELECT 1 FROM thread_entry e WHERE e.order_id = o.id AND e.direction = 'in') AS wrote,
    EXISTS (SELECT 1 FROM buyer_request b WHERE b.order_id = o.id AND b.state <> 'withdrawn') AS asked,
    coalesce((SELECT bool_or(l.shipped > l.returned) FROM order_line l WHERE l.order_id = o.id), FALSE) AS away,
    coalesce((SELECT bool_or(l.cancelled > 0) FROM order_line l WHERE l.order_id = o.id), FALSE) AS cancelled,
    (SELECT max(f.shipped_at) FROM fulfilment f WHERE f.order_id = o.id AND f.back_at IS NULL) AS shipped_at,
    CASE WHEN o.status IN ('shipped', 'closed') THEN (
        SELECT CASE WHEN bool_and(f.received_at IS NOT NULL) THEN max(f.received_at) END
        FROM fulfilment f WHERE f.order_id = o.id AND f.back_at IS NULL) END AS received_at,
    EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.back_at IS NULL AND NOT f.confirmed) AS unconfirmed,
    (SELECT e.answers_mail FROM thread_entry e WHERE e.order_id = o.id AND e.direction = 'in'
        ORDER BY e.at DESC, e.id DESC LIMIT 1) AS last_mail,
    (SELECT jsonb_agg(jsonb_build_object('id', r.id, 'name', r.name, 'kind', r.kind, 'language', r.language,
        'body', r.body) ORDER BY r.name) FROM reply_text r WHERE r.merchant_id = o.merchant_id) AS own
FROM "order" o JOIN channel c ON c.id = o.channel_id JOIN merchant m ON m.id = o.merchant_id
WHERE o.merchant_id = %s AND o.id = %s
"""


class Ready(NamedTuple):
    """A text to begin with: ours or the shop's own, variables filled in with this order's values."""

    name: str
    kind: str
    label: str  # the shop's own name for it; "" for ours
    text: str
    template: str


@dataclass(frozen=True, slots=True)
class Writing:
    """All that writing to a buyer asks of an order, read in one statement."""

    order_id: UUID
    number: str
    email: str
    language: str
    terms: Terms
    facts: WriteFacts
    last_mail: str
    values: dict[str, str]
    own: tuple[dict[str, Any], ...]

    def ready(self, *, kind: str = "") -> list[Ready]:
        """This will list the texts that stand ready, ours first, in the buyer's language."""
        spoken = "fr" if texts.french(self.language) else "en"
        found = [
            Ready(each.name, each.kind, "", "", texts.body(each, self.language))
            for each in texts.ready(self.terms, kind=kind)
        ]
        kinds = (kind,) if kind else self.terms.message_kinds
        found += [
            Ready(f"own.{each['id']}", each["kind"], each["name"], "", each["body"])
            for each in self.own
            if each["kind"] in kinds and each["language"] == spoken
        ]
        return [each._replace(text=filled_words(each.template, self.values)) for each in found]

    def unedited(self, text: str, *, kind: str = "") -> bool:
        """This will say whether a text is one of those that stand ready, as it is (RK-4)."""
        return any(unedited(text, each.template) for each in self.ready(kind=kind))


def writing(*, merchant_id: int, order_id: UUID, at: datetime) -> Writing:
    """This will read what a message to the buyer of an order hangs on. Refuses `not_found`."""
    row = sql.one(FACTS, (merchant_id, order_id))
    if row is None:
        raise Refusal("not_found", "no such order")
    facts = WriteFacts(
        state=state_of(
            status=row["status"], verification=row["verification"], unconfirmed=row["unconfirmed"]
        ),
        placed_at=row["placed_at"],
        at=at,
        wrote=row["wrote"],
        asked=row["asked"],
        short=row["short"],
        left=row["away"],
        cancelled=row["cancelled"],
        shipped_at=row["shipped_at"],
        received_at=row["received_at"],
    )
    return Writing(
        order_id=row["id"],
        number=row["number"],
        email=row["customer_email"].strip(),
        language=row["customer_language"],
        terms=terms_of(row["terms"], row["overrides"]),
        facts=facts,
        last_mail=row["last_mail"] or "",
        values={
            "commande": row["number"],
            "prenom": row["customer_name"].split(" ")[0],
            "nom": row["customer_name"],
            "boutique": row["shop"],
            "expediteur": row["sender"] or row["shop"],
        },
        own=tuple(loads(row["own"]) if row["own"] else ()),
    )


def cancel_text_unedited(*, merchant_id: int, order_id: UUID, text: str, at: datetime) -> bool:
    """This will say whether the text that goes with a cancellation is a template as it was (RK-4): pointed out, not refused."""
    found = writing(merchant_id=merchant_id, order_id=order_id, at=at)
    return found.unedited(text, kind=CANCELLATION) or found.unedited(text)


def own_texts(*, merchant_id: int) -> list[ReplyText]:
    """This will list the shop's own texts by name."""
    return list(ReplyText.of(merchant_id).order_by("kind", "name", "language"))


def own_text(*, merchant_id: int, text_id: UUID) -> ReplyText:
    """This will find one of the shop's own texts. Refuses `not_found`."""
    found = ReplyText.of(merchant_id).filter(id=text_id).first()
    if found is None:
        raise Refusal("not_found", "no such text")
    return found


def inbound_keys(*, merchant_id: int) -> dict[UUID, InboundKey]:
    """This will give the keys of the channels that have one, by channel."""
    return {key.channel_id: key for key in InboundKey.of(merchant_id)}
