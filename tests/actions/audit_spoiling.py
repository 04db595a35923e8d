"""Ways to spoil the audited shop by raw SQL, each with the checks that must then speak.

A figure that others are judged by is spoiled together with them, so that one check alone is left.
"""


def order(number: int) -> str:
    return f"(SELECT id FROM \"order\" WHERE merchant_id = %(m)s AND number = '{number}')"


def refund(number: int) -> str:
    return f"(SELECT id FROM refund WHERE order_id = {order(number)})"


def cancellation(number: int) -> str:
    return f"(SELECT id FROM cancellation WHERE order_id = {order(number)})"


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


def set_order(number: int, what: str) -> str:
    return f'UPDATE "order" SET {what} WHERE id = {order(number)}'


def drop(table: str, name: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}"


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


SPOILING: dict[str, tuple[tuple[str, ...], set[str]]] = {
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
    "on hand counted without a movement": (
        ("UPDATE item SET on_hand = on_hand + 1 WHERE merchant_id = %(m)s",),
        {"stock.on_hand"},
    ),
    "a movement of allocation that the counter does not know": (
        (
            "UPDATE movement SET allocated_delta = allocated_delta + 1 WHERE id = "
            "(SELECT min(id) FROM movement WHERE merchant_id = %(m)s)",
        ),
        {"stock.allocated"},
    ),
    "a promise to no order": (
        (
            "UPDATE item SET allocated = allocated + 1 WHERE merchant_id = %(m)s",
            "UPDATE movement SET allocated_delta = allocated_delta + 1 WHERE id = "
            "(SELECT min(id) FROM movement WHERE merchant_id = %(m)s)",
        ),
        {"stock.open_units"},
    ),
    "units cancelled by nobody": (
        (f"UPDATE order_line SET quantity = 4, cancelled = 1 WHERE order_id = {order(6)}",),
        {"units.cancelled"},
    ),
    "a line of another order": (
        (f"UPDATE cancellation SET order_id = {order(6)} WHERE id = {cancellation(2)}",),
        {"units.of_this_order"},
    ),
    "a total that is not the sum": ((set_order(6, "total_minor = total_minor + 1"),), {"order.total"}),
    "a cancellation worth more than its lines": (
        (f"UPDATE cancellation SET worth_minor = worth_minor + 1 WHERE id = {cancellation(2)}",),
        {"cancellation.worth"},
    ),
    "a cancellation that gives back more than it frees": (
        (f"UPDATE cancellation SET refund_minor = refund_minor + 1 WHERE id = {cancellation(2)}",),
        {"cancellation.refund"},
    ),
    "refunds above what the cancellation gives back": (
        (f"UPDATE cancellation SET refund_minor = refund_minor - 1 WHERE id = {cancellation(1)}",),
        {"cancellation.movements"},
    ),
    "units gone for less than their cancellation says": (
        (
            f"UPDATE cancelled_line SET worth_minor = worth_minor - 1 WHERE cancellation_id = {cancellation(2)}",
        ),
        {"line.gone"},
    ),
    "a line gone for less than it was worth": (
        (
            f"UPDATE cancelled_line SET worth_minor = worth_minor - 1 WHERE cancellation_id = {cancellation(2)}",
            "UPDATE order_line SET gone_minor = gone_minor - 1 WHERE id IN "
            f"(SELECT line_id FROM cancelled_line WHERE cancellation_id = {cancellation(2)})",
        ),
        {"line.whole", "order.to_give_back"},
    ),
    "more tax cancelled than charged": (
        (f"UPDATE cancelled_line SET tax_minor = 100000 WHERE cancellation_id = {cancellation(2)}",),
        {"tax.cancelled", "line.gone_tax"},
    ),
    "more tax given back than charged": (
        (f"UPDATE refund_target SET tax_minor = 100000 WHERE refund_id = {refund(1)}",),
        {"tax.given_back"},
    ),
    "more tax on shipping given back than charged": (
        (
            f"UPDATE refund_target SET tax_minor = 100000 WHERE refund_id = {refund(4)} AND target = 'shipping'",
        ),
        {"tax.shipping"},
    ),
    "a refund that is for less than it gives": (
        (
            f"UPDATE refund_target SET amount_minor = amount_minor - 1 WHERE refund_id = {refund(7)}",
            set_order(7, "goodwill_minor = goodwill_minor - 1"),
        ),
        {"refund.targets"},
    ),
    "a line given back without a refund": (
        (f"UPDATE order_line SET given_minor = 1 WHERE order_id = {order(2)}",),
        {"given.line"},
    ),
    "shipping given back without a refund": (
        (set_order(2, "shipping_given_minor = 1"),),
        {"given.shipping"},
    ),
    "fees given back without a refund": ((set_order(2, "fees_given_minor = 1"),), {"given.fees"}),
    "goodwill without a refund": (
        (set_order(6, "goodwill_minor = 1"),),
        {"given.goodwill", "order.to_give_back"},
    ),
    "in flight without a refund": (
        (
            set_order(
                2,
                "in_flight_minor = 1, payment_status = 'refund_pending', "
                "to_give_back_minor = to_give_back_minor - 1",
            ),
        ),
        {"refund.in_flight"},
    ),
    "refunded without a refund": (
        (
            set_order(
                2,
                "refunded_minor = 1, payment_status = 'partially_refunded', "
                "to_give_back_minor = to_give_back_minor - 1",
            ),
        ),
        {"refund.refunded"},
    ),
    "a payment's share reserved for nothing": (
        (
            f"UPDATE payment_share SET reserved_minor = 1 WHERE order_id = {order(6)}",
            f"UPDATE payment SET reserved_minor = 1 WHERE id = (SELECT payment_id FROM payment_share WHERE order_id = {order(6)})",
        ),
        {"share.reserved"},
    ),
    "a payment reserved beyond its shares": (
        (
            f"UPDATE payment SET reserved_minor = 1 WHERE id = (SELECT payment_id FROM payment_share WHERE order_id = {order(6)})",
        ),
        {"payment.reserved"},
    ),
    "a payment of which its shares captured more": (
        (
            f"UPDATE payment SET captured_minor = 0 WHERE id = (SELECT payment_id FROM payment_share WHERE order_id = {order(6)})",
        ),
        {"payment.captured"},
    ),
    "given back elsewhere on a share alone": (
        (
            f"UPDATE payment_share SET refunded_elsewhere_minor = 1 WHERE order_id = {order(2)}",
            set_order(
                2,
                "refunded_minor = 1, payment_status = 'partially_refunded', "
                "to_give_back_minor = to_give_back_minor - 1",
            ),
        ),
        {"payment.elsewhere"},
    ),
    "more given back than captured": (
        (
            drop("payment", "payment_reserved"),
            drop("payment_share", "share_reserved"),
            f"UPDATE payment_share SET captured_minor = reserved_minor - 1 WHERE order_id = {order(1)}",
            f"UPDATE payment SET captured_minor = reserved_minor - 1 WHERE id = "
            f"(SELECT payment_id FROM payment_share WHERE order_id = {order(1)})",
            set_order(1, "captured_minor = 2125, payment_status = 'refunded'"),
        ),
        {"payment.given_back"},
    ),
    "a rate that was not told of an order": (
        (set_order(2, "rated_articles = rated_articles + 1"),),
        {"rate.entered", "rate.articles"},
    ),
    "captured on the order alone": (
        (set_order(2, "captured_minor = captured_minor + 1, to_give_back_minor = to_give_back_minor + 1"),),
        {"order.captured"},
    ),
    "a payment in another currency": (
        (
            f"UPDATE payment SET currency = 'USD' WHERE id = (SELECT payment_id FROM payment_share WHERE order_id = {order(6)})",
        ),
        {"order.currency"},
    ),
    "owed more than the rules say": (
        (set_order(2, "to_give_back_minor = to_give_back_minor + 1"),),
        {"order.to_give_back"},
    ),
    "a status that its units do not have": ((set_order(6, "status = 'shipped'"),), {"order.status"}),
    "a payment status that its money does not have": (
        (set_order(6, "payment_status = 'unpaid'"),),
        {"order.payment_status"},
    ),
    "a refund on another order's payment": (
        (
            f"UPDATE refund SET order_id = {order(6)}, share_id = share_id WHERE id = {refund(7)}",
            set_order(6, "refunded_minor = 300, goodwill_minor = 300, payment_status = 'partially_refunded'"),
            set_order(7, "refunded_minor = 0, goodwill_minor = 0, payment_status = 'paid'"),
        ),
        {"refund.of_this_order"},
    ),
    "a refund that the provider never made": (
        (f"DELETE FROM sandbox_refund WHERE refund_id = {refund(1)}::text",),
        {"books.made"},
    ),
    "a refund that the provider made and we gave up": (
        (
            f"UPDATE sandbox_refund SET refund_id = gen_random_uuid()::text WHERE refund_id = {refund(7)}::text",
        ),
        {"books.made", "books.known"},
    ),
    "a refund that the provider made twice": (
        (
            f"INSERT INTO sandbox_refund (payment_id, key, refund_id, amount_minor, state, tries) "
            f"SELECT payment_id, 'again', refund_id, 0 + amount_minor, state, 0 FROM sandbox_refund "
            f"WHERE refund_id = {refund(7)}::text",
        ),
        {"books.made", "books.once"},
    ),
    "captured more than the provider": (
        (
            "UPDATE sandbox_payment x SET captured_minor = 0 FROM payment p JOIN payment_share s ON s.payment_id = p.id "
            f"WHERE s.order_id = {order(6)} AND x.account = p.account AND x.reference = p.provider_reference",
        ),
        {"books.captured"},
    ),
    "voided with us alone": (
        ("UPDATE sandbox_payment SET voided = false WHERE voided AND account = 'sandbox:' || %(m)s",),
        {"books.voided"},
    ),
    "a refund sent without an attempt": (
        (f"DELETE FROM refund_attempt WHERE refund_id = {refund(1)}",),
        {"books.attempts"},
    ),
    "a credit balance that its entries do not make": (
        ("UPDATE store_credit SET balance_minor = balance_minor + 1 WHERE merchant_id = %(m)s",),
        {"credit.balance"},
    ),
    "a refund in store credit that was never credited": (
        ("UPDATE credit_entry SET refund_id = NULL WHERE merchant_id = %(m)s",),
        {"credit.refund"},
    ),
    "a credit for a refund that did not succeed": (
        (
            f"UPDATE refund SET state = 'planned' WHERE id = {refund(4)}",
            set_order(
                4, "in_flight_minor = refunded_minor, refunded_minor = 0, payment_status = 'refund_pending'"
            ),
        ),
        {"credit.earned"},
    ),
    "an order that no history knows": (
        (f"DELETE FROM event WHERE kind = 'order.received' AND order_id = {order(6)}",),
        {"event.order.received"},
    ),
    "a cancellation that no history knows": (
        (f"DELETE FROM event WHERE kind = 'cancellation.confirmed' AND order_id = {order(2)}",),
        {"event.cancellation.confirmed"},
    ),
    "an undoing that no history knows": (
        (f"DELETE FROM event WHERE kind = 'cancellation.undone' AND order_id = {order(3)}",),
        {"event.cancellation.undone"},
    ),
    "two mails for one cancellation": (
        (
            "DROP INDEX message_one_per_cancellation",
            "INSERT INTO message SELECT (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid()))).* "
            f"FROM message m WHERE cancellation_id = {cancellation(2)}",
        ),
        {"message.once"},
    ),
    "a refund sent that nobody looks after": (
        (
            f"INSERT INTO refund_attempt (merchant_id, refund_id, number, call, started_at, outcome, error) "
            f"VALUES (%(m)s, {refund(5)}, 1, 'refund', now(), '', '')",
            f"UPDATE refund SET state = 'sent', not_before = now() - interval '1 hour', "
            f"lease_until = now() - interval '11 minutes' WHERE id = {refund(5)}",
        ),
        {"queue.refund"},
    ),
    "a mail on its way that nobody looks after": (
        (
            f"UPDATE message SET state = 'sending', not_before = now() - interval '1 hour', "
            f"lease_until = now() - interval '11 minutes' WHERE cancellation_id = {cancellation(2)}",
        ),
        {"queue.message"},
    ),
    **{
        f"{column} counted once too often": (
            (
                f"UPDATE rate_change SET {column} = {column} + 1 WHERE id = "
                "(SELECT min(id) FROM rate_change WHERE merchant_id = %(m)s)",
            ),
            {f"rate.{column}"},
        )
        for column in ("orders", "articles", "orders_cancelled", "articles_cancelled")
    },
    "a day added up wrongly": (
        (
            "INSERT INTO rollup_mark (id, event_id, next_event_id, next_xid) SELECT 1, last_value, last_value, 0 "
            "FROM event_id_seq ON CONFLICT (id) DO UPDATE SET event_id = EXCLUDED.event_id",
            "INSERT INTO rollup_day (merchant_id, channel_id, day, dimension, key, currency, orders, articles, "
            "counted_orders, counted_articles, amount_minor) SELECT merchant_id, channel_id, placed_on, 'placed', '', "
            "'EUR', 99, 0, 0, 0, 1 FROM \"order\" WHERE merchant_id = %(m)s LIMIT 1",
        ),
        {"rollup.orders", "rollup.sales", "rollup.cancelled", "rollup.reasons"},
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
}
