"""Whatever is wrong with a request is answered as a problem, and never with a 500."""

import json

import pytest

from countermand.api.reading import MOST_BYTES

from .conftest import Api, placed, problem_of

ANY = "/orders/01a200d6-6e80-764d-aa61-0a5c92344152"


@pytest.mark.parametrize(
    "path", ["/nothing", "/orders/x/y/z", "/", "/api", "/api/v2/orders", "/api/docs/more"]
)
def test_an_unknown_path_is_a_problem(api: Api, path: str) -> None:
    problem_of(api.get(path), 404, "not_found")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/orders"), ("PUT", "/reasons"), ("POST", ANY)])
def test_a_wrong_method_is_a_problem_that_names_the_right_ones(api: Api, method: str, path: str) -> None:
    answer = api(method, path, {})
    problem_of(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nothing", b'{"channel": NaN}', b'{"a":1}}', b'"\xff"', '{"a":1}'.encode("utf-16")],
)
def test_what_is_no_json_is_a_400(api: Api, raw: bytes) -> None:
    problem_of(api("POST", "/orders", raw=raw), 400, "malformed_json")


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_brackets_in_brackets_are_a_400(api: Api, raw: bytes) -> None:
    problem_of(api("POST", "/orders", raw=raw), 400, "malformed_json")


def test_deep_json_in_an_unknown_field_is_refused(api: Api) -> None:
    raw = b'{"overrides":{"restock":' + b"[" * 500 + b"]" * 500 + b"}}"
    problem_of(api("PATCH", "/channels/boutique", raw=raw), 422, "invalid_override")


@pytest.mark.parametrize("raw", [b"null", b"[]", b'"x"', b"3", b"true"])
def test_json_that_is_no_object_is_a_422(api: Api, raw: bytes) -> None:
    problem_of(api("POST", "/orders", raw=raw), 422, "invalid_type")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_a_415(api: Api, kind: str) -> None:
    problem_of(api("POST", "/orders", raw=b"{}", Content_Type=kind), 415)


def test_a_charset_beside_the_type_is_fine(api: Api) -> None:
    kind = "application/json; charset=UTF-8"
    problem_of(api("POST", "/orders", raw=b"{}", Content_Type=kind), 422, "required")


def test_a_body_above_10_mb_is_a_413(api: Api) -> None:
    problem_of(api("POST", "/orders", raw=b" " * (MOST_BYTES + 1)), 413)


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800", "x\\uDFFFy"])
def test_text_that_no_table_can_hold_is_refused(api: Api, text: str) -> None:
    raw = b'{"text":"' + text.encode() + b'"}'
    problem_of(api("POST", f"{ANY}/notes", raw=raw), 422, "invalid_text")


def test_an_emoji_written_as_a_surrogate_pair_is_text_like_any_other(api: Api) -> None:
    order = placed(api)
    answer = api("POST", f"/orders/{order['id']}/notes", raw=b'{"text":"\\ud83d\\ude00"}')
    assert answer.status_code == 201, answer.content
    assert answer.json()["text"] == "😀"


def test_each_wrong_field_is_named(api: Api) -> None:
    body = {"code": 3, "terms": "own_shop", "colour": "red", "overrides": []}
    said = problem_of(api.post("/channels", body), 422)
    assert {(one["field"], one["code"]) for one in said["errors"]} == {
        ("code", "invalid_type"),
        ("name", "required"),
        ("colour", "unknown_field"),
        ("overrides", "invalid_type"),
    }


def test_a_parameter_that_is_unknown_or_no_number_is_refused(api: Api) -> None:
    problem_of(api.get("/orders?chanel=boutique"), 422, "unknown_field")
    problem_of(api.get("/orders?limit=many"), 422)
    problem_of(api.get("/orders?limit=251"), 422, "invalid_limit")
    problem_of(api.get("/orders?q=a%00b"), 422, "invalid_text")
    problem_of(api.get("/orders?cursor=x"), 422, "invalid_cursor")


def test_without_a_good_token_nothing_is_read(api: Api) -> None:
    for token in ("", "wrong", "cm_" + "x" * 43, "cm_é"):
        answer = Api(token)("POST", "/orders", raw=b"{")
        problem_of(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_failure_of_ours_shows_nothing_of_it(api: Api) -> None:
    from django.test import RequestFactory

    from countermand.api.main import api as ninja

    answer = ninja.on_exception(RequestFactory().get("/api/v1/x"), ZeroDivisionError("secret"))
    said = problem_of(answer, 500, "unexpected")
    assert "secret" not in json.dumps(said)
