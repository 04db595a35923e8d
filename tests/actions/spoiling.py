"""Rows of the audited shop, named in SQL."""


def order(number: int) -> str:
    return f"(SELECT id FROM \"order\" WHERE merchant_id = %(m)s AND number = '{number}')"


def refund(number: int) -> str:
    return f"(SELECT id FROM refund WHERE order_id = {order(number)})"


def cancellation(number: int) -> str:
    return f"(SELECT id FROM cancellation WHERE order_id = {order(number)})"


def set_order(number: int, what: str) -> str:
    return f'UPDATE "order" SET {what} WHERE id = {order(number)}'


def drop(table: str, name: str) -> str:
    return f"ALTER TABLE {table} DROP CONSTRAINT {name}"
