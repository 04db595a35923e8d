"""« À traiter »: who was not told of a shortage (EM-14), call-backs (EM-2), and each thing that waits standing once."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand import sql
from countermand.approvals.actions import decline, finish, hand_over, take
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.correspondence.actions import log_contact
from countermand.overview.todo import KINDS, Reader, counts, to_do, to_do_page
from countermand.refunds.actions import retry
from countermand.refusals import Refusal
from countermand.stock.actions import add_stock, count_stock, make_available, make_unavailable, put_item
from countermand.stock.models import Item
from countermand.stock.queries import shortages_ending
from tests.actions.approving import AGENT, MANAGER, held, moment
from tests.actions.refund_desk import code_of, drain_now, give_back
from tests.builders import an_order

HOUR = timedelta(hours=1)


@pytest.fixture
def mug(merchant: Any, now: datetime) -> dict[str, Any]:
    """An article of which 5 are there, as its verbs want it named."""
    common: dict[str, Any] = {"merchant_id": merchant.id, "sku": "MUG", "by": "test"}
    put_item(**common, fields={"title": "Mug bleu", "on_hand": 5}, at=now)
    return common


def order_of(merchant: Any, units: int, **more: Any) -> UUID:
    return an_order(merchant, lines=(("MUG", units, "10.00"),), **more)


def waiting(merchant: Any, *kinds: str, at: datetime | None = None, **reader: str) -> list[dict[str, Any]]:
    return to_do(merchant_id=merchant.id, at=at or moment(), kinds=kinds, reader=Reader(**reader))


def told(merchant: Any, order_id: UUID, *, at: datetime, outcome: str = "accepts", **more: Any) -> None:
    log_contact(
        merchant_id=merchant.id, order_id=order_id, by_means="phone", outcome=outcome, by=AGENT, at=at, **more
    )


def test_EM14_a_known_shortage_on_an_open_order_ages_until_the_customer_is_told(
    merchant: Any, mug: dict[str, Any]
) -> None:
    served, short = order_of(merchant, 5), order_of(merchant, 2)
    count_stock(**mug, on_hand=5, at=moment())
    before = moment()
    [row] = waiting(merchant, "short_untold")  # 7 promised of 5: the oldest order is served first
    assert (row["order_id"], row["units"], row["detail"]) == (str(short), 2, "Mug")
    count_stock(**mug, on_hand=0, at=moment())
    in_three_hours = moment() + 3 * HOUR
    rows = waiting(merchant, "short_untold", at=in_three_hours)
    assert {row["order_id"]: row["units"] for row in rows} == {str(served): 5, str(short): 2}
    assert all(row["waiting_seconds"] // 3600 == 3 for row in rows)
    assert all(datetime.fromisoformat(row["since"]) <= before + HOUR for row in rows)
    told(merchant, served, at=moment())
    assert [row["order_id"] for row in waiting(merchant, "short_untold")] == [str(short)]
    confirm(merchant_id=merchant.id, order_id=short, ask=Ask(reason="out_of_stock"), by=AGENT, at=moment())
    assert waiting(merchant, "short_untold") == []


def test_EM14_the_age_begins_with_the_shortage_and_not_with_a_later_count(
    merchant: Any, mug: dict[str, Any]
) -> None:
    def since() -> datetime | None:
        return Item.of(merchant.id).get(sku="MUG").short_since

    assert since() is None
    order_of(merchant, 6)
    begun = since()
    assert begun is not None
    count_stock(**mug, on_hand=2, at=moment())
    assert since() == begun
    add_stock(**mug, quantity=4, at=moment())  # 6 of 6: covered
    assert since() is None
    make_unavailable(**mug, days=3, at=moment())
    assert since() is not None
    make_available(**mug, at=moment())
    assert since() is None


def test_EM14_an_article_off_sale_leaves_all_its_open_orders_short(
    merchant: Any, mug: dict[str, Any]
) -> None:
    first, second = order_of(merchant, 1), order_of(merchant, 1)
    make_unavailable(**mug, days=3, at=moment())
    assert {row["order_id"] for row in waiting(merchant, "short_untold")} == {str(first), str(second)}


def test_EM14_who_was_called_just_before_the_stock_was_put_to_zero_was_told(
    merchant: Any, mug: dict[str, Any]
) -> None:
    called, long_ago = order_of(merchant, 1), order_of(merchant, 1)
    told(merchant, called, at=moment() - timedelta(minutes=20))
    told(merchant, long_ago, at=moment() - timedelta(hours=5))
    count_stock(**mug, on_hand=0, at=moment())
    assert [row["order_id"] for row in waiting(merchant, "short_untold")] == [str(long_ago)]


def test_EM14_no_answer_is_no_word_unless_somebody_calls_again(merchant: Any, mug: dict[str, Any]) -> None:
    order_id = order_of(merchant, 6)
    told(merchant, order_id, at=moment(), outcome="no_answer")
    assert len(waiting(merchant, "short_untold")) == 1
    again = moment() + 2 * HOUR
    told(merchant, order_id, at=moment(), outcome="no_answer", call_again_at=again)
    assert waiting(merchant, "short_untold", "call_again") == []
    [row] = waiting(merchant, "short_untold", "call_again", at=again)
    assert row["kind"] == "call_again"


def test_EM14_a_sale_that_is_not_accepted_yet_is_refused_and_not_told(
    merchant: Any, mug: dict[str, Any]
) -> None:
    open_channel(
        merchant_id=merchant.id, code="place", name="P", terms="rakuten_france", timezone="Europe/Paris",
        mode="test", overrides={}, by="test", at=moment(),
    )  # fmt: skip
    order_of(merchant, 6, channel="place", accepted=False, paid="authorized")
    assert waiting(merchant, "short_untold") == []
    assert len(waiting(merchant, "to_accept")) == 1


def test_EM2_call_backs_come_when_they_are_due_and_go_with_the_next_word(merchant: Any) -> None:
    order_id = an_order(merchant)
    again = moment() + HOUR
    told(merchant, order_id, at=moment(), outcome="no_answer", call_again_at=again, note="occupé")
    assert waiting(merchant, "call_again", at=again - timedelta(minutes=1)) == []
    [row] = waiting(merchant, "call_again", at=again)
    assert (row["detail"], row["who"]) == ("occupé", AGENT)
    told(merchant, order_id, at=moment())
    assert waiting(merchant, "call_again", at=again) == []


def test_EM2_who_waits_until_a_date_comes_back_when_it_has_passed(merchant: Any) -> None:
    waits, gone = an_order(merchant), an_order(merchant)
    until = moment() + timedelta(days=2)
    for order_id in (waits, gone):
        told(merchant, order_id, at=moment(), outcome="will_wait", call_again_at=until)
    confirm(merchant_id=merchant.id, order_id=gone, ask=Ask(reason="budget"), by=AGENT, at=moment())
    assert waiting(merchant, "wait_over", at=until - HOUR) == []
    assert [row["order_id"] for row in waiting(merchant, "wait_over", at=until + HOUR)] == [str(waits)]


def test_one_declined_refund_stands_once(merchant: Any) -> None:
    order_id = an_order(merchant, reference="decline")
    confirm(merchant_id=merchant.id, order_id=order_id, ask=Ask(reason="out_of_stock"), by=AGENT, at=moment())
    drain_now()
    [row] = waiting(merchant)
    assert (row["kind"], row["amount"], row["error"]) == ("refund_failed", "36.90", "declined")
    retry(merchant_id=merchant.id, refund_id=UUID(row["subject"]), by=AGENT, at=moment())
    drain_now()
    assert [row["kind"] for row in waiting(merchant)] == ["refund_failed"]


def test_what_is_owed_beyond_a_declined_refund_stands_beside_it(merchant: Any) -> None:
    order_id = an_order(merchant, reference="decline")
    common: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order_id, "by": AGENT, "at": moment()}
    confirm(**common, ask=Ask(reason="out_of_stock", lines=(("1", 1),)))
    confirm(**common, ask=Ask(reason="out_of_stock", lines=(("1", 1),), when="later"))
    drain_now()
    rows = {row["kind"]: row["amount"] for row in waiting(merchant)}
    assert rows == {"refund_failed": "12.30", "to_give_back": "12.30"}
    give_back(merchant, order_id, method="manual")  # all of it, another way
    assert [row["kind"] for row in waiting(merchant)] == ["refund_by_hand"]


def test_EM5_a_shortage_that_ends_tomorrow_waits_as_the_room_of_stock_says(
    merchant: Any, mug: dict[str, Any]
) -> None:
    make_unavailable(**mug, days=3, at=moment())
    for days in range(5):
        at = moment() + timedelta(days=days)
        rows = waiting(merchant, "shortage_ending", at=at)
        ending = shortages_ending(merchant_id=merchant.id, at=at)
        assert [row["subject"] for row in rows] == [str(each.id) for each in ending], days
    [row] = waiting(merchant, "shortage_ending", at=moment() + timedelta(days=2))
    assert row["item"] == {"sku": "MUG", "title": "Mug bleu"}
    assert row["order_id"] is None


def test_an_oversold_article_waits_once_its_customers_are_told(merchant: Any, mug: dict[str, Any]) -> None:
    order_id = order_of(merchant, 7)
    assert [row["kind"] for row in waiting(merchant)] == ["short_untold"]
    told(merchant, order_id, at=moment())
    [row] = waiting(merchant)
    assert (row["item"]["sku"], row["units"]) == ("MUG", 2)
    count_stock(**mug, on_hand=7, at=moment())
    assert waiting(merchant, "oversold") == []


def test_SH12_approvals_wait_for_who_may_give_them_and_answers_for_who_asked(merchant: Any) -> None:
    approval = held(merchant, an_order(merchant))
    assert waiting(merchant, "approval", by=AGENT, role="owner") == []  # never one's own
    assert waiting(merchant, "approval", by="b@x", role="agent") == []
    assert len(waiting(merchant, "approval", by=MANAGER, role="manager")) == 1
    decline(
        merchant_id=merchant.id, approval_id=approval.id, note="non", by=MANAGER, role="manager", at=moment()
    )
    assert waiting(merchant, "approval", by=MANAGER, role="manager") == []
    assert waiting(merchant, "approval_answered", by=MANAGER, role="manager") == []
    [row] = waiting(merchant, "approval_answered", by=AGENT, role="agent")
    assert (row["error"], row["detail"]) == ("declined", "non")


def test_SH12_a_case_stands_on_the_list_of_its_person_or_role_until_done(merchant: Any) -> None:
    order_id = an_order(merchant)
    case = hand_over(
        merchant_id=merchant.id,
        order_id=order_id,
        note="À rappeler",
        to_role="manager",
        by=AGENT,
        at=moment(),
    )
    assert waiting(merchant, "hand_over", by=AGENT, role="agent") == []
    assert len(waiting(merchant, "hand_over", by=MANAGER, role="manager")) == 1
    assert len(waiting(merchant, "hand_over", by="o@x", role="owner")) == 1
    common: dict[str, Any] = {"merchant_id": merchant.id, "case_id": case.id, "at": moment()}
    with pytest.raises(Refusal) as error:
        take(**common, by="other@x", role="agent")
    assert code_of(error) == "forbidden"
    take(**common, by=MANAGER, role="manager")
    with pytest.raises(Refusal) as error:
        take(**common, by="o@x", role="owner")
    assert code_of(error) == "already_decided"
    assert waiting(merchant, "hand_over", by="o@x", role="owner") == []
    [row] = waiting(merchant, "hand_over", by=MANAGER, role="manager")
    assert (row["error"], row["detail"], row["who"]) == ("taken", "À rappeler", AGENT)
    finish(**common, by=MANAGER, role="manager")
    assert waiting(merchant, "hand_over", by=MANAGER, role="manager") == []


def test_pages_follow_each_other_oldest_first_whatever_the_kind(merchant: Any, mug: dict[str, Any]) -> None:
    for i in range(3):
        order_id = order_of(merchant, 3)
        told(merchant, order_id, at=moment(), outcome="no_answer", call_again_at=moment() - (i + 1) * HOUR)
    confirm(
        merchant_id=merchant.id,
        order_id=order_id,
        ask=Ask(reason="budget", lines=(("1", 1),), when="later"),
        by=AGENT,
        at=moment(),
    )
    whole = waiting(merchant)
    assert {row["kind"] for row in whole} == {"call_again", "to_give_back", "oversold"}
    assert [row["since"] for row in whole] == sorted(row["since"] for row in whole)
    found: list[dict[str, Any]] = []
    cursor, at = None, moment()
    while True:
        page = to_do_page(merchant_id=merchant.id, at=at, limit=2, cursor=cursor)
        found += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert [(row["kind"], row["subject"]) for row in found] == [
        (row["kind"], row["subject"]) for row in whole
    ]
    with pytest.raises(Refusal) as error:
        to_do_page(merchant_id=merchant.id, at=at, limit=2, kinds=["moon"])
    assert code_of(error) == "unknown_kind"


def test_the_list_and_its_counts_are_one_statement_each(merchant: Any, mug: dict[str, Any]) -> None:
    for _ in range(4):
        order_of(merchant, 3)
    seen: list[str] = []
    with sql.watched(seen.append):
        page = to_do_page(merchant_id=merchant.id, at=datetime.now(UTC))
        counted = counts(merchant_id=merchant.id, at=datetime.now(UTC))
    assert len(seen) == 2
    assert set(counted) == set(KINDS)
    assert (
        sum(counted.values()) == len(page["items"]) == 3
    )  # of four orders, 5 cover the first and a part of the second
