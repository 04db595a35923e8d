"""What every test stands on: a real PostgreSQL, a merchant of its own, and the proof at the end.

Tests commit for real and clean nothing up: each one works as a new merchant, so tests cannot see
each other, just as merchants cannot. Every test that writes ends with `audit` of its merchant.
"""

import itertools
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

import psycopg
import pytest
from django.db import connection

from countermand.outside import watched
from tests.own_database import own_database

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One database per pytest process, copied from one that was migrated once, dropped at the end."""
    with django_db_blocker.unblock(), own_database():
        yield


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Opens the database for the whole session: what a test commits stays."""
    with django_db_blocker.unblock(), watched(OnlyCommitted()):
        yield


class OnlyCommitted:
    """Watches all that leaves, in every test: the row that a call stands on has been committed before it.

    Asked over a connection of its own, which sees what is committed and nothing else.
    """

    ROWS: ClassVar = {
        "look_up": "SELECT 1 FROM refund_attempt WHERE refund_id = %(refund_id)s AND ended_at IS NULL "
        "UNION ALL SELECT 1 FROM capture WHERE id = %(refund_id)s",
        "refund": "SELECT 1 FROM refund_attempt WHERE refund_id = %(refund_id)s AND ended_at IS NULL",
        "void": "SELECT 1 FROM refund_attempt a JOIN refund r ON r.id = a.refund_id "
        "WHERE r.key = %(key)s AND a.ended_at IS NULL",
        "capture": "SELECT 1 FROM capture WHERE key = %(key)s",
        "mail": "SELECT 1 FROM message WHERE %(message_id)s LIKE '%%' || id || '%%' AND state = 'sending' "
        "UNION ALL SELECT 1 FROM letter WHERE %(message_id)s LIKE '%%' || id || '%%' AND state = 'sending'",
        "webhook": "SELECT 1 FROM webhook_delivery WHERE id = %(delivery_id)s AND state = 'sending'",
    }

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.connection: psycopg.Connection[Any] | None = None

    def __call__(self, call: str, facts: dict[str, Any]) -> None:
        with self.lock:
            try:
                found = self._ask(call, facts)
            except psycopg.OperationalError:  # a test that ends every connection ended ours too
                self.connection = None
                found = self._ask(call, facts)
        if found is None:
            _unannounced.append(f"{call} {facts}")

    def _ask(self, call: str, facts: dict[str, Any]) -> Any:
        if self.connection is None:
            settings = connection.settings_dict
            self.connection = psycopg.connect(
                host=settings["HOST"],
                port=settings["PORT"],
                user=settings["USER"],
                password=settings["PASSWORD"],
                dbname=settings["NAME"],
                autocommit=True,
            )
        return self.connection.execute(self.ROWS[call], facts).fetchone()  # type: ignore[arg-type]


_unannounced: list[str] = []


@pytest.fixture
def merchant(database: None) -> Iterator[Any]:
    """A new merchant with one own_shop channel `boutique` in test mode; audited when the test is over."""
    from countermand.channels.actions import open_channel
    from countermand.merchants.actions import add_merchant

    made = add_merchant(code=f"m{os.getpid()}-{next(_numbers)}", name="Le Petit Mug")
    open_channel(
        merchant_id=made.id,
        code="boutique",
        name="Boutique",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    yield made
    from countermand.overview.audit import audit

    assert audit(merchant_id=made.id) == []
    left, _unannounced[:] = list(_unannounced), []
    assert left == [], "left without a committed attempt"


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)
