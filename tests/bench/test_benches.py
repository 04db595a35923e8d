"""Every bench runs, tiny, and says what it measured in text and JSON. Nothing is judged by a clock."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from countermand.bench import BENCHES, serving
from countermand.bench.ground import Ground
from countermand.bench.report import Report

SCALE = 0.0005
COMPILER = "apt-get install -y gcc libc6-dev"
ROWS = {
    "plan": "plans_per_s",
    "cancel-api": "limit_per_s",
    "file": "limit_per_s",
    "import": "limit_per_s",
    "list": "ratio_p95",
    "dashboard": "share_of_the_scan",
    "rates": "behind_ms",
    "order-page": "statements",
    "jobs": "empty_one_by_one",
    "start": "seconds_more",
}


@pytest.fixture(scope="module")
def reports() -> dict[str, Any]:
    """All of them, one after the other on one throw-away database of the tests' server."""
    from django.db import connection

    known = connection.settings_dict
    address = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/postgres"
    ours = {k: v for k, v in os.environ.items() if not k.startswith(("COUNTERMAND_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "countermand.cli", "bench", *BENCHES, "--scale", str(SCALE), "--json"],
        env=ours | {"DATABASE_URL": address},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    if shutil.which("cc") is None and shutil.which("gcc") is None:
        assert COMPILER in done.stderr
    else:
        assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {report["bench"]: report for report in found}


@pytest.mark.parametrize("name", list(BENCHES))
def test_a_bench_gives_figures_limits_and_goals(reports: dict[str, Any], name: str) -> None:
    if name not in reports:
        assert name == "cancel-api", "only the bench that needs a compiler may have stopped"
        return
    report = reports[name]
    assert report["scale"] == SCALE
    assert report["settings"]["server_version"]
    assert any(ROWS[name] in row for row in report["rows"])
    assert report["goals"]


def test_the_page_of_an_order_takes_the_same_statements_however_long_it_is(reports: dict[str, Any]) -> None:
    rows = reports["order-page"]["rows"]
    sent = {(row["door"], row["order"]): row["statements"] for row in rows}
    assert sent["API", "long"] == sent["API", "short"] <= 12
    assert sent["web", "long"] == sent["web", "short"] <= 12


def test_without_a_compiler_the_load_bench_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RuntimeError, match=COMPILER):
        serving.compiled(here=Ground(database_url="", folder=tmp_path, server=None))


def test_a_report_reads_well_as_text() -> None:
    report = Report("plan", scale=0.5)
    report.row(asked="everything", plans_per_s=21_000.4)
    report.goal("plans/s", reached=21_000.4, wanted=20_000.0)
    text = report.as_text()
    assert "plan  (scale 0.5: figures say little)" in text
    assert "everything       21,000" in text
    assert "reached: plans/s 21,000 (at least 20,000)" in text
