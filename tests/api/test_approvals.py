"""SH-12 through the API: 202 with the frozen plan, approve, decline; cases handed over; what waits for a person."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import TypeAdapter

from countermand import sql
from tests.api.conftest import Api, placed, problem_of
from tests.api.documented import models, undeclared

RULES = {"rules": [{"kind": "amount", "above": "20"}]}
TWO = {"reason": "out_of_stock", "lines": [{"line": "1", "quantity": 2}]}  # 21.26


@pytest.fixture
def people(api: Api, token_of: Callable[[str], str]) -> dict[str, Api]:
    """A shop where more than 20.00 takes a manager, asked by tokens of three roles."""
    assert api.put("/approval-rules", RULES).status_code == 200
    return {role: Api(token_of(role)) for role in ("agent", "manager")} | {"owner": api}


def asked(people: dict[str, Api], **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order, and what its agent was answered."""
    order = placed(people["owner"], **changes)
    answer = people["agent"].post(f"/orders/{order['id']}/cancellations", TWO)
    assert answer.status_code == 202, answer.content
    return order, answer.json()


def status_of(people: dict[str, Api], order: dict[str, Any]) -> tuple[str, int]:
    found = people["owner"].get(f"/orders/{order['id']}").json()
    return found["status"], len(found["cancellations"])


def test_SH12_a_confirm_that_needs_approval_answers_202_with_the_frozen_plan(people: dict[str, Api]) -> None:
    order, held = asked(people)
    assert (held["state"], held["refund"]["amount"], held["lines"][0]["quantity"]) == ("held", "21.26", 2)
    assert held["plan"].startswith("sha256:")
    about = held["approval"]
    assert (about["state"], about["approver"], about["asked_by"]) == ("waiting", "manager", "api:test-agent")
    assert about["why"] == [{"kind": "amount", "approver": "manager", "above": "20.00"}]
    assert status_of(people, order) == ("open", 0)

    done = people["manager"].post(f"/approvals/{about['id']}/approve")

    assert done.status_code == 200, done.content
    assert done.json()["state"] == "approved"
    assert done.json()["number"] == order["number"]
    assert status_of(people, order) == ("open", 1)
    made = people["owner"].get(f"/cancellations/{done.json()['cancellation']}").json()
    assert made["refund"]["amount"] == "21.26"


def test_SH12_the_same_key_asks_once_and_declined_nothing_moves(people: dict[str, Api]) -> None:
    order = placed(people["owner"])
    path = f"/orders/{order['id']}/cancellations"
    first = people["agent"].post(path, TWO, Idempotency_Key="k")
    again = people["agent"].post(path, TWO, Idempotency_Key="k")
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    approval = f"/approvals/{first.json()['approval']['id']}"
    no = people["manager"].post(f"{approval}/decline", {"note": "le client veut attendre"})
    assert (no.json()["state"], no.json()["note"]) == ("declined", "le client veut attendre")
    problem_of(people["manager"].post(f"{approval}/approve"), 409, "already_decided")
    assert status_of(people, order) == ("open", 0)


def test_SH12_roles_of_tokens_count_and_nobody_approves_their_own(people: dict[str, Api]) -> None:
    order, held = asked(people)
    approval = f"/approvals/{held['approval']['id']}"
    problem_of(people["agent"].post(f"{approval}/approve"), 403, "forbidden")
    assert people["manager"].post(f"/orders/{order['id']}/cancellations", TWO).status_code == 201
    people["owner"].put("/approval-rules", {"rules": [{"kind": "amount", "above": "5", "approver": "owner"}]})
    mine = people["manager"].post(f"/orders/{order['id']}/cancellations", {"reason": "budget"})
    assert mine.status_code == 202
    problem_of(
        people["manager"].post(f"/approvals/{mine.json()['approval']['id']}/approve"), 409, "own_approval"
    )
    assert people["manager"].post(f"/approvals/{mine.json()['approval']['id']}/withdraw").status_code == 200


def test_SH12_facts_that_moved_are_409_with_the_new_plan_to_approve_anew(people: dict[str, Api]) -> None:
    order, held = asked(people)
    one = {"reason": "budget", "lines": [{"line": "1", "quantity": 1}]}
    assert people["owner"].post(f"/orders/{order['id']}/cancellations", one).status_code == 201
    old = f"/approvals/{held['approval']['id']}"
    problem = problem_of(people["manager"].post(f"{old}/approve"), 409, "plan_changed")
    new = problem["plan"]
    assert new["refund"]["amount"] == "28.17"  # the last two units, and nothing is left: shipping and fee too
    assert people["owner"].get(old).json()["replaced_by"] == new["approval"]["id"]
    assert people["manager"].post(f"/approvals/{new['approval']['id']}/approve").status_code == 200
    assert status_of(people, order) == ("cancelled", 2)


def test_SH12_what_can_no_longer_be_done_is_refused_by_its_own_name(people: dict[str, Api]) -> None:
    order, held = asked(people)
    assert (
        people["owner"].post(f"/orders/{order['id']}/cancellations", {"reason": "budget"}).status_code == 201
    )
    old = f"/approvals/{held['approval']['id']}"
    problem_of(people["manager"].post(f"{old}/approve"), 409, "already_cancelled")
    closed = people["owner"].get(old).json()
    assert (closed["state"], closed["refusal"]) == ("stale", "already_cancelled")


def test_SH12_a_goodwill_of_an_agent_is_forbidden_or_looked_at(people: dict[str, Api]) -> None:
    order = placed(people["owner"])
    path = f"/orders/{order['id']}/refunds"
    problem_of(people["agent"].post(path, {"amount": "2.00"}), 403, "forbidden")
    people["owner"].put("/approval-rules", {"rules": [{"kind": "goodwill"}]})
    held = people["agent"].post(path, {"amount": "2.00", "reason": "retard"})
    assert (held.status_code, held.json()["amount"]) == (202, "2.00")
    done = people["manager"].post(f"/approvals/{held.json()['approval']['id']}/approve").json()
    assert done["reimbursement"]
    assert people["owner"].get(f"/refunds?order={order['id']}").json()["items"][0]["amount"] == "2.00"


def test_SH12_rules_are_read_and_refused_by_field(people: dict[str, Api]) -> None:
    wanted = {
        "rules": [
            {"kind": "amount", "above": "100", "approver": "owner"},
            {"kind": "reason", "reasons": ["price_error", "fraud_suspected"]},
            {"kind": "rate", "near": "warn"},
            {"kind": "refund_failed"},
        ]
    }
    people["owner"].put("/approval-rules", wanted)
    assert people["agent"].get("/approval-rules").json()["rules"] == [
        {"kind": "amount", "approver": "owner", "above": "100.00"},
        {"kind": "reason", "approver": "manager", "reasons": ["fraud_suspected", "price_error"]},
        {"kind": "rate", "approver": "manager", "near": "warn"},
        {"kind": "refund_failed", "approver": "manager"},
    ]
    problem_of(people["manager"].put("/approval-rules", wanted), 403, "forbidden")
    for rule, code in (
        ({"kind": "amount", "above": "x"}, "invalid_amount"),
        ({"kind": "amount", "above": "-1"}, "invalid_amount"),
        ({"kind": "amount", "above": "NaN"}, "invalid_amount"),
        ({"kind": "reason"}, "reason_required"),
        ({"kind": "reason", "reasons": ["nope"]}, "unknown_reason"),
        ({"kind": "rate", "near": "sun"}, "unknown_rule"),
        ({"kind": "moon"}, "unknown_rule"),
        ({"kind": "goodwill", "approver": "agent"}, "unknown_role"),
    ):
        problem = problem_of(people["owner"].put("/approval-rules", {"rules": [rule]}), 422, code)
        assert problem["errors"][0]["field"].startswith("rules.0."), rule


def test_SH12_a_case_is_handed_over_and_stands_on_the_list_of_its_role(people: dict[str, Api]) -> None:
    order = placed(people["owner"])
    case = people["agent"].post(
        f"/orders/{order['id']}/hand-overs", {"note": "Client fâché, rappelez-le.", "role": "manager"}
    )
    assert case.status_code == 201, case.content
    [row] = people["manager"].get("/todo?kind=hand_over").json()["items"]
    assert (row["detail"], row["who"], row["number"]) == (
        "Client fâché, rappelez-le.",
        "api:test-agent",
        order["number"],
    )
    assert people["agent"].get("/todo?kind=hand_over").json()["items"] == []
    path = f"/orders/{order['id']}/hand-overs"
    problem_of(people["agent"].post(path, {"note": " ", "role": "manager"}), 422, "text_required")
    problem_of(people["agent"].post(path, {"note": "vu"}), 422, "unknown_member")
    problem_of(people["agent"].post(path, {"note": "vu", "to": "x@y.z"}), 422, "unknown_member")
    problem_of(people["agent"].post(path, {"note": "vu", "role": "viewer"}), 422, "unknown_role")


def test_SH12_what_waits_for_a_manager_stands_on_their_list_and_the_outcome_on_the_askers(
    people: dict[str, Api],
) -> None:
    _order, held = asked(people)
    found = people["manager"].get("/todo").json()
    assert [row["kind"] for row in found["items"] if row["kind"] == "approval"] == ["approval"]
    assert found["counts"]["approval"] == 1
    people["manager"].post(f"/approvals/{held['approval']['id']}/decline", {"note": "non"})
    [row] = people["agent"].get("/todo?kind=approval_answered").json()["items"]
    assert (row["error"], row["detail"], row["who"]) == ("declined", "non", "api:test-manager")
    problem_of(people["agent"].get("/todo?kind=moon"), 422, "unknown_kind")


def test_approvals_are_listed_by_state_page_by_page(people: dict[str, Api]) -> None:
    ids = [asked(people, number=f"L{i}")[1]["approval"]["id"] for i in range(3)]
    first = people["owner"].get("/approvals?state=waiting&limit=2").json()
    rest = people["owner"].get(f"/approvals?state=waiting&limit=2&cursor={first['next']}").json()
    assert [row["id"] for row in first["items"] + rest["items"]] == ids[::-1]
    assert people["owner"].get("/approvals?state=approved").json()["items"] == []
    problem_of(people["owner"].get("/approvals?state=moon"), 422, "unknown_state")


def test_without_rules_a_confirm_takes_no_statement_more(
    api: Api, token_of: Callable[[str], str], people: dict[str, Api]
) -> None:
    def statements(who: Api) -> int:
        order = placed(api)
        seen: list[str] = []
        with sql.watched(seen.append):
            assert who.post(f"/orders/{order['id']}/cancellations", {"reason": "budget"}).status_code == 201
        return sum(
            not statement.startswith("NOTIFY") for statement in seen
        )  # sent ten times a second at most

    under_a_rule_that_is_not_theirs = statements(people["manager"])
    api.put("/approval-rules", {"rules": []})
    assert statements(people["agent"]) == under_a_rule_that_is_not_theirs <= 9


def test_answers_about_approvals_are_what_the_document_says(people: dict[str, Api]) -> None:
    known = models()
    order, held = asked(people)
    approval = held["approval"]["id"]

    def hold(who: str, method: str, path: str, body: Any = None, **named: str) -> None:
        answer = people[who](method, path.format(**named), body)
        read = TypeAdapter(known[method, path, answer.status_code]).validate_json(answer.content, strict=True)
        assert undeclared(read) == [], path

    named = {"approval_id": approval, "order_id": order["id"]}
    hold("owner", "GET", "/approvals")
    hold("owner", "GET", "/approvals/{approval_id}", **named)
    hold("owner", "GET", "/approval-rules")
    hold("owner", "GET", "/todo")
    hold("owner", "POST", "/orders/{order_id}/hand-overs", {"note": "vu", "role": "owner"}, **named)
    hold("manager", "POST", "/approvals/{approval_id}/approve", **named)


def test_SH12_an_approval_is_declined_for_a_reason_as_a_request_is(people: dict[str, Api]) -> None:
    _, held = asked(people)
    path = f"/approvals/{held['approval']['id']}/decline"
    said = people["manager"].post(path, {"reason": "le client attend"}).json()
    assert (said["state"], said["note"]) == ("declined", "le client attend")
