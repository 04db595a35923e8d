"""Store credit and gift cards as money given back: each refund is credited once, and can be spent (SG-7).

Credits of sandbox money are marked `live` False for ever: play money never becomes real credit.
"""

import hmac
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings

from countermand import ids, sql
from countermand.events.record import event
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.providers.abilities import OUR_CREDIT
from countermand.refunds.facts import RefundFacts

# The 32 letters of a code: none that are mistaken for another when read aloud.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

NAMED = """
SELECT id, code_digest, id::text AS name, currency, live FROM store_credit
WHERE merchant_id = %s AND (code_digest = ANY(%s) OR id = ANY(%s))
"""
OPEN = """
INSERT INTO store_credit (id, merchant_id, customer_email, kind, code_digest, last4, currency, live, issued_minor,
    balance_minor, created_at)
SELECT id, %s, email, kind, code_digest, last4, currency, live, 0, 0, %s
FROM jsonb_to_recordset(%s) AS x(id uuid, email text, kind text, code_digest text, last4 text, currency text,
    live boolean)
ON CONFLICT DO NOTHING
"""
OWNED = """
SELECT id, customer_email, currency, live FROM store_credit
WHERE merchant_id = %s AND kind = 'store_credit' AND customer_email = ANY(%s)
"""
# Credits are locked in the order of their ids before any of them is changed.
PAY_IN = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%(entries)s) AS x(credit_id uuid, refund_id uuid, amount bigint, number text)
), locked AS (
    SELECT c.id FROM store_credit c WHERE c.id IN (SELECT credit_id FROM given) ORDER BY c.id FOR NO KEY UPDATE
), changed AS (
    UPDATE store_credit c SET balance_minor = c.balance_minor + x.amount, issued_minor = c.issued_minor + x.amount
    FROM (SELECT credit_id, sum(amount)::bigint AS amount FROM given GROUP BY 1) x, locked
    WHERE c.id = x.credit_id AND locked.id = c.id RETURNING c.id
)
INSERT INTO credit_entry (merchant_id, credit_id, delta_minor, refund_id, order_number, note, at, by)
SELECT %(m)s, g.credit_id, g.amount, g.refund_id, g.number, '', %(at)s, %(by)s
FROM given g JOIN changed c ON c.id = g.credit_id
"""
# The code of a new card reaches its holder by mail: nobody else ever sees it. The words are made when it is sent.
CARDS = """
INSERT INTO message (id, merchant_id, order_id, kind, facts, state, not_before, tries, error, recipient, subject, text,
    html, message_id, created_at)
SELECT id, %(m)s, order_id, 'gift_card', facts, 'planned', %(at)s, 0, '', '', '', '', '', '', %(at)s
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, order_id uuid, facts jsonb)
"""


@dataclass(slots=True)
class Due:
    """A credit that a refund gives. `paid_with`: the name of the credit that the payment was made with."""

    refund_id: UUID
    order_id: UUID
    order_number: str
    kind: str
    email: str
    paid_with: str
    currency: str
    live: bool
    amount_minor: int


def due(refund: RefundFacts, ledger: Ledger, share: ShareFacts) -> Due:
    """This will say whose credit a refund gives, and whether it is real money."""
    return Due(
        refund_id=refund.id,
        order_id=refund.order_id,
        order_number=ledger.order.number,
        kind=refund.method,
        email=folded(ledger.order.email),
        paid_with=(share.provider_reference or "") if share.provider in OUR_CREDIT else "",
        currency=ledger.order.currency,
        live=ledger.channel.mode == "live" and share.provider != "sandbox",
        amount_minor=refund.amount_minor,
    )


def folded(email: str) -> str:
    """This will write an address so that the same customer is found again."""
    return email.strip().lower()


def issue(*, merchant_id: int, dues: Sequence[Due], by: str, at: datetime) -> list[dict[str, Any]]:
    """This will write credits for refunds, in the caller's transaction, and make the facts of it.

    What was paid with a credit goes back to it; store credit is one account per customer; a gift card
    (and credit for a buyer without an address) is a new code, which whoever holds it may spend.
    """
    chosen = _named(merchant_id, dues)
    opened = []
    for one in dues:
        if one.refund_id not in chosen and (one.kind == "gift_card" or not one.email):
            opened.append(_card(one))
            chosen[one.refund_id] = opened[-1]["id"]
    owned = [one for one in dues if one.refund_id not in chosen]
    owners = {(one.email, one.currency, one.live) for one in owned}
    opened += [_account(*owner) for owner in sorted(owners)]
    if opened:
        sql.execute(OPEN, (merchant_id, at, sql.json(opened)))
    if owned:
        emails = [one.email for one in owned]
        accounts = {tuple(row[1:]): row[0] for row in sql.tuples(OWNED, (merchant_id, emails))}
        for one in owned:
            chosen[one.refund_id] = accounts[one.email, one.currency, one.live]
    entries = [
        {
            "credit_id": chosen[one.refund_id],
            "refund_id": one.refund_id,
            "amount": one.amount_minor,
            "number": one.order_number,
        }
        for one in dues
    ]
    sql.execute(PAY_IN, {"m": merchant_id, "entries": sql.json(entries), "at": at, "by": by})
    fresh = {one["id"] for one in opened if one["kind"] == "gift_card"}
    cards = [
        _card_mail(one, chosen[one.refund_id]) for one in dues if one.email and chosen[one.refund_id] in fresh
    ]
    if cards:
        sql.execute(CARDS, {"m": merchant_id, "at": at, "rows": sql.json(cards)})
    return [
        event(
            kind="credit.issued",
            merchant_id=merchant_id,
            at=at,
            by=by,
            order_id=one.order_id,
            subject=("credit", chosen[one.refund_id]),
            amount_minor=one.amount_minor,
            refund=one.refund_id,
        )
        for one in dues
    ]


def _named(merchant_id: int, dues: Sequence[Due]) -> dict[UUID, UUID]:
    """refund -> the very credit that its payment was made with, where it is ours and of the same money."""
    names = {one.paid_with for one in dues if one.paid_with}
    if not names:
        return {}
    digests = {name: digest(name) for name in names}
    known = {name: known_as for name in names if (known_as := _as_id(name))}
    credits = sql.rows(NAMED, (merchant_id, list(digests.values()), list(known.values())))
    found: dict[tuple[str, str, bool], UUID] = {}
    for name in names:
        for credit in credits:
            if credit["code_digest"] == digests[name] or credit["id"] == known.get(name):
                found[name, credit["currency"], credit["live"]] = credit["id"]
    return {
        one.refund_id: found[one.paid_with, one.currency, one.live]
        for one in dues
        if (one.paid_with, one.currency, one.live) in found
    }


def _as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None


def _card(one: Due) -> dict[str, Any]:
    return _opened(email=one.email, kind="gift_card", currency=one.currency, live=one.live)


def _card_mail(one: Due, credit_id: UUID) -> dict[str, Any]:
    facts = {
        "credit": credit_id,
        "number": one.order_number,
        "currency": one.currency,
        "amount_minor": one.amount_minor,
    }
    return {"id": ids.new(), "order_id": one.order_id, "facts": facts}


def _account(email: str, currency: str, live: bool) -> dict[str, Any]:
    return _opened(email=email, kind="store_credit", currency=currency, live=live)


def _opened(**about: Any) -> dict[str, Any]:
    credit_id = ids.new()
    code = credit_code(credit_id)
    return {"id": credit_id, "code_digest": digest(code), "last4": code[-4:], **about}


def credit_code(credit_id: UUID) -> str:
    """This will make the code of a credit, 80 bits in groups that can be typed: ABCD-EFGH-JKLM-NPQR.

    It comes from the credit's identity and this installation's own secret, so that it is written down
    nowhere: who reads the tables can spend nothing, and a mail with it can still be made again.
    """
    made = hmac.new(settings.SECRET_KEY.encode(), b"credit code " + credit_id.bytes, sha256).digest()
    letters = b32encode(made[:10]).decode().translate(str.maketrans(BASE32, LETTERS))
    return "-".join(letters[i : i + 4] for i in range(0, 16, 4))


def digest(code: str) -> str:
    """This will make what is kept of a code, however it was typed."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(typed.encode()).hexdigest()
