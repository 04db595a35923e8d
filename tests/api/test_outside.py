"""What a client outside may rely on whatever it sends: the door's own promises (docs/api.md, REST: general)."""

import json
import socket
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.test import RequestFactory
from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.errors import InvalidRequestLine, LimitRequestHeaders, LimitRequestLine

from config import gunicorn
from config.web_worker import Worker
from countermand.api.problems import Problem
from countermand.api.reading import MOST_BYTES, READ_AWAY, check_outside

from .conftest import Api, order_body, placed, problem_of


@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/api/docs", "/healthz", "/readyz"])
def test_what_is_only_read_refuses_other_methods(api: Api, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert problem_of(api(method, path, {}), 405, "method_not_allowed")["detail"]


@pytest.mark.parametrize(
    "kind", ['application/json; charset="utf-8"', "Application/JSON;Charset=UTF8", "application/json; v=1"]
)
def test_json_by_its_other_names(api: Api, kind: str) -> None:
    answer = api("POST", "/orders", raw=json.dumps(order_body()).encode(), Content_Type=kind)
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("kind", ["application/json; charset=latin-1", "application/jsonx", "text/json", ""])
def test_other_types_are_a_415(api: Api, kind: str) -> None:
    problem_of(api("POST", "/orders", raw=b"{}", Content_Type=kind), 415, "unsupported_media_type")


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_read_away_so_that_the_answer_is_heard(announced: bool) -> None:
    sent = BytesIO(b" " * (MOST_BYTES + 100_000))
    request = RequestFactory().post("/api/v1/orders", content_type="application/json")
    length = (
        {"CONTENT_LENGTH": str(MOST_BYTES + 100_000)} if announced else {"HTTP_TRANSFER_ENCODING": "chunked"}
    )
    request.META |= {"CONTENT_LENGTH": "", "wsgi.input": sent} | length
    with pytest.raises(Problem) as refused:
        check_outside(request)
    assert (refused.value.status, sent.read()) == (413, b"")


def test_a_search_of_some_thousand_characters_is_read() -> None:
    settings = Config()
    settings.set("limit_request_line", gunicorn.limit_request_line)
    line = f"/commandes?q={'a' * 8000}"
    sent = f"GET {line} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    assert next(RequestParser(settings, [sent], ("127.0.0.1", 1))).uri == line


def test_a_body_without_measure_is_refused_unread() -> None:
    sent = BytesIO(b"x")
    request = RequestFactory().post("/api/v1/orders", content_type="application/json")
    request.META |= {"CONTENT_LENGTH": str(READ_AWAY + 1), "wsgi.input": sent}
    with pytest.raises(Problem):
        check_outside(request)
    assert sent.read() == b"x"


@pytest.mark.parametrize(
    ("error", "status"),
    [(LimitRequestLine(9000, 8190), 414), (LimitRequestHeaders("many"), 431), (InvalidRequestLine("x"), 400)],
)
def test_what_the_web_server_cannot_read_is_a_problem_too(error: Exception, status: int) -> None:
    ours, theirs = socket.socketpair()
    worker = Worker.__new__(Worker)
    worker.log = _Silent()
    worker.handle_error(None, ours, ("127.0.0.1", 1), error)
    ours.close()
    head, _, content = theirs.recv(65536).decode().partition("\r\n\r\n")
    theirs.close()
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "Content-Type: application/problem+json" in head
    said = json.loads(content)
    assert {"type", "title", "status", "code", "detail", "errors"} == set(said)
    assert said["status"] == status


class _Silent:
    """A log that keeps nothing."""

    def info(self, *said: Any) -> None:
        """This will keep nothing."""


def test_names_of_nothing_but_blanks_are_refused(api: Api) -> None:
    line = {"sku": "A", "quantity": 1, "unit_price": "1.00"}
    plain = {"discounts": [], "shipping": None, "fees": [], "payments": [], "total": "1.00", "lines": [line]}
    for wrong in (
        {"number": "  "},
        {"number": " 12"},
        {"number": "12\n"},
        {"lines": [line | {"sku": " "}]},
        {"lines": [line | {"reference": "1 "}]},
    ):
        problem_of(api.post("/orders", order_body(**plain) | wrong), 422, "invalid_text")
    assert api.post("/orders", order_body(**plain, number="C 12 / b")).status_code == 201


def test_the_level_of_a_risk_is_one_of_three(api: Api) -> None:
    said = problem_of(api.post("/orders", order_body(risk={"level": "huge"})), 422, "unknown_value")
    assert said["errors"][0]["field"] == "risk.level"


def test_the_same_amounts_written_otherwise_are_the_same_order(api: Api) -> None:
    body = order_body()
    assert api.post("/orders", body).status_code == 201
    line = body["lines"][0] | {"unit_price": "12.3", "tax_rate": "20.0", "discount": "0"}
    assert api.post("/orders", body | {"lines": [line], "total": "38.8"}).status_code == 200
    problem_of(api.post("/orders", body | {"lines": [line | {"tax_rate": "2"}]}), 409, "order_differs")


def test_a_discount_is_answered_with_what_was_left_out(api: Api) -> None:
    order = placed(api, discounts=[{"amount": "5"}], total=None)
    assert order["discounts"] == [{"title": "", "amount": "5.00", "target": "lines"}]


def test_every_unit_of_a_long_line_has_its_worth(api: Api) -> None:
    line = {"sku": "VIS", "quantity": 200, "unit_price": "0.03", "discount": "1.00"}
    order = placed(api, lines=[line], discounts=[], shipping=None, fees=[], payments=[], total="5.00")
    [told] = order["lines"]
    assert (len(told["unit_amounts"]), told["unit_amounts"][:2]) == (200, ["0.02", "0.03"])
    gone = {"lines": [{"line": "1", "quantity": 7}], "reason": "budget"}
    plan = api.post(f"/orders/{order['id']}/cancellations/preview", gone).json()
    # 7 of 200 units of 5.00: floor(500 * 7 / 200)
    assert plan["lines"][0]["amount"] == "0.17"
    assert sum(int(each[2:]) for each in told["unit_amounts"][:7]) == 17


def test_ending_a_subscription_twice_under_one_key_is_once(api: Api) -> None:
    made = api.post("/webhooks", {"url": "https://example.org/in", "events": ["order.received"]}).json()
    for replayed in (None, "true"):
        answer = api.delete(f"/webhooks/{made['id']}", Idempotency_Key="end-1")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers.get("Idempotent-Replayed") == replayed
    problem_of(api.delete(f"/webhooks/{made['id']}"), 404, "not_found")


def test_a_search_of_a_thousand_words_is_answered(api: Api) -> None:
    answer = api.get(f"/orders?q={quote('bleu ' * 1000)}")
    assert answer.status_code in (200, 422), answer.content


def test_an_article_of_blanks_is_refused(api: Api) -> None:
    for sku in ("%20", "A%20", "%C2%A0A"):
        assert (
            problem_of(api.put(f"/items/{sku}", {"title": "x"}), 422, "invalid_text")["errors"][0]["field"]
            == "sku"
        )
    assert api.put("/items/A%20B", {"title": "x"}).status_code == 201


def test_an_identity_is_found_as_it_was_handed_out_only(api: Api) -> None:
    order = placed(api)["id"]
    assert api.get(f"/orders/{order}").status_code == 200
    for other in (order.upper(), order.replace("-", ""), f"{{{order}}}", f"urn:uuid:{order}"):
        problem_of(api.get(f"/orders/{other}"), 404, "not_found")
        assert api.get(f"/refunds?order={other}").json()["items"] == []


def test_nothing_is_no_amount_to_give_back(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/refunds"
    for wish, code, field in (
        ({"amount": "0.00"}, "invalid_amount", "amount"),
        ({"amount": "0"}, "invalid_amount", "amount"),
        ({"lines": [{"line": "1", "amount": "0.00"}]}, "invalid_amount", "lines.0.amount"),
        ({"lines": []}, "invalid_lines", "lines"),
    ):
        for address in (path, f"{path}/preview"):
            assert problem_of(api.post(address, wish), 422, code)["errors"][0]["field"] == field
    problem_of(api.post(path, {}), 409, "nothing_to_refund")
    assert api.post(path, {"amount": "10"}).json()["amount"] == "10.00"
