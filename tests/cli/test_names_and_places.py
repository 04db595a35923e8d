"""`merchant add`, `operator open`, `operator add`: what is refused is said in one line of English."""

from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from countermand.cli.merchants import merchant as merchant_command
from countermand.cli.operators import operator as operator_command
from tests.actions.place import a_marketplace


@pytest.fixture
def run(database: None, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Commands in this process, on the database of the tests, which they may not close."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://unused")
    monkeypatch.setenv("COUNTERMAND_DATA", "")
    return CliRunner()


def refused(result: Result, *, says: str) -> None:
    assert result.exit_code == 1, result.output
    assert result.output.startswith("Error: ") and result.output.count("\n") == 1
    assert says in result.output


@pytest.mark.parametrize("command", [(merchant_command, "add"), (operator_command, "open")], ids=str)
@pytest.mark.parametrize(
    ("code", "name", "timezone", "says"),
    [
        ("deux mots", "Halles", "Europe/Paris", "letters, digits"),
        ("halles", " ", "Europe/Paris", "1 to 200"),
        ("halles", "Les\x1b[2JHalles", "Europe/Paris", "invisible"),
        ("halles", "Halles", "Mars/x", "Europe/Paris"),
    ],
)
def test_a_name_that_cannot_be_shown_is_refused(
    run: CliRunner, command: tuple, code: str, name: str, timezone: str, says: str
) -> None:
    group, verb = command
    refused(run.invoke(group, [verb, code, "--name", name, "--timezone", timezone]), says=says)


def test_a_marketplaces_address_is_one(run: CliRunner) -> None:
    words = ["open", f"h{uuid4().hex}", "--name", "Halles", "--email", "notmail"]
    refused(run.invoke(operator_command, words), says="ana@example.org")


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [("nomail", "tisane-lilas-2026", "ana@example.org"), ("lina@halles.example", "x", "too short")],
)
def test_an_operators_address_and_password_are_judged(
    run: CliRunner, email: str, password: str, says: str
) -> None:
    place = a_marketplace()
    words = ["add", email, "--marketplace", place.code, "--password", password]
    refused(run.invoke(operator_command, words), says=says)
    assert not place.operators.exists()
