"""What `up` was asked for, and the commands and variables that follow from it."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from countermand.cli.folder import ROOT
from countermand.cli.tree import leftovers
from countermand.cli.tree.child import Child

WEB_STOP_SECONDS = 15
WORKER_STOP_SECONDS = 20
# Of the server's 100 connections some are left for an owner, backups and other commands.
CONNECTIONS = 85
MOST_FOR_ONE_PROCESS = 10


@dataclass(frozen=True)
class Plan:
    """This will say how many of which processes serve what address from which folder."""

    folder: Path
    url: str
    demo: bool
    demo_sign_in: bool
    web_processes: int
    workers: int
    secret_key: str

    def environment(self, *, database_url: str) -> dict[str, str]:
        """This will give the variables of every child."""
        pool = min(MOST_FOR_ONE_PROCESS, max(2, CONNECTIONS // max(1, self.web_processes + self.workers)))
        own = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": database_url,
            "COUNTERMAND_DATA": str(self.folder),
            "COUNTERMAND_SECRET_KEY": self.secret_key,
            "COUNTERMAND_DEMO_SIGN_IN": "1" if self.demo_sign_in else "0",
            "COUNTERMAND_WEB_PROCESSES": str(self.web_processes),
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
            leftovers.MARK: str(self.folder),
        }
        # What an owner has set for a proxy or a pool goes before what we work out.
        given = {
            "COUNTERMAND_PUBLIC_URL": self.url,
            "COUNTERMAND_POOL": str(pool),
            # A demo that this machine alone reaches may tell this machine too, so that webhooks can be tried.
            "COUNTERMAND_FETCH_LOOPBACK": "1" if self.demo_sign_in else "0",
        }
        return given | os.environ | own

    def prepare_command(self) -> list[str]:
        """This will give the command that readies the database."""
        return [sys.executable, "-m", "countermand.cli.prepare", "--demo" if self.demo else "--no-demo"]

    def web(self, *, environment: dict[str, str], socket_number: int) -> Child | None:
        """This will give the web child, None when none was asked for."""
        if not self.web_processes:
            return None
        return Child(
            name="web",
            command=[sys.executable, "-m", "gunicorn", "-c", str(ROOT / "config" / "gunicorn.py")],
            environment=environment | {"COUNTERMAND_BIND": f"fd://{socket_number}"},
            stop_seconds=WEB_STOP_SECONDS,
            pass_fds=[socket_number],
        )

    def worker_children(self, *, environment: dict[str, str]) -> list[Child]:
        """This will give the worker children."""
        command = [sys.executable, "-m", "countermand.cli", "worker"]
        return [
            Child(name="worker", command=command, environment=environment, stop_seconds=WORKER_STOP_SECONDS)
            for _ in range(self.workers)
        ]
