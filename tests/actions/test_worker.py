"""The worker as a process: it does what is due, stops when told, and outlives its database connections."""

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countermand import heartbeat, sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Message
from countermand.correspondence.queries import mails_to
from countermand.events.models import Event
from countermand.events.ping import ping
from countermand.intake.actions import receive
from countermand.refunds.models import Refund
from countermand.worker.clock import CHORES, Chore, Clock, do
from countermand.worker.drains import DRAINS, Drain
from countermand.worker.main import Worker
from tests.actions.correspondents import a_message, an_order, live_channel
from tests.actions.letterbox import Letterbox, post_office
from tests.actions.working import killed, until, working


def a_paid_order(merchant: Any, *, number: str = "1001") -> UUID:
    body = {
        "channel": "boutique",
        "number": number,
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "prices_include_tax": True,
        "customer": {"name": "Jeanne Dupont", "email": f"order{number}@example.org", "language": "fr"},
        "lines": [
            {
                "sku": "MUG-BLEU",
                "title": "Mug bleu",
                "quantity": 3,
                "unit_price": "12.30",
                "tax_rate": "20",
            }
        ],
        "discounts": [{"title": "BIENVENUE", "amount": "5.00"}],
        "payments": [
            {
                "provider": "sandbox",
                "method": "card",
                "amount": "31.90",
                "state": "captured",
                "provider_reference": f"ok-{merchant.id}-{number}",
            }
        ],
    }
    return receive(merchant_id=merchant.id, body=body, by="test", at=datetime.now(UTC)).order_id


def cancelled(merchant: Any, *, number: str = "1001", undo_seconds: int = 0) -> UUID:
    """Two of three mugs are called off: 21,26 €."""
    order_id = a_paid_order(merchant, number=number)
    ask = Ask(reason="out_of_stock", lines=(("1", 2),), undo_seconds=undo_seconds)
    at = datetime.now(UTC)
    return confirm(merchant_id=merchant.id, order_id=order_id, ask=ask, by="test", at=at).id


def state_of(merchant: Any, cancellation_id: UUID) -> str:
    return Cancellation.of(merchant.id).get(id=cancellation_id).state


def test_SG4_the_worker_gives_the_money_back_and_tells_the_buyer(merchant: Any, tmp_path: Path) -> None:
    with working(tmp_path / "log") as worker:
        assert heartbeat.workers() >= 1
        made = cancelled(merchant)
        until(lambda: state_of(merchant, made) == "done", what="a cancellation carried through")
        [refund] = Refund.of(merchant.id)
        assert (refund.state, refund.amount_minor) == ("succeeded", 2126)
        [mail] = mails_to(merchant_id=merchant.id, to="order1001@example.org")
        assert "21,26\u00a0€" in mail.subject
        kinds = Counter(Event.of(merchant.id).values_list("kind", flat=True))
        assert kinds["message.sent"] == kinds["refund.succeeded"] == kinds["cancellation.done"] == 1
        assert worker.stop() == 0
        said = worker.said()
    assert "worker: stopped" in said
    assert "example.org" not in said and "Jeanne" not in said


def test_an_undo_window_ends_by_itself(merchant: Any, tmp_path: Path) -> None:
    with working(tmp_path / "log"):
        made = cancelled(merchant, undo_seconds=1)
        assert state_of(merchant, made) == "held"
        until(lambda: state_of(merchant, made) == "done", what="the end of an undo window")


def test_it_goes_on_when_the_server_ends_its_connections(merchant: Any, tmp_path: Path) -> None:
    with working(tmp_path / "log") as worker:
        for number in ("1", "2"):
            before = worker.said().count("worker: ready")
            ended = sql.tuples(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND application_name = 'countermand worker'"
            )
            assert ended
            until(lambda n=before: worker.said().count("worker: ready") > n, what="a worker that is back")
            made = cancelled(merchant, number=number)
            until(lambda m=made: state_of(merchant, m) == "done", what="work after a lost connection")
        assert worker.process.poll() is None
        assert worker.stop() == 0


def test_it_goes_on_when_all_connections_of_the_process_are_ended(merchant: Any, tmp_path: Path) -> None:
    with working(tmp_path / "log") as worker:
        first = cancelled(merchant)
        until(lambda: state_of(merchant, first) == "done", what="something done")
        sql.tuples(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        made = cancelled(merchant, number="2")
        until(lambda: state_of(merchant, made) == "done", what="work after a restart")
        assert worker.process.poll() is None


def test_many_workers_side_by_side_do_each_thing_once(merchant: Any, tmp_path: Path) -> None:
    with working(tmp_path / "a") as one, working(tmp_path / "b") as other:
        until(lambda: heartbeat.workers() >= 2, what="two workers")
        made = [cancelled(merchant, number=str(n)) for n in range(20)]
        until(lambda: all(state_of(merchant, m) == "done" for m in made), what="twenty cancellations")
        assert one.stop() == other.stop() == 0
    kinds = Counter(Event.of(merchant.id).values_list("kind", flat=True))
    assert kinds["message.sent"] == kinds["refund.succeeded"] == kinds["cancellation.done"] == 20


def test_a_worker_that_is_gone_is_not_seen(merchant: Any, tmp_path: Path) -> None:
    before = heartbeat.workers()
    with working(tmp_path / "log") as worker:
        until(lambda: heartbeat.workers() == before + 1, what="the worker's lock")
        worker.process.kill()
        until(lambda: heartbeat.workers() == before, what="the end of the worker's lock")


def leased(merchant: Any, made: UUID) -> None:
    """As a worker leaves a cancellation that dies after taking its refund and its mail."""
    until_later = datetime.now(UTC) + timedelta(hours=1)
    Refund.of(merchant.id).filter(cancellation_id=made).update(
        state="sent", tries=1, lease_until=until_later, lease_by=7
    )
    Message.of(merchant.id).filter(cancellation_id=made).update(
        state="sending", tries=1, lease_until=until_later, lease_by=7
    )


def test_what_a_dead_worker_had_taken_is_taken_over_at_once(merchant: Any, tmp_path: Path) -> None:
    made = cancelled(merchant)
    leased(merchant, made)
    with working(tmp_path / "log"):
        until(lambda: state_of(merchant, made) == "done", what="what was taken before")


DRAIN_ONCE = """
import django; django.setup()
from datetime import datetime
from countermand.correspondence.jobs import drain
drain(at=datetime.fromisoformat({at!r}))
"""


@pytest.mark.parametrize(
    "point", ["message.claimed", "message.sent", "message.sent:2", "message.noted", "message.written"]
)
def test_SG8_a_kill_anywhere_loses_no_mail_and_doubles_at_most_the_one_in_hand(
    merchant: Any, now: datetime, settings: Any, point: str
) -> None:
    live_channel(merchant=merchant)
    box = Letterbox()
    office = post_office(box)
    smtp = {"COUNTERMAND_SMTP_HOST": "127.0.0.1", "COUNTERMAND_SMTP_PORT": str(office.port)}
    smtp["COUNTERMAND_FROM"] = settings.DEFAULT_FROM_EMAIL = "desk@shop.example"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    mails = []
    for n in range(3):
        order_id = an_order(merchant=merchant, channel="direct", number=str(n), email=f"k{n}@example.org")
        mails.append(a_message(merchant=merchant, order_id=order_id))
    try:
        code = DRAIN_ONCE.format(at=now.isoformat())
        killed(code, COUNTERMAND_KILL_AT=point, **smtp)
        drain(at=now + timedelta(hours=1))
        got = [box.to(f"k{n}@example.org") for n in range(3)]
    finally:
        office.stop()
    assert all(1 <= len(copies) <= 2 for copies in got)
    assert sum(len(copies) for copies in got) <= 4
    for message, copies in zip(mails, got, strict=True):
        assert {copy["Message-ID"] for copy in copies} == {f"<{message.id}@shop.example>"}
        assert Event.of(merchant.id).filter(kind="message.sent", subject_id=message.id).count() == 1
    assert set(Message.of(merchant.id).values_list("state", flat=True)) == {"sent"}


def test_a_kill_between_a_refund_and_the_end_of_its_story_is_mended(merchant: Any, now: datetime) -> None:
    made = cancelled(merchant)
    Worker(drains=tuple(d for d in DRAINS if d.name != "rates"), clock=Clock(())).round()
    assert state_of(merchant, made) == "done"
    # As if nobody had come to say so.
    Cancellation.of(merchant.id).filter(id=made).update(state="in_progress")
    Worker(drains=(), clock=Clock(tuple(c for c in CHORES if c.name == "unfinished stories"))).round()
    assert state_of(merchant, made) == "done"
    assert Event.of(merchant.id).filter(kind="cancellation.done").count() == 1


def test_a_drain_that_fails_rests_and_holds_up_no_other(database: None, caplog: Any) -> None:
    taken: list[str] = []

    def breaks(going: Any) -> int:
        taken.append("broken")
        raise ValueError("jeanne@example.org")

    def works(going: Any) -> int:
        taken.append("fine")
        return 1 if len(taken) < 4 else 0

    worker = Worker(drains=(Drain("broken", breaks), Drain("fine", works)), clock=Clock(()))
    worker.round()
    assert taken.count("broken") == 1
    assert taken.count("fine") == 3
    assert "worker: broken failed with ValueError" in caplog.text
    assert "jeanne" not in caplog.text


def test_a_worker_that_is_told_to_stop_takes_nothing_more(database: None) -> None:
    def stops(going: Any) -> int:
        worker.stop()
        assert not going()
        return 1

    def never(going: Any) -> int:
        raise AssertionError

    worker = Worker(drains=(Drain("last", stops), Drain("never", never)), clock=Clock(()))
    worker.round()
    worker.run()  # ends at once


def test_a_chore_is_done_by_one_worker_at_a_time(database: None) -> None:
    done: list[int] = []

    def inside(at: datetime) -> int:
        done.append(1)
        # Another worker, at this moment, on a connection of its own.
        with closing(connection.copy()) as another, another.cursor() as other:
            other.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock'"
            )
            assert other.fetchone()[0] >= 1
        return 0

    assert do(chore=Chore("test chore", 60, inside), going=lambda: True) == 0
    assert done == [1]


def test_chores_come_round_when_their_time_has_come(database: None) -> None:
    clock = Clock((Chore("often", 0, lambda at: 0), Chore("rarely", 3600, lambda at: 0)))
    assert [chore.name for chore in clock.due()] == ["often", "rarely"]
    assert [chore.name for chore in clock.due()] == ["often"]


def test_every_chore_can_be_done_twice(merchant: Any) -> None:
    for chore in (*CHORES, *CHORES):
        do(chore=chore, going=lambda: True)
    [[months]] = sql.tuples("SELECT count(*) FROM pg_inherits WHERE inhparent = 'event'::regclass")
    assert months >= 5  # this one, the next three, and the one for everything else
    ping()
