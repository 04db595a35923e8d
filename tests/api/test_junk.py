"""Bodies, addresses and parameters that nobody would send: never a 5xx, and always a problem."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import Api, order_body, placed
from .test_rights import BODIES, OPERATIONS

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["1", "12.30", "EUR", "2026-11-20T10:00:00Z", "", "\x00", "\ud800", "p1", "all", "none"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WRITES = [(method, path) for method, path in OPERATIONS if method != "GET"]
quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a body where something can be put."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at] * bool(at) + [place for name, one in inner for place in places(one, (*at, name))]


def changed(value: Any, at: tuple[Any, ...], junk: Any) -> Any:
    """A body with something else in one place."""
    if not at:
        return junk
    made = dict(value) if isinstance(value, dict) else list(value)
    made[at[0]] = changed(value[at[0]], at[1:], junk)
    return made


def sent(api: Api, method: str, path: str, body: Any) -> None:
    answer = api(method, path, body)
    assert answer.status_code < 500, (method, path, body, answer.content)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"


@quick
@given(asked=st.sampled_from(WRITES), junk=JSON)
def test_junk_as_a_body(api: Api, asked: tuple[str, str], junk: Any) -> None:
    method, path = asked
    sent(api, method, re.sub(r"\{\w+\}", "x", path), junk)


@quick
@given(data=st.data(), junk=JSON)
def test_junk_in_one_place_of_an_order(api: Api, data: st.DataObject, junk: Any) -> None:
    body = order_body(
        fulfilments=[{"shipped_at": "2026-11-21T10:00:00Z", "lines": [{"line": "1", "quantity": 1}]}]
    )
    body |= {"shipping_address": {"line1": "x"}}
    sent(api, "POST", "/orders", changed(body, data.draw(st.sampled_from(places(body))), junk))


@quick
@given(data=st.data(), junk=JSON)
def test_junk_in_one_place_of_a_cancellation_or_a_refund(api: Api, data: st.DataObject, junk: Any) -> None:
    consent = {"text": "oui", "at": "2026-11-20T10:00:00Z", "via": "page"}
    wishes = {
        "cancellations": {
            "lines": [{"line": "1", "quantity": 1}],
            "reason": "budget",
            "initiated_by": "buyer",
            "refund": {"when": "now", "method": "store_credit", "amount": "1.00", "shipping": "none", "fee": "0.00", "consent": consent},
            "restock": [{"line": "1", "quantity": 1}],
            "message": "Bonjour",
            "note": "x",
            "undo_seconds": 5,
        },
        "refunds": {"lines": [{"line": "1", "quantity": 1}], "shipping": "1.00", "method": "original", "reason": "x", "consent": consent},
    }  # fmt: skip
    noun = data.draw(st.sampled_from(sorted(wishes)))
    order = placed(api)
    body = changed(wishes[noun], data.draw(st.sampled_from(places(wishes[noun]))), junk)
    sent(api, "POST", f"/orders/{order['id']}/{noun}/preview", body)
    sent(api, "POST", f"/orders/{order['id']}/{noun}", body)


@quick
@given(asked=st.sampled_from(OPERATIONS), junk=st.text(min_size=1, max_size=30), query=st.text(max_size=30))
def test_junk_in_an_address(api: Api, asked: tuple[str, str], junk: str, query: str) -> None:
    method, path = asked
    try:
        said = quote(junk, safe="")
        also = quote(query, safe="")
    except UnicodeEncodeError:
        return
    address = re.sub(r"\{\w+\}", lambda _: said, path)
    for parameter in (
        "q",
        "cursor",
        "limit",
        "order",
        "state",
        "after",
        "to",
        "customer_email",
        "channel",
        "number",
    ):
        sent(api, method, f"{address}?{parameter}={also}", BODIES.get(path) if method != "GET" else None)


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"\x00", b'{"a":"\xed\xa0\x80"}', b'{"a":' + b"9" * 5000 + b"}", b'{"a":1e999}']
)
def test_bytes_that_are_no_body(api: Api, raw: bytes) -> None:
    answer = api("POST", "/orders", raw=raw)
    assert 400 <= answer.status_code < 500, answer.content


def test_an_order_worth_more_than_a_column_holds_is_refused(api: Api) -> None:
    line = {"sku": "A", "quantity": 10_000, "unit_price": "99999999999.99"}
    body = order_body(lines=[line] * 200, discounts=[])
    body.pop("total")
    answer = api("POST", "/orders", body)
    assert answer.status_code == 422, answer.content


def test_an_order_of_2000_lines_comes_in(api: Api) -> None:
    line = {"sku": "A", "quantity": 1, "unit_price": "1.00"}
    body = order_body(lines=[line] * 2000, discounts=[], total="2006.90")
    answer = api("POST", "/orders", body)
    assert answer.status_code == 201, answer.content
    assert len(answer.json()["lines"]) == 2000
