"""`countermand web`: the web processes alone, for a machine of their own."""

import os
import sys
from pathlib import Path

import click

from countermand.cli.folder import ROOT, data_option
from countermand.cli.instance import find


@click.command()
@data_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to serve.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve.")
@click.option(
    "--web", "processes", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes."
)
def web(*, data: Path | None, port: int, host: str, processes: int) -> None:
    """Serve the web pages and the API, with a database that runs already."""
    os.environ.update(find(data=data, start=False).environment())
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["COUNTERMAND_BIND"] = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    os.environ["COUNTERMAND_WEB_PROCESSES"] = str(processes)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "config" / "gunicorn.py")]
    # In our place: signals and the exit code are gunicorn's.
    os.execv(sys.executable, command)  # noqa: S606
