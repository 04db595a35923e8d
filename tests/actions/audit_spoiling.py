"""Ways to spoil the audited shop by raw SQL, each with the checks that must then speak.

A figure that others are judged by is spoiled together with them, so that one check alone is left.
"""

from tests.actions.audit_spoiling_rooms import ROOMS
from tests.actions.spoiling import cancellation, drop, order, refund, set_order

SPOILING: dict[str, tuple[tuple[str, ...], set[str]]] = {
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
    "a refund that waits for nobody": (
        (f"UPDATE refund SET state = 'held' WHERE id = {refund(5)} AND state = 'planned'",),
        {"refund.held"},
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
    **ROOMS,
}
