"""Tokens, and writes that are done once however often they are sent."""

from collections import Counter
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from countermand import sql
from countermand.access import idempotency, tokens
from countermand.access.idempotency import first_answer, once, remember
from countermand.access.jobs import forget_old_answers
from countermand.access.models import ApiToken, IdempotencyRecord
from countermand.merchants.actions import add_merchant
from countermand.refusals import Refusal
from countermand.stock.actions import add_stock, put_item
from countermand.stock.models import Item, Movement

PLACE = {"method": "POST", "path": "/api/v1/orders"}


def test_a_token_says_who_holds_it(merchant: Any) -> None:
    plain = tokens.issue(merchant_id=merchant.id, name="caisse", role="agent")

    bearer = tokens.who(plain)

    assert bearer is not None
    assert (bearer.merchant_id, bearer.role, bearer.name) == (merchant.id, "agent", "caisse")
    assert (bearer.timezone, bearer.by) == ("Europe/Paris", "api:caisse")


def test_a_token_is_not_kept_in_plain(merchant: Any) -> None:
    plain = tokens.issue(merchant_id=merchant.id, name="caisse", role="agent")

    kept = sql.rows("SELECT * FROM api_token WHERE merchant_id = %s", (merchant.id,))

    assert plain not in str(kept)


@pytest.mark.parametrize("wrong", ["", "cm_", "cm_" + "x" * 43, "x" * 5000, "cm_\ud800"])
def test_an_unknown_token_is_nobodys(merchant: Any, wrong: str) -> None:
    assert tokens.who(wrong) is None


def test_a_revoked_token_is_nobodys(merchant: Any, now: Any) -> None:
    plain = tokens.issue(merchant_id=merchant.id, name="caisse", role="agent")
    token = ApiToken.of(merchant.id).get()

    tokens.revoke(merchant_id=merchant.id, token_id=token.id, by="marie", at=now)
    tokens.revoke(merchant_id=merchant.id, token_id=token.id, by="marie", at=now)

    assert tokens.who(plain) is None


def test_another_merchants_token_cannot_be_revoked(merchant: Any, now: Any) -> None:
    plain = tokens.issue(merchant_id=merchant.id, name="caisse", role="agent")

    with pytest.raises(Refusal) as refused:
        tokens.revoke(merchant_id=merchant.id + 1, token_id=ApiToken.of(merchant.id).get().id, by="x", at=now)

    assert refused.value.status == 404
    assert tokens.who(plain) is not None


@pytest.mark.parametrize(("name", "role"), [("caisse", "admin"), (" ", "agent"), ("x" * 101, "agent")])
def test_what_is_no_token_is_refused(merchant: Any, name: str, role: str) -> None:
    with pytest.raises(Refusal):
        tokens.issue(merchant_id=merchant.id, name=name, role=role)


def test_the_same_key_and_content_answer_as_before(merchant: Any) -> None:
    did = []

    def act() -> tuple[int, str]:
        did.append(1)
        return 201, '{"id":"1"}'

    for replayed in (False, True):
        stored, old = once(merchant_id=merchant.id, **PLACE, key="k", body={"a": 1, "b": 2}, act=act)
        assert (stored.status, stored.answer, old) == (201, '{"id":"1"}', replayed)
    same, old = once(merchant_id=merchant.id, **PLACE, key="k", body={"b": 2, "a": 1}, act=act)

    assert (same.status, old, len(did)) == (201, True, 1)


def test_the_same_key_with_other_content_is_refused(merchant: Any) -> None:
    once(merchant_id=merchant.id, **PLACE, key="k", body={"a": 1}, act=lambda: (200, "{}"))

    with pytest.raises(Refusal) as refused:
        once(merchant_id=merchant.id, **PLACE, key="k", body={"a": "1"}, act=lambda: (200, "{}"))

    assert (refused.value.code, refused.value.status) == ("idempotency_key_reused", 422)


def test_a_key_is_one_merchants_one_methods_and_one_paths(merchant: Any) -> None:
    other = add_merchant(code=f"other-{uuid4()}", name="Autre")
    scopes = [
        {"merchant_id": merchant.id, "method": "POST", "path": "/a"},
        {"merchant_id": merchant.id, "method": "PUT", "path": "/a"},
        {"merchant_id": merchant.id, "method": "POST", "path": "/b"},
        {"merchant_id": other.id, "method": "POST", "path": "/a"},
    ]

    for scope in scopes:
        assert once(**scope, key="k", body={}, act=lambda: (200, "{}"))[1] is False  # type: ignore[arg-type]


def test_a_refusal_keeps_nothing_and_is_judged_again(merchant: Any) -> None:
    def refuse() -> tuple[int, str]:
        raise Refusal("nothing_open")

    with pytest.raises(Refusal):
        once(merchant_id=merchant.id, **PLACE, key="k", body={}, act=refuse)

    assert not IdempotencyRecord.of(merchant.id).exists()
    assert (
        once(merchant_id=merchant.id, **PLACE, key="k", body={"other": 1}, act=lambda: (200, "{}"))[1]
        is False
    )


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_1_to_255_characters(merchant: Any, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        first_answer(merchant_id=merchant.id, **PLACE, key=key, body={})

    assert refused.value.code == "invalid_key"


def test_only_what_was_done_is_kept(merchant: Any) -> None:
    with pytest.raises(ValueError, match="done"):
        remember(merchant_id=merchant.id, **PLACE, key="k", status=409, answer="{}")


def test_twenty_at_once_with_one_key_do_it_once(merchant: Any, now: Any) -> None:
    put_item(merchant_id=merchant.id, sku="MUG", fields={"on_hand": 0}, by="marie", at=now)
    ready, answers = Barrier(20), []

    def act() -> tuple[int, str]:
        add_stock(merchant_id=merchant.id, sku="MUG", quantity=1, by="marie", at=now)
        return 200, '{"on_hand":1}'

    def send() -> None:
        ready.wait()
        stored, old = once(merchant_id=merchant.id, **PLACE, key="k", body={"add": 1}, act=act)
        answers.append((stored.answer, old))
        connection.close()

    threads = [Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(answers) == {('{"on_hand":1}', False): 1, ('{"on_hand":1}', True): 19}
    assert Item.of(merchant.id).get().on_hand == 1
    assert Movement.of(merchant.id).filter(kind="added").count() == 1


def test_a_twin_that_runs_too_long_is_not_waited_for(merchant: Any) -> None:
    taken, done, refused = Barrier(2), Barrier(2), []

    def hold() -> None:
        def act() -> tuple[int, str]:
            taken.wait()
            done.wait()
            return 200, "{}"

        once(merchant_id=merchant.id, **PLACE, key="k", body={}, act=act)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    taken.wait()
    try:
        sql.execute("SET lock_timeout = '100ms'")
        with pytest.raises(Refusal) as refusal:
            once(merchant_id=merchant.id, **PLACE, key="k", body={}, act=lambda: (200, "{}"))
        refused.append(refusal.value)
    finally:
        sql.execute("SET lock_timeout = '5s'")
        done.wait()
        holder.join()

    assert (refused[0].code, refused[0].status) == ("in_progress", 409)
    assert refused[0].facts["retry_after"] > 0
    assert once(merchant_id=merchant.id, **PLACE, key="k", body={}, act=lambda: (201, "x"))[0].status == 200


def test_answers_are_forgotten_after_thirty_days(merchant: Any, now: Any) -> None:
    once(merchant_id=merchant.id, **PLACE, key="old", body={}, act=lambda: (200, "{}"))
    once(merchant_id=merchant.id, **PLACE, key="new", body={}, act=lambda: (200, "{}"))
    sql.execute(
        "UPDATE idempotency SET created_at = created_at - interval '31 days' WHERE scope = %s",
        (idempotency._scope(merchant.id, "POST", PLACE["path"], "old"),),
    )

    forget_old_answers(at=now)

    assert IdempotencyRecord.of(merchant.id).count() == 1
