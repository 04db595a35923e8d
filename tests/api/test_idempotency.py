"""A write that is sent again does nothing twice: by its key, or by what it asks."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection

from countermand.access.tokens import issue

from .conftest import Api, order_body, placed, problem_of


def together(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Answers of so many threads that start at the same moment."""
    answers: list[Any] = [None] * count
    gate = threading.Barrier(count)

    def run(i: int) -> None:
        try:
            gate.wait()
            answers[i] = act(i)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_key_and_body_is_answered_from_memory(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/cancellations"
    body = {"reason": "other", "lines": [{"line": "1", "quantity": 1}]}
    first = api.post(path, body, Idempotency_Key="k")
    again = api.post(path, dict(reversed(body.items())), Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.post(path, body, Idempotency_Key="k2").json()["id"] != first.json()["id"]


def test_another_body_under_the_same_key_is_refused(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/cancellations"
    body = {"reason": "other", "lines": [{"line": "1", "quantity": 1}]}
    assert api.post(path, body, Idempotency_Key="k").status_code == 201
    problem_of(api.post(path, body | {"note": "x"}, Idempotency_Key="k"), 422, "idempotency_key_reused")


def test_a_key_is_of_one_merchant_method_and_path(api: Api, stranger: Api) -> None:
    body = {"reason": "other", "lines": [{"line": "1", "quantity": 1}]}
    for asked, order in ((api, placed(api)), (api, placed(api))):
        answer = asked.post(f"/orders/{order['id']}/cancellations", body, Idempotency_Key="k")
        assert answer.status_code == 201
    opened = {"code": "boutique", "name": "B", "terms": "own_shop", "mode": "test"}
    for code in ("a", "b"):
        assert stranger.post("/channels", opened | {"code": code}, Idempotency_Key=code).status_code == 201


def test_a_refusal_is_judged_again(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/refunds"
    problem_of(api.post(path, {}, Idempotency_Key="k"), 409, "nothing_to_refund")
    order = path.removesuffix("/refunds")
    later = {"reason": "other", "refund": {"when": "later"}}
    assert api.post(f"{order}/cancellations", later).status_code == 201
    answer = api.post(path, {}, Idempotency_Key="k")
    assert answer.status_code == 201, answer.content
    assert "Idempotent-Replayed" not in answer.headers


def test_a_key_has_1_to_255_characters(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/notes"
    problem_of(api.post(path, {"text": "x"}, Idempotency_Key="k" * 256), 422, "text_too_long")
    problem_of(api.post(path, {"text": "x"}, Idempotency_Key=""), 422, "invalid_key")
    assert api.post(path, {"text": "x"}, Idempotency_Key="k" * 255).status_code == 201


def test_20_threads_with_one_key_make_one_cancellation(api: Api, merchant: Any) -> None:
    order = placed(api)
    body = {"reason": "other", "lines": [{"line": "1", "quantity": 1}]}
    clients = [Api(api.token) for _ in range(20)]
    answers = together(
        20, lambda i: clients[i].post(f"/orders/{order['id']}/cancellations", body, Idempotency_Key="k")
    )
    assert Counter(answer.status_code for answer in answers) == {201: 20}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
    assert api.get(f"/orders/{order['id']}").json()["lines"][0]["cancelled"] == 1


def test_20_threads_without_a_key_cancel_a_whole_order_once(api: Api) -> None:
    order = placed(api)
    clients = [Api(api.token) for _ in range(20)]
    answers = together(
        20, lambda i: clients[i].post(f"/orders/{order['id']}/cancellations", {"reason": "other"})
    )
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"already_cancelled"}
    assert api.get(f"/orders/{order['id']}").json()["money"]["in_flight"] == "38.80"


def test_10_threads_with_their_own_keys_take_one_order_in_once(api: Api) -> None:
    api.put("/items/MUG-BLEU", {"on_hand": 10})
    body = order_body()
    clients = [Api(api.token) for _ in range(10)]
    answers = together(10, lambda i: clients[i].post("/orders", body, Idempotency_Key=f"k{i}"))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}, [a.content for a in answers]
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_a_key_that_is_still_running_says_when_to_ask_again(api: Api, merchant: Any) -> None:
    path = f"/orders/{placed(api)['id']}/notes"
    holding, done = threading.Event(), threading.Event()
    from django.db import transaction

    from countermand.access import idempotency

    def hold() -> None:
        try:
            with transaction.atomic():
                idempotency.first_answer(
                    merchant_id=merchant.id, method="POST", path=f"/api/v1{path}", key="k", body={"text": "x"}
                )
                holding.set()
                done.wait(20)
                transaction.set_rollback(True)
        finally:
            connection.close()

    twin = threading.Thread(target=hold)
    twin.start()
    holding.wait(10)
    try:
        answer = api.post(path, {"text": "x"}, Idempotency_Key="k")
        problem_of(answer, 409, "in_progress")
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        done.set()
        twin.join()
    assert api.post(path, {"text": "x"}, Idempotency_Key="k").status_code == 201


def test_a_token_that_was_revoked_is_nobodys(api: Api, merchant: Any) -> None:
    from datetime import UTC, datetime

    from countermand.access.tokens import revoke, tokens

    token = issue(merchant_id=merchant.id, name="soon gone", role="owner")
    assert Api(token).get("/reasons").status_code == 200
    gone = next(one for one in tokens(merchant_id=merchant.id) if one.name == "soon gone")
    revoke(merchant_id=merchant.id, token_id=gone.id, by="test", at=datetime.now(UTC))
    problem_of(Api(token).get("/reasons"), 401)
