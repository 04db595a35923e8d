"""How many providers are asked at once."""

import pytest

from countermand.refunds.askers import MOST, most


@pytest.mark.parametrize(("size", "askers"), [(2, 1), (10, 9), (13, 12), (85, 12)])
def test_askers_leave_a_connection_of_the_pool_to_the_drain(size: int, askers: int) -> None:
    assert most(pool={"max_size": size}) == askers


def test_there_is_an_asker_even_in_the_smallest_pool() -> None:
    assert most(pool={"max_size": 1}) == 1


def test_without_a_pool_each_asker_has_a_connection_of_its_own() -> None:
    assert most(pool=None) == MOST
