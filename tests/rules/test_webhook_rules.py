"""When a webhook is tried again, what it is signed with, and which kinds may be asked for."""

import ast
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from standardwebhooks import Webhook as Verifier

from countermand.refusals import Refusal
from countermand.web.happenings import MARKS
from countermand.webhooks import signing
from countermand.webhooks.kinds import KINDS, PRIVATE, asks_for, checked
from countermand.webhooks.rules import Heard, next_try, rest

ROOM = Path(__file__).resolve().parents[2] / "countermand"
BEGUN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
AWAY = Heard(None, "no_connection")


def all_tries(heard: Heard) -> list[timedelta]:
    """The tries after the first one, if each is made when it is due and takes no time."""
    at, found = BEGUN, []
    while (then := next_try(heard=heard, begun_at=BEGUN, at=at)) is not None:
        found.append(then - BEGUN)
        at = then
    return found


def test_tries_go_on_for_three_days_with_longer_and_longer_waits() -> None:
    tries = all_tries(AWAY)
    assert tries[0] == timedelta(seconds=5) and tries[-1] == timedelta(days=3)
    waits = [later - sooner for sooner, later in pairwise(tries)]
    assert max(waits) <= timedelta(hours=24) and len(tries) == 11


def test_a_worker_that_was_away_does_not_make_up_for_missed_tries() -> None:
    at = BEGUN + timedelta(hours=5)
    assert next_try(heard=AWAY, begun_at=BEGUN, at=at) == BEGUN + timedelta(hours=6)


def test_after_three_days_it_is_given_up() -> None:
    assert next_try(heard=AWAY, begun_at=BEGUN, at=BEGUN + timedelta(days=3)) is None
    last = BEGUN + timedelta(days=3, seconds=-1)
    assert next_try(heard=AWAY, begun_at=BEGUN, at=last) == BEGUN + timedelta(days=3)


def test_who_says_gone_is_not_asked_again() -> None:
    assert next_try(heard=Heard(410), begun_at=BEGUN, at=BEGUN) is None


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("120", 120), ("1", 5), ("999999999999999999999", 6 * 3600), ("soon", 5), ("", 5), ("²", 5)],
)
def test_a_receiver_may_ask_for_a_longer_wait(asked: str, waited: int) -> None:
    heard = Heard(429, retry_after=asked)
    assert next_try(heard=heard, begun_at=BEGUN, at=BEGUN) == BEGUN + timedelta(seconds=waited)


def test_one_event_refused_is_no_address_away() -> None:
    assert not Heard(400).place_is_away and not Heard(404).place_is_away
    assert all(Heard(status).place_is_away for status in (500, 503, 429, None))


def test_a_dead_address_is_left_alone_for_at_most_five_minutes() -> None:
    assert [rest(failures=n).total_seconds() for n in (1, 2, 3, 50)] == [5, 10, 20, 300]


def test_signatures_are_those_of_standard_webhooks() -> None:
    made = signing.secret(salt=b"s" * 16)
    at = datetime.now(UTC)
    headers = signing.headers(key="msg_1", at=at, payload='{"é":1}', secrets=[made])
    assert Verifier(signing.written(made)).verify('{"é":1}', headers) == {"é": 1}
    assert signing.written(made).startswith("whsec_")


def test_two_secrets_sign_while_one_replaces_the_other() -> None:
    old, new = signing.secret(salt=b"a"), signing.secret(salt=b"b")
    headers = signing.headers(key="m", at=datetime.now(UTC), payload="{}", secrets=[new, old])
    for each in (old, new):
        Verifier(signing.written(each)).verify("{}", headers)


def test_kinds_may_be_asked_for_by_name_by_family_and_all() -> None:
    assert checked(["refund.*", "order.received"]) == ["order.received", "refund.*"]
    assert checked(["*", "refund.sent"]) == ["*"]
    assert asks_for(["refund.*"], "refund.sent") and not asks_for(["refund.*"], "refunds.sent")
    assert not asks_for(["*"], "token.issued"), "house-keeping is told to nobody"


@pytest.mark.parametrize(
    "asked", [["refund.snet"], ["nothing.*"], ["**"], [".*"], ["webhook.disabled"], ["webhook.*"]]
)
def test_a_kind_that_never_comes_is_refused(asked: list[str]) -> None:
    with pytest.raises(Refusal, match="unknown_event"):
        checked(asked)


def test_every_kind_of_the_history_can_be_asked_for() -> None:
    recorded = set(MARKS)
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "event":
                for keyword in node.keywords:
                    if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
                        recorded.add(keyword.value.value)
    unknown = {kind for kind in recorded if "." in kind and not kind.startswith(PRIVATE)} - set(KINDS)
    assert unknown == set(), "name them in countermand/webhooks/kinds.py"
