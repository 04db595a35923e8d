"""A secret key that is lost: a new one in its place would make all that is encrypted unreadable for good."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.running import command, new_folder

pytestmark = pytest.mark.faults


@pytest.fixture
def keyless() -> Iterator[Path]:
    """A data folder with a database, as far as anybody may look before the key is there."""
    with new_folder() as folder:
        (folder / "postgres" / "cluster").mkdir(parents=True)
        (folder / "postgres" / "cluster" / "PG_VERSION").write_text("18\n")
        yield folder


@pytest.mark.parametrize(
    "words",
    [("audit",), ("up", "--port", "0"), ("backup", "copy"), ("worker",), ("migrate",)],
    ids=lambda words: words[0],
)
def test_a_lost_key_is_asked_for_and_never_replaced(keyless: Path, words: tuple[str, ...]) -> None:
    refused = command(*words, "--data", str(keyless))
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: {keyless}/secret.key is missing")
    assert "backup" in refused.stderr
    assert refused.stderr.count("\n") == 1
    assert not (keyless / "secret.key").exists()
    assert [path.name for path in (keyless / "postgres").iterdir()] == ["cluster"], "nothing was started"


def test_an_empty_key_is_a_lost_one(keyless: Path) -> None:
    (keyless / "secret.key").touch()
    refused = command("up", "--port", "0", "--data", str(keyless))
    assert refused.returncode == 1
    assert "secret.key is empty" in refused.stderr
    assert (keyless / "secret.key").read_text() == ""


def test_doctor_says_that_the_key_is_lost_and_looks_on(keyless: Path) -> None:
    said = command("doctor", "--data", str(keyless))
    assert said.returncode == 1
    assert f"WRONG  key         {keyless}/secret.key is missing" in said.stdout
    assert "database" in said.stdout


def test_a_key_in_the_environment_needs_no_file(keyless: Path) -> None:
    said = command("doctor", "--data", str(keyless), COUNTERMAND_SECRET_KEY="from-elsewhere")
    assert "ok     key         from COUNTERMAND_SECRET_KEY" in said.stdout
    assert "from-elsewhere" not in said.stdout
