"""A demo that only this machine reaches may send its webhooks to this machine; any other instance has to be told so."""

from pathlib import Path

import pytest

from countermand.cli.tree.plan import Plan

VARIABLE = "COUNTERMAND_FETCH_LOOPBACK"


def plan(*, demo: bool, for_this_machine: bool) -> Plan:
    return Plan(
        folder=Path("shop"),
        url="http://127.0.0.1:8000",
        demo=demo,
        demo_sign_in=for_this_machine,
        web_processes=1,
        workers=1,
        secret_key="x" * 50,
    )


@pytest.mark.parametrize(
    ("demo", "for_this_machine", "told"), [(True, True, "1"), (True, False, "0"), (False, False, "0")]
)
def test_only_a_demo_of_this_machine_tells_this_machine(
    monkeypatch: pytest.MonkeyPatch, demo: bool, for_this_machine: bool, told: str
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    made = plan(demo=demo, for_this_machine=for_this_machine).environment(database_url="postgresql://x/y")
    assert made[VARIABLE] == told


def test_what_an_owner_has_set_goes_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1")
    made = plan(demo=False, for_this_machine=False).environment(database_url="postgresql://x/y")
    assert made[VARIABLE] == "1"
