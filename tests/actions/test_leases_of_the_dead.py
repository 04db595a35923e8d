"""What a dead worker had in hand is free at once; what a living one has in hand is left to it."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from countermand import heartbeat, sql
from countermand.correspondence.claims import settle
from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Message
from countermand.events.models import Event
from countermand.refunds import jobs as refunds
from countermand.refunds.models import Refund
from countermand.worker.leases import IN_HAND, TABLES, end_leases_of_the_dead
from tests.actions.correspondents import a_message, an_order, live_channel
from tests.actions.letterbox import Letterbox, post_office
from tests.actions.test_worker import cancelled, state_of
from tests.actions.working import until, working

DEAD = 7  # nobody has drawn it


@contextmanager
def alive(number: int) -> Iterator[None]:
    """Somebody works under a number meanwhile, on a connection of their own."""
    with another() as theirs:
        theirs.execute("SELECT pg_advisory_lock(%s, %s)", (heartbeat.NUMBERS, number))
        yield


def another() -> "psycopg.Connection[Any]":
    known = connection.get_connection_params()
    wanted = {name: known[name] for name in ("dbname", "user", "password", "host", "port") if name in known}
    return psycopg.connect(**wanted, autocommit=True)


def in_hand(merchant: Any, made: UUID, *, by: int) -> None:
    """As a worker leaves a cancellation that has its refund and its mail in hand, for an hour."""
    later = datetime.now(UTC) + timedelta(hours=1)
    Refund.of(merchant.id).filter(cancellation_id=made).update(
        state="sent", tries=1, lease_until=later, lease_by=by
    )
    Message.of(merchant.id).filter(cancellation_id=made).update(
        state="sending", tries=1, lease_until=later, lease_by=by
    )


def test_with_others_alive_what_a_dead_worker_held_goes_on_at_once(merchant: Any, tmp_path: Path) -> None:
    made = cancelled(merchant)
    in_hand(merchant, made, by=11)
    with ExitStack() as dies:
        dies.enter_context(alive(11))
        with working(tmp_path / "a"), working(tmp_path / "b"):
            until(lambda: heartbeat.workers() >= 2, what="two workers")
            other = cancelled(merchant, number="2")
            until(lambda: state_of(merchant, other) == "done", what="work beside it")
            assert Message.of(merchant.id).get(cancellation_id=made).tries == 1
            assert Refund.of(merchant.id).get(cancellation_id=made).tries == 1
            dies.close()  # its connection, and with it its hold, an hour before its leases' end
            until(lambda: state_of(merchant, made) == "done", what="what the dead one had in hand")
    kinds = Counter(Event.of(merchant.id).values_list("kind", flat=True))
    assert kinds["message.sent"] == kinds["refund.succeeded"] == kinds["cancellation.done"] == 2
    assert not sql.tuples(IN_HAND)


@pytest.mark.parametrize("point", ["message.claimed", "refund.after_claim", "refund.after_call"])
def test_a_worker_that_dies_with_rows_in_hand_leaves_them_to_the_others(
    merchant: Any, tmp_path: Path, point: str
) -> None:
    with working(tmp_path / "dies", COUNTERMAND_KILL_AT=point) as dies:
        made = cancelled(merchant)
        until(lambda: dies.process.poll() is not None, what="its death")
    assert sql.tuples(IN_HAND)
    # Another worker is seen all the while, so that the next one is not alone.
    with alive(11), another() as other:
        heartbeat.hold(other)
        with working(tmp_path / "next"):
            until(lambda: state_of(merchant, made) == "done", what="what the dead one had in hand")
    kinds = Counter(Event.of(merchant.id).values_list("kind", flat=True))
    assert kinds["message.sent"] == kinds["refund.succeeded"] == kinds["cancellation.done"] == 1


def test_many_that_take_over_at_once_take_each_row_once(merchant: Any) -> None:
    made = [cancelled(merchant, number=str(n)) for n in range(12)]
    for one in made[:8]:
        in_hand(merchant, one, by=DEAD)
    for one in made[8:]:
        in_hand(merchant, one, by=11)
    together = threading.Barrier(6)

    def ends(_: int) -> int:
        with another() as theirs:
            together.wait(30)
            return end_leases_of_the_dead(theirs)

    with alive(11), ThreadPoolExecutor(6) as pool:
        ended = sum(pool.map(ends, range(6)))
        assert ended == 16
        assert {row[0] for row in sql.tuples(IN_HAND)} == {11}
    assert ends_alone() == 8
    carried_through(merchant)


def carried_through(merchant: Any) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    drain(at=soon)
    refunds.drain(at=soon)
    assert set(Message.of(merchant.id).values_list("state", flat=True)) == {"sent"}
    assert set(Refund.of(merchant.id).values_list("state", flat=True)) == {"succeeded"}


def ends_alone() -> int:
    with another() as theirs:
        return end_leases_of_the_dead(theirs)


def test_a_row_whose_outcome_is_being_written_is_left_to_its_writer(merchant: Any) -> None:
    made = cancelled(merchant)
    in_hand(merchant, made, by=DEAD)
    message = Message.of(merchant.id).get(cancellation_id=made)
    with another() as writer, writer.transaction():
        writer.execute("SELECT 1 FROM message WHERE id = %s FOR NO KEY UPDATE", (message.id,))
        assert ends_alone() == 1  # the refund alone
    assert ends_alone() == 1
    carried_through(merchant)


def test_nobody_takes_a_number_that_is_in_use_nor_their_own_for_a_dead_one(database: None) -> None:
    with another() as first, another() as second:
        heartbeat.draw_number(first)
        mine = heartbeat.number()
        assert mine is not None
        try:
            assert not heartbeat.is_dead(second, number=mine)
            assert not heartbeat.is_dead(first, number=mine)  # a session gets its own locks again
            heartbeat.draw_number(second)
            assert heartbeat.number() != mine
        finally:
            heartbeat.forget_number()
    assert heartbeat.number() is None


def test_every_table_with_a_lease_can_be_taken_over(database: None) -> None:
    found = sql.tuples(
        "SELECT table_name FROM information_schema.columns "
        "WHERE column_name = 'lease_until' AND table_schema = current_schema()"
    )
    assert {row[0] for row in found} == set(TABLES)


def test_a_worker_whose_mails_were_taken_over_sends_no_more_of_them(
    merchant: Any, now: datetime, settings: Any
) -> None:
    live_channel(merchant=merchant)
    box = Letterbox()
    office = post_office(box)
    settings.DEFAULT_FROM_EMAIL = "desk@shop.example"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    for n in range(4):
        order_id = an_order(merchant=merchant, channel="direct", number=str(n), email=f"k{n}@example.org")
        a_message(merchant=merchant, order_id=order_id)
    asked = 0

    def going() -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:  # one is sent; now somebody takes the rest over
            Message.of(merchant.id).filter(state="sending").update(tries=2)
        return True

    try:
        drain(at=now, going=going)
        assert sum(len(box.to(f"k{n}@example.org")) for n in range(4)) == 2
        # The first is noted as sent, whether or not its batch was written down already.
        still = Message.of(merchant.id).filter(state="sending", sent_at=None)
        assert still.count() == 3
        settle({"id": m.id, "tries": 2, "state": "planned", "error": "", "untried": True} for m in still)
        drain(at=now + timedelta(hours=1))
        assert sorted(len(box.to(f"k{n}@example.org")) for n in range(4)) == [1, 1, 1, 2]
    finally:
        office.stop()
    assert set(Message.of(merchant.id).values_list("state", flat=True)) == {"sent"}
