"""`countermand backup DIR`: everything an instance is, in one folder."""

import contextlib
import json
import platform
import secrets
from datetime import UTC, datetime
from pathlib import Path

import click

from countermand import __version__
from countermand.cli import tools
from countermand.cli.folder import KEY, data_option, known_key, make_folder, write_private
from countermand.cli.instance import Instance, find, leave

DUMP, MANIFEST = "database.dump", "manifest.json"


@click.command()
@click.argument("target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@data_option
def backup(*, target: Path, data: Path | None) -> None:
    """Copy database and key into DIR, while everything runs."""
    try:
        taken = target.exists() and any(target.iterdir())
    except OSError as refused:
        raise click.ClickException(f"{target} cannot be read: {refused.strerror}.") from refused
    if taken:
        raise click.ClickException(f"{target} is not empty: give a new folder for each backup.")
    instance = find(data=data)
    try:
        manifest = write(instance=instance, target=target.absolute())
    finally:
        leave(instance=instance)
    click.echo(
        f"Backup written to {target} ({manifest['dump_bytes']:,} bytes). It holds secrets: keep it closed."
    )


def write(*, instance: Instance, target: Path) -> dict[str, object]:
    """This will write the backup and give its manifest; without a manifest a backup is unfinished."""
    key = known_key(folder=instance.folder)
    if not key:
        raise click.ClickException(
            "The secret key is unknown: without it nobody could read what is encrypted. Set COUNTERMAND_SECRET_KEY."
        )
    pg_dump = tools.program(name="pg_dump", database_url=instance.database_url)
    fresh = not target.exists()
    try:
        make_folder(folder=target)
        target.chmod(0o700)
        return _fill(target, instance, pg_dump, key)
    except BaseException as failed:
        # What is left of it would refuse the next try, and looks like a backup.
        _clear(target, fresh)
        if isinstance(failed, OSError):
            raise click.ClickException(f"{target} cannot be written: {failed.strerror}.") from failed
        raise


def _fill(target: Path, instance: Instance, pg_dump: Path, key: str) -> dict[str, object]:
    dump = target / f".{DUMP}.{secrets.token_hex(4)}"
    write_private(path=dump, text="")
    # Owners and rights belong to the server it comes from, not to the one it goes to.
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"]
    tools.run(command=[str(pg_dump), *options], database_url=instance.database_url)
    dump.rename(target / DUMP)
    write_private(path=target / KEY, text=key + "\n")
    manifest: dict[str, object] = {
        "countermand": __version__,
        "python": platform.python_version(),
        "postgresql": tools.server_version(database_url=instance.database_url),
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "dump_bytes": (target / DUMP).stat().st_size,
    }
    write_private(path=target / MANIFEST, text=json.dumps(manifest, indent=2) + "\n")
    return manifest


def _clear(target: Path, fresh: bool) -> None:
    with contextlib.suppress(OSError):
        for path in target.iterdir():
            if path.name.removeprefix(".").startswith((DUMP, KEY, MANIFEST)):
                path.unlink()
        if fresh:
            target.rmdir()
