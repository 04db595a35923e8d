"""What follows what across floors is named in one table, and every name stands for a verb."""

import pytest

from countermand.events.following import FOLLOWING, resolve


@pytest.mark.parametrize("name", [name for names in FOLLOWING.values() for name in names])
def test_every_name_that_follows_is_a_verb(name: str) -> None:
    assert callable(resolve(name))
