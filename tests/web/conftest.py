"""What the tests of pages stand on."""

from typing import Any

import pytest

from tests.web.desk import Shop, shop_of


@pytest.fixture
def shop(merchant: Any) -> Shop:
    """A merchant with an owner, a manager, an agent and a viewer, each with a client that is signed in."""
    return shop_of(merchant)
