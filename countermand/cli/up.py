"""`countermand up`: the whole desk as one process tree. No Django in this process: it stays small and quick."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlsplit

import click

from countermand import embedded
from countermand.cli import run_file
from countermand.cli.address import judge_address
from countermand.cli.folder import chosen, data_option, holds_database, make_key
from countermand.cli.restoring import refuse_half_restored
from countermand.cli.tree import leftovers
from countermand.cli.tree.database import Embedded, Outside
from countermand.cli.tree.listening import address, is_loopback, listen
from countermand.cli.tree.plan import Plan
from countermand.cli.tree.tree import Stop, Tree, listen_for_stop

READY_WAIT_SECONDS = 60


@click.command()
@data_option
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to serve; 0 takes a free one.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to serve.")
@click.option(
    "--demo/--no-demo", default=True, show_default=True, help="With a demo shop, or one empty merchant."
)
@click.option("--web", default=2, show_default=True, type=click.IntRange(0, 64), help="Web processes.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(0, 64), help="Worker processes.")
def up(*, data: Path | None, port: int, host: str, demo: bool, web: int, workers: int) -> None:
    """Start database, web and worker; Ctrl-C stops them."""
    folder, named = chosen(data=data)
    if outside := os.environ.get("DATABASE_URL"):
        judge_address(database_url=outside)
    try:
        with contextlib.suppress(Stop), _only_one(folder), listen(host=host, port=port) as listener:
            plan = Plan(
                folder=folder,
                url=address(host=host, listener=listener),
                demo=demo,
                demo_sign_in=demo and is_loopback(host=host),
                web_processes=web,
                workers=workers,
                secret_key=make_key(folder=folder),
            )
            _serve(plan, _database(folder, named), listener)
    except embedded.EmbeddedError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo("Stopped.")


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with embedded.hold(folder=folder):
        listen_for_stop()
        refuse_half_restored(folder=folder)
        run_file.remove(folder=folder)
        leftovers.end(folder=folder)
        try:
            yield
        finally:
            # A child that was being started when we were told to stop is in no list.
            leftovers.end(folder=folder)
            run_file.remove(folder=folder)


def _database(folder: Path, named: bool) -> Embedded | Outside:
    outside = os.environ.get("DATABASE_URL")
    if not outside:
        return Embedded(folder=folder)
    if named and holds_database(folder=folder):
        raise click.ClickException(
            f"{folder} holds an embedded database and DATABASE_URL names another: unset DATABASE_URL, "
            "or give a folder without a database."
        )
    click.echo("Using the database that DATABASE_URL names.")
    return Outside(url=outside)


def _serve(plan: Plan, database: Embedded | Outside, listener: socket) -> None:
    tree = Tree(database=database, web=None, workers=[], changed=lambda: _write_run_file(plan, tree, sign_in))
    sign_in: dict[str, str] | None = None
    try:
        database.start()
        environment = plan.environment(database_url=database.url)
        sign_in = _prepare(plan, environment)
        tree.web = plan.web(environment=environment, socket_number=listener.fileno())
        tree.workers = plan.worker_children(environment=environment)
        for child in tree.children:
            child.start()
        _wait_ready(plan, tree)
        _write_run_file(plan, tree, sign_in)
        _greet(plan, sign_in)
        tree.look_after()
    finally:
        # Nobody answers the socket any more: refuse callers rather than let them wait.
        listener.close()
        tree.stop()


def _prepare(plan: Plan, environment: dict[str, str]) -> dict[str, str] | None:
    done = subprocess.run(
        plan.prepare_command(), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        raise click.ClickException("The database could not be made ready: the reason is above.")
    sign_in: dict[str, str] | None = json.loads(done.stdout.splitlines()[-1])
    return sign_in if plan.demo_sign_in else None


def _wait_ready(plan: Plan, tree: Tree) -> None:
    until = time.monotonic() + READY_WAIT_SECONDS
    while tree.web is not None and time.monotonic() < until:
        if _answers(plan.url):
            return
        for child in tree.children:
            child.look()
        time.sleep(0.1)


def _answers(url: str) -> bool:
    where = urlsplit(url)
    # No proxy of the environment stands between us and ourselves, as it would with urllib's opener.
    connection = HTTPConnection(where.hostname or "", where.port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


def _write_run_file(plan: Plan, tree: Tree, sign_in: dict[str, str] | None) -> None:
    web = [tree.web.pid] if tree.web and tree.web.pid else []
    workers = [child.pid for child in tree.workers if child.pid]
    content: dict[str, Any] = {
        "url": plan.url,
        "pids": {
            "up": os.getpid(),
            "web": web[0] if web else None,
            "worker": workers[0] if workers else None,
            "postgres": tree.database.pid,
        },
        # Every worker, where `pids` has room for one.
        "workers": workers,
        "database_url": tree.database.url,
    }
    if sign_in is not None:
        content["sign_in"] = {"url": f"{plan.url}/", **sign_in}
    run_file.write(folder=plan.folder, content=content)


def _greet(plan: Plan, sign_in: dict[str, str] | None) -> None:
    click.echo(f"\nCountermand is at {plan.url}")
    if sign_in is not None:
        click.echo(f"Sign in as {sign_in['email']} with the password {sign_in['password']}")
    elif plan.demo and not plan.demo_sign_in:
        click.echo("The demo's sign-in works on the loopback address only: others can reach this one.")
    click.echo("Ctrl-C stops it.\n")
