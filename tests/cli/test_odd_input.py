"""Numbers and files that make no sense: refused in a line, never with a traceback."""

from pathlib import Path

import pytest

from tests.faults.running import command

pytestmark = pytest.mark.faults


@pytest.mark.parametrize(
    "content", ['{"pids": [1]}', '{"pids": {"web": "x"}}', '{"pids": {"web": -1}}', "{}", "[", None]
)
def test_doctor_looks_past_a_run_file_that_is_broken(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.mkdir() if content is None else path.write_text(content)
    said = command("doctor", "--data", str(tmp_path))
    assert said.returncode == 1 and not said.stderr
    assert "WRONG  processes   run.json cannot be read" in said.stdout
    assert "WRONG  database" in said.stdout


def test_up_says_that_a_folder_is_where_its_run_file_belongs(tmp_path: Path) -> None:
    (tmp_path / "run.json").mkdir()
    said = command("up", "--port", "0", "--data", str(tmp_path))
    assert said.returncode == 1
    assert said.stderr == f"Error: {tmp_path}/run.json is a folder where a file belongs: remove it.\n"


@pytest.mark.parametrize("name", ["up", "web"])
@pytest.mark.parametrize("port", ["99999", "-1"])
def test_a_port_is_one(name: str, port: str, tmp_path: Path) -> None:
    said = command(name, "--port", port, "--data", str(tmp_path))
    assert said.returncode == 2
    assert "Invalid value for '--port'" in said.stderr and "Traceback" not in said.stderr


@pytest.mark.parametrize("scale", ["nan", "0", "-1", "inf"])
def test_a_share_of_a_benchs_work_is_more_than_nothing(scale: str) -> None:
    said = command("bench", "plan", "--scale", scale)
    assert said.returncode == 2
    assert "Invalid value for '--scale'" in said.stderr and "Traceback" not in said.stderr


def test_bench_says_which_benches_there_are() -> None:
    said = command("bench", "--help")
    assert "NAME is one of: plan, file, import" in said.stdout
    assert "cancel-api" in said.stdout
