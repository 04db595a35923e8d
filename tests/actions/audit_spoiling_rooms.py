"""Ways to spoil what stands above orders and money: sales, returns, papers, requests, payouts, threads."""

from tests.actions.spoiling import cancellation, order, set_order

THAW = "ALTER TABLE document DISABLE TRIGGER document_frozen"


def document(what: str, *, number: int) -> tuple[str, ...]:
    """Issued documents are frozen: whoever spoils one takes the ice away first."""
    return (THAW, f"UPDATE document SET {what} WHERE order_id = {order(number)}")


def a_request(number: int, *, state: str, cancellation_id: str = "NULL") -> str:
    """A request on an order, by nobody's verb."""
    answered = "NULL" if state == "open" else "now()"
    return f"""INSERT INTO buyer_request (id, merchant_id, order_id, route, kind, reason, comment, evidence, case_reference,
        official, state, requested_at, recorded_at, recorded_by, due_then, answered_at, answered_by, answer, message,
        cancellation_id) VALUES (gen_random_uuid(), %(m)s, {order(number)}, 'phone', 'cancellation', 'budget', '', '', '',
        true, '{state}', now(), now(), 'x', '', {answered}, '', '', '', {cancellation_id})"""


def decision(number: int, *, state: str) -> str:
    """An acceptance on an order, by nobody's verb."""
    return f"""INSERT INTO decision (id, merchant_id, order_id, verdict, state, via, worth_minor, shipping_minor, fees_minor,
        by, at) VALUES (gen_random_uuid(), %(m)s, {order(number)}, 'accepted', '{state}', 'page', 0, 0, 0, 'x', now())"""


def a_return(number: int, *, state: str, **more: str) -> str:
    """A return of an order, by nobody's verb."""
    known = {
        "id": "gen_random_uuid()",
        "merchant_id": "%(m)s",
        "order_id": order(number),
        "kind": "'return'",
        "state": f"'{state}'",
        "reason": "'doubt'",
        "informed_at": "now()",
        "proof": "''",
        "due_article": "''",
        "currency": "'EUR'",
        **dict.fromkeys(("worth_minor", "shipping_minor", "fees_minor", "fee_minor", "refund_minor"), "0"),
        **dict.fromkeys(("fee_ground", "fee_note", "refund_when", "note", "by"), "''"),
        "notify": "true",
        "at": "now()",
        **more,
    }
    return f'INSERT INTO "return" ({", ".join(known)}) VALUES ({", ".join(known.values())})'


def return_line(
    number: int, *, asked: int = 1, received: int = 0, worth: int = 0, of: int | None = None
) -> str:
    """Units of the first line of an order (or of order `of`) in the return of that order."""
    return f"""INSERT INTO return_line (id, merchant_id, part_of_id, line_id, asked, received, condition, restocked,
        worth_minor, tax_minor, amount_minor)
        SELECT gen_random_uuid(), %(m)s, r.id, l.id, {asked}, {received}, '', 0, {worth}, 0, 0
        FROM "return" r, order_line l WHERE r.order_id = {order(number)} AND l.order_id = {order(of or number)}
        AND l.position = 1"""


def sent(number: int, units: int, *, returned: int = 0) -> str:
    return f"UPDATE order_line SET shipped = {units}, returned = {returned} WHERE order_id = {order(number)}"


def paid_out(number: int) -> str:
    """An account of what a platform pays out for an order, without an entry."""
    return f"""INSERT INTO payout_account (id, merchant_id, order_id, channel_id, rate_hundredths, version)
        SELECT gen_random_uuid(), %(m)s, o.id, o.channel_id, 1500, o.version FROM "order" o WHERE o.id = {order(number)}"""


def a_thread(number: int, *, entries: int = 0, waiting: int = 0) -> str:
    """A thread of an order, by nobody's verb."""
    since = "now()" if waiting else "NULL"
    return f"""INSERT INTO thread (id, merchant_id, order_id, entries, waiting, waiting_since, last_at)
        VALUES (gen_random_uuid(), %(m)s, {order(number)}, {entries}, {waiting}, {since}, now())"""


def an_entry(number: int, *, of: int | None = None, direction: str = "in", carried: str = "NULL") -> str:
    """A message in the thread of an order (of order `of`), by nobody's verb."""
    return f"""INSERT INTO thread_entry (id, merchant_id, thread_id, order_id, direction, kind, via, text, shortened,
        attachments, answers_mail, unedited, reason, message_id, by, at) SELECT gen_random_uuid(), %(m)s, t.id,
        {order(of or number)}, '{direction}', 'free', 'noted', 'x', false, '[]', '', false, '', {carried}, 'x', now()
        FROM thread t WHERE t.order_id = {order(number)}"""


ROOMS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "a sale that waits without a clock": (
        (set_order(6, "status = 'awaiting_acceptance'"),),
        {"acceptance.waits"},
    ),
    "a clock that runs though nothing waits": (
        (
            f"""INSERT INTO awaited_sale (id, merchant_id, order_id, since, step, not_before, reminders)
            VALUES (gen_random_uuid(), %(m)s, {order(6)}, now(), 'tell', now(), 0)""",
        ),
        {"acceptance.over"},
    ),
    "refused by nobody": ((set_order(6, "refused_articles = 1"),), {"acceptance.refused"}),
    "more units decided than ordered": (
        (
            decision(6, state="done"),
            """INSERT INTO decided_line (id, merchant_id, decision_id, line_id, quantity, worth_minor, tax_minor)
            SELECT gen_random_uuid(), d.merchant_id, d.id, l.id, l.quantity + 1, 0, 0
            FROM decision d JOIN order_line l ON l.order_id = d.order_id WHERE d.merchant_id = %(m)s""",
        ),
        {"acceptance.decided"},
    ),
    "a decision that waits for nothing": ((decision(6, state="made"),), {"acceptance.made"}),
    "accepting without a capture": ((set_order(6, "status = 'accepting'"),), {"acceptance.running"}),
    "a unit back in no return": (
        (sent(6, 1, returned=1),),
        {"units.returned", "stock.open_units", "order.status"},
    ),
    "more asked back than was sent": (
        (a_return(6, state="asked"), return_line(6)),
        {"units.asked_back"},
    ),
    "a return of another order's line": (
        (sent(2, 0), a_return(6, state="withdrawn"), return_line(6, of=2)),
        {"return.of_this_order"},
    ),
    "a return worth more than its lines": (
        (a_return(6, state="asked", worth_minor="1"),),
        {"return.worth"},
    ),
    "a return that gives back more than it frees": (
        (a_return(6, state="asked", refund_minor="1"),),
        {"return.refund"},
    ),
    "a return reimbursed for more than it says": (
        (
            a_return(
                7,
                state="asked",
                reimbursement_id=f"(SELECT id FROM reimbursement WHERE order_id = {order(7)})",
            ),
        ),
        {"return.reimbursed"},
    ),
    "a return done of which nothing came": ((a_return(6, state="done"),), {"return.state"}),
    "a parcel back with fewer units than were called off": (
        (
            f"""INSERT INTO fulfilment (id, merchant_id, order_id, reference, shipped_at, confirmed, carrier, tracking, lines)
            VALUES (gen_random_uuid(), %(m)s, {order(2)}, 'f1', now(), false, '', '', '[{{"line": "1", "quantity": 1}}]')""",
            f"""INSERT INTO intercept (id, merchant_id, order_id, fulfilment_id, asked_of, state, reason, note, answer_note,
            by, at, answered_by, cancellation_id)
            SELECT gen_random_uuid(), %(m)s, {order(2)}, f.id, 'buyer', 'back', 'doubt', '', '', 'x', now(), '',
            {cancellation(2)} FROM fulfilment f WHERE f.order_id = {order(2)}""",
        ),
        {"intercept.cancelled"},
    ),
    "a number that nobody has": (
        ("UPDATE document_series SET last = last + 1 WHERE merchant_id = %(m)s",),
        {"document.gapless"},
    ),
    "a number that bears an earlier day than the one before": (
        (
            THAW,
            "UPDATE document SET issued_on = issued_on - 9 WHERE merchant_id = %(m)s AND number = 2",
        ),
        {"document.in_order"},
    ),
    "a document of another amount": (
        document("amount_minor = amount_minor + 1", number=1),
        {"document.total", "document.content"},
    ),
    "a document whose words were edited": (
        document("content = jsonb_set(content, '{buyer,name}', '\"Zoé\"')", number=1),
        {"document.digest"},
    ),
    "a document whose sums were edited": (
        document("content = jsonb_set(content, '{tax}', to_jsonb(1)), digest = repeat('0', 64)", number=1),
        {"document.content", "document.digest"},
    ),
    "money gone without a document": (
        (
            THAW,
            f"DELETE FROM document_refund WHERE document_id = (SELECT id FROM document WHERE order_id = {order(7)})",
        ),
        {"document.owed", "document.total"},
    ),
    "a cancellation named after a bulk row that is not there": (
        (
            "UPDATE cancellation SET source = 'bulk:none' WHERE id = (SELECT id FROM cancellation WHERE merchant_id = %(m)s LIMIT 1)",
        ),
        {"bulk.cancellation"},
    ),
    "a bulk row that is done without its cancellation": (
        (
            "INSERT INTO bulk_run (id, merchant_id, state, by, role, created_at, found_by, sku, reason, initiated_by, "
            "refund_when, message, note, skip_reason, undo_seconds, rates) SELECT gen_random_uuid(), %(m)s, 'done', 'x', "
            "'owner', now(), '', '', 'budget', 'merchant', 'now', '', '', 'x', 0, '{}'",
            "INSERT INTO bulk_row (id, merchant_id, run_id, order_id, position, state, digest, articles, refund_minor, "
            "currency, restocked, mailed, rate_orders, rate_articles, code, tries) SELECT gen_random_uuid(), %(m)s, r.id, "
            "(SELECT id FROM \"order\" WHERE merchant_id = %(m)s LIMIT 1), 1, 'done', '', 1, 0, 'EUR', 0, false, 0, 0, "
            "'', 1 FROM bulk_run r WHERE r.merchant_id = %(m)s",
        ),
        {"bulk.row"},
    ),
    "a request that its order does not tell of": (
        (a_request(6, state="open"),),
        {"order.open_requests", "order.requests"},
    ),
    "a request that was approved without a cancellation for it": (
        (a_request(1, state="approved", cancellation_id=cancellation(1)),),
        {"request.approved"},
    ),
    "a cancellation for a request that is not there": (
        (f"UPDATE cancellation SET request_id = gen_random_uuid() WHERE order_id = {order(1)}",),
        {"cancellation.request"},
    ),
    "a sale that nobody pays out": ((paid_out(6),), {"payout.sale", "payout.commission"}),
    "a cancellation that took nothing back from the payout": (
        (paid_out(1),),
        {"payout.sale", "payout.commission", "payout.reversal", "payout.gone", "payout.commission_back"},
    ),
    "a payout entry that is gone": (
        (
            f"""INSERT INTO payout_entry (id, merchant_id, order_id, channel_id, number, kind, amount_minor, about_minor,
            currency, at, evidence) SELECT gen_random_uuid(), %(m)s, o.id, o.channel_id, 2, 'sale', 1, 0, 'EUR', now(), '{{}}'
            FROM "order" o WHERE o.id = {order(6)}""",
        ),
        {"payout.numbered"},
    ),
    "a thread that counts what nobody wrote": ((a_thread(6, entries=1),), {"thread.entries"}),
    "a thread that waits for an answer to nothing": ((a_thread(6, waiting=1),), {"thread.waiting"}),
    "a message in another order's thread": (
        (a_thread(6, entries=1), an_entry(6, of=2)),
        {"thread.order"},
    ),
    "a message that no mail carried": (
        (a_thread(6, entries=1), an_entry(6, direction="out", carried="gen_random_uuid()")),
        {"thread.carried"},
    ),
    "a mail of a person that stands in no thread": (
        (
            f"""INSERT INTO message (id, merchant_id, order_id, kind, facts, state, not_before, tries, error, recipient,
            subject, text, html, message_id, created_at) VALUES (gen_random_uuid(), %(m)s, {order(6)}, 'reply', '{{}}',
            'planned', now(), 0, '', '', '', '', '', '', now())""",
        ),
        {"thread.mail"},
    ),
}
