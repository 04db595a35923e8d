"""What every test stands on: a real PostgreSQL, a merchant of its own, and the proof at the end.

Tests commit for real and clean nothing up: each one works as a new merchant, so tests cannot see
each other, just as merchants cannot. Every test that writes ends with `audit` of its merchant.
"""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """One database per pytest process, made anew, migrated once, dropped at the end."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        settings = connection.settings_dict
        settings["TEST"]["NAME"] = f"test_{settings['NAME']}_{worker or os.getpid()}"
        kept = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
        yield
        teardown_databases(kept, verbosity=0)


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Opens the database for the whole session: what a test commits stays."""
    with django_db_blocker.unblock():
        yield


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


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)
