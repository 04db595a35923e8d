"""A new database cluster: made beside its place and moved there, so that a half-made one is never used."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from countermand.embedded import binaries, configuration
from countermand.embedded.home import Home
from countermand.embedded.refusals import EmbeddedError

ROLE = DATABASE = "countermand"


def ensure_cluster(*, home: Home, durable: bool) -> None:
    """This will make the cluster, its role and its database, unless they are there; and the password file.

    Raises: EmbeddedError with what the programs said; WrongMajor.
    """
    programs = binaries.folder_for(account=home.account)
    if home.exists:
        home.check_major()
        if not home.password_file.exists():
            password = _write_password(home.password_file)
            _single_user(home, programs, home.cluster, f"ALTER ROLE {ROLE} PASSWORD '{password}'")
        return
    fresh = home.path / "cluster.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _initdb(home, programs, fresh)
    configuration.include(cluster=fresh)
    home.account.take(path=configuration.write(cluster=fresh, port=5432, durable=False))
    password = _write_password(home.password_file)
    # The application is no superuser; an owner who needs one uses PostgreSQL's single-user mode likewise.
    _single_user(
        home,
        programs,
        fresh,
        f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{password}'",
        f"GRANT pg_monitor, pg_checkpoint TO {ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
    )
    if durable:
        # Once, here, instead of at every step before.
        _run(home, [str(programs / "initdb"), "--sync-only", f"--pgdata={fresh}"])
    fresh.rename(home.cluster)


def _initdb(home: Home, programs: Path, fresh: Path) -> None:
    # Thrown away after: nobody signs in as the superuser over the network.
    thrown_away = home.path / "superuser.new"
    thrown_away.touch(mode=0o600)
    thrown_away.write_text(secrets.token_urlsafe(32))
    home.account.take(path=thrown_away)
    options = [
        "--username=postgres",
        f"--pwfile={thrown_away}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-sync",
    ]
    _run(home, [str(programs / "initdb"), f"--pgdata={fresh}", *options])
    thrown_away.unlink()


def _single_user(home: Home, programs: Path, cluster: Path, *statements: str) -> None:
    command = [str(programs / "postgres"), "--single", "-D", str(cluster), "-c", "exit_on_error=on"]
    _run(
        home,
        [*command, "-c", "logging_collector=off", "postgres"],
        said="".join(f"{s};\n" for s in statements),
    )


def _run(home: Home, command: list[str], said: str = "") -> None:
    done = subprocess.run(
        command, input=said, capture_output=True, text=True, check=False, **home.account.popen_options()
    )
    if done.returncode != 0:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()[-2000:]}")


def _write_password(path: Path) -> str:
    password = secrets.token_urlsafe(32)
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(password + "\n")
    fresh.rename(path)
    return password
