"""The server's own folder: inside the data folder, or beside it where the server's account cannot go."""

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from countermand.embedded import binaries
from countermand.embedded.account import Account, choose
from countermand.embedded.refusals import EmbeddedError, WrongMajor


@dataclass(frozen=True)
class Home:
    """This will name the places of one embedded server."""

    folder: Path
    path: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """This will give PostgreSQL's data directory."""
        return self.path / "cluster"

    @property
    def log(self) -> Path:
        """This will give the file with what the server says before its own log is open."""
        return self.path / "server.log"

    @property
    def password_file(self) -> Path:
        """This will give the file (mode 600) with the password of the role `countermand`."""
        return self.folder / "postgres.password"

    @property
    def exists(self) -> bool:
        """This will tell whether the database has been made."""
        return (self.cluster / "PG_VERSION").exists()

    def check_major(self) -> None:
        """This will refuse a database that another major version wrote.

        Raises: WrongMajor.
        """
        written = (self.cluster / "PG_VERSION").read_text().strip()
        if written != str(binaries.MAJOR):
            raise WrongMajor(
                f"{self.folder} was written by PostgreSQL {written}; the installed programs are "
                f"PostgreSQL {binaries.MAJOR}. Nothing was changed. Check out the release of Countermand "
                f"that wrote it and run `countermand backup COPY --data {self.folder}`; "
                "then, with this release, `countermand restore COPY --data NEW_FOLDER`."
            )


def find(*, folder: Path) -> Home | None:
    """This will find the server's folder of a data folder, None when there is none yet.

    Raises: EmbeddedError when it is gone or belongs to somebody else.
    """
    entry = folder / "postgres"
    if entry.is_symlink() and not entry.exists():
        raise EmbeddedError(
            f"The database of {folder} was in {entry.readlink()}, which is gone. Bring it back."
        )
    if not entry.exists():
        return None
    path = entry.resolve()
    return Home(folder=folder, path=path, account=choose(home=path))


def make(*, folder: Path) -> Home:
    """This will find the server's folder, or make an empty one that its account can reach.

    Raises: EmbeddedError when the account cannot reach it.
    """
    home = find(folder=folder) or _make_new(folder=folder)
    if not home.account.can_enter(folder=home.path):
        raise EmbeddedError(
            f"User {home.account.name}, who runs PostgreSQL, cannot reach {home.path}. "
            "Open the folders above it (chmod o+x), or move the data folder."
        )
    return home


def _make_new(*, folder: Path) -> Home:
    account = choose()
    inside = folder / "postgres"
    inside.mkdir(mode=0o700)
    account.take(path=inside)
    if account.can_enter(folder=inside):
        return Home(folder=folder, path=inside.resolve(), account=account)
    inside.rmdir()
    outside = _outside(folder=folder)
    account.take(path=outside)
    with contextlib.suppress(OSError):
        (outside / "belongs-to").write_text(f"{folder}\n")
    inside.symlink_to(outside)
    return Home(folder=folder, path=outside, account=account)


def _outside(*, folder: Path) -> Path:
    """A closed folder above (root's home, a private temporary one) cannot hold another user's database."""
    temporary = Path(tempfile.gettempdir()).resolve()
    base = binaries.SHARED
    if folder.resolve().is_relative_to(temporary):
        # What is temporary stays temporary.
        base = temporary
    else:
        base.mkdir(mode=0o711, parents=True, exist_ok=True)
        base.chmod(0o711)
    return Path(tempfile.mkdtemp(prefix="countermand-postgres-", dir=base))
