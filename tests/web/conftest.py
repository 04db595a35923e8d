"""What the tests of pages stand on."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser

from tests.web.browser import browsing, served
from tests.web.desk import Shop, shop_of
from tests.web.full_place import Office, office_of


@pytest.fixture
def shop(merchant: Any) -> Shop:
    """A merchant with an owner, a manager, an agent and a viewer, each with a client that is signed in."""
    return shop_of(merchant)


@pytest.fixture
def office(merchant: Any, shop: Shop) -> Office:
    """A marketplace at which the shop sells, with people of its own who are signed in."""
    return office_of(merchant)


@pytest.fixture(scope="module")
def address(database: None) -> Iterator[str]:
    """Where the pages are served for a browser."""
    with served() as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright runs a loop in this thread, which Django would take for asynchronous code.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with browsing() as found:
        yield found
        connections.close_all()  # those of the loop: the test database is dropped after the last test
    patch.undo()
