"""What a command on a file writes: tried before anything is done, never in the place of something else."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from countermand.cli.cancel import cancel
from countermand.cli.imports import import_
from countermand.orders.models import Order

ORDER = {
    "channel": "boutique",
    "number": "1",
    "placed_at": "2026-11-20T10:00:00+01:00",
    "currency": "EUR",
    "lines": [{"sku": "MUG", "quantity": 2, "unit_price": "10.00"}],
}
RETAIL = (
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
    "546381,21181,SIGN,1,2011-03-11T12:29:00,2.1,12748,United Kingdom\n"
)
Run = Callable[..., Result]


@pytest.fixture
def run(merchant: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a command of the CLI in a folder with a file of orders, one of cancellations and one of a shop's months."""
    (tmp_path / "orders.jsonl").write_text(json.dumps(ORDER))
    (tmp_path / "cancel.csv").write_text("channel,order,reason\nboutique,1,other\n")
    (tmp_path / "retail.csv").write_text(RETAIL)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", os.environ.get("DATABASE_URL", "postgresql:///none"))

    def run(command: Any, *words: str) -> Result:
        return CliRunner().invoke(command, [*words, "--merchant", merchant.code])

    yield run


@pytest.mark.parametrize("name", ["orders.jsonl", "./orders.jsonl", "link.jsonl", "twin.jsonl"])
def test_a_result_does_not_take_the_place_of_the_file_that_is_read(
    run: Run, merchant: Any, tmp_path: Path, name: str
) -> None:
    (tmp_path / "link.jsonl").symlink_to("orders.jsonl")
    (tmp_path / "twin.jsonl").hardlink_to(tmp_path / "orders.jsonl")
    said = run(import_, "orders", "orders.jsonl", "--result", name)
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: --result: ") and "is the file that is read" in said.stderr
    assert json.loads((tmp_path / "orders.jsonl").read_text()) == ORDER
    assert not Order.of(merchant.id).exists()


@pytest.mark.parametrize(
    ("command", "words", "option"),
    [
        (cancel, ["--file", "cancel.csv", "--result", "nowhere/x.csv"], "--result"),
        (import_, ["orders", "orders.jsonl", "--result", "nowhere/x.csv"], "--result"),
        (import_, ["online-retail", "retail.csv", "--cancellations", "nowhere/x.csv"], "--cancellations"),
    ],
)
def test_an_output_that_cannot_be_written_is_said_in_a_line_before_anything_is_done(
    run: Run, merchant: Any, command: Any, words: list[str], option: str
) -> None:
    said = run(command, *words)
    assert (said.exit_code, said.stderr) == (
        1, f"Error: {option}: cannot write nowhere/x.csv: No such file or directory.\n"
    )  # fmt: skip
    assert not Order.of(merchant.id).exists()


def test_two_outputs_of_one_name_are_refused(run: Run) -> None:
    said = run(import_, "online-retail", "retail.csv", "--cancellations", "a.csv", "--result", "./a.csv")
    assert said.exit_code == 1
    assert "--cancellations: a.csv is what --result names too" in said.stderr


def test_a_result_goes_where_it_is_sent_and_leaves_nothing_beside_it(run: Run, tmp_path: Path) -> None:
    assert run(import_, "orders", "orders.jsonl", "--result", "/dev/stdout").exit_code == 0
    before = {path.name for path in tmp_path.iterdir()}
    assert run(cancel, "--file", "cancel.csv").exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} - before == {"cancel.csv.result.csv"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (".", ".: file_is_folder: it is a folder: name a file in it\n"),
        ("-", "-: file_not_seekable: a pipe cannot be read twice: save it as a file first\n"),
        ("pipe", "pipe: file_not_seekable: a pipe cannot be read twice: save it as a file first\n"),
        ("nowhere/x.csv", "nowhere/x.csv: file_missing: there is no such file\n"),
    ],
)
def test_what_cannot_be_read_is_said_before_what_could_be_written(
    run: Run, tmp_path: Path, name: str, said: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    result = run(cancel, "--file", name)
    assert (result.exit_code, result.stderr) == (1, said)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_that_is_told_to_end_leaves_no_half_file(tmp_path: Path, number: int) -> None:
    writing = f"""
import time
from pathlib import Path
from countermand.cli.outputs import ended_in_order
from countermand.files.writing import csv_file
with ended_in_order(), csv_file(path=Path({str(tmp_path)!r}) / "out.csv", columns=["a"]):
    print("begun", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", writing], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "begun\n"
        assert [path.suffix for path in tmp_path.iterdir()] == [".part"]
        process.send_signal(number)
        assert process.wait(60) == 128 + number
    assert list(tmp_path.iterdir()) == []
