"""The longest statements of the hot path stay below what the driver keeps as read.

psycopg reads a statement's placeholders anew each time when it is longer than 4,096 characters: one long
comment more, and every cancel would pay for it without anybody noticing.
"""

import pytest

from countermand.cancellations import statements
from countermand.payments import ledger

KEPT = 4096
SPOKEN = {
    f"{module.__name__}.{name}": value
    for module in (statements, ledger)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, str)
}


@pytest.mark.parametrize("name", SPOKEN)
def test_the_driver_keeps_a_statement_of_the_hot_path(name: str) -> None:
    assert len(SPOKEN[name]) <= KEPT


def test_the_write_is_among_them() -> None:
    assert "countermand.cancellations.statements.WRITE" in SPOKEN
