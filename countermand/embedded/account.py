"""The account that runs PostgreSQL: ourselves, or an unprivileged system user when we are root.

PostgreSQL refuses to run as root.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from countermand.embedded.refusals import EmbeddedError

OWN_NAME = "countermand"
STAND_INS = (OWN_NAME, "postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """This will say as whom the server's programs run, and who owns its files."""

    uid: int
    gid: int
    name: str

    @property
    def is_us(self) -> bool:
        """This will tell whether no change of user is needed."""
        return self.uid == os.geteuid()

    def popen_options(self) -> dict[str, Any]:
        """This will give what `subprocess` needs to run a program as this account."""
        clean = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        # The working folder of the caller may be closed to the account.
        options: dict[str, Any] = {"cwd": "/", "env": clean}
        if not self.is_us:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def can_enter(self, *, folder: Path) -> bool:
        """This will tell whether the account can walk down to the folder and read it."""
        asked = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1" && [ -r . ]', "sh", str(folder)],
            check=False,
            capture_output=True,
            **self.popen_options(),
        )
        return asked.returncode == 0

    def take(self, *, path: Path) -> None:
        """This will make the account the owner of a file or folder."""
        if not self.is_us:
            os.chown(path, self.uid, self.gid)


def choose(*, home: Path | None = None) -> Account:
    """This will choose the account: the owner of the server's folder once there is one.

    Raises: EmbeddedError when the folder is somebody else's and we are not root.
    """
    ourselves = os.geteuid()
    if home is not None and home.exists():
        owner = home.stat().st_uid
        if owner == 0:
            raise EmbeddedError(
                f"{home} belongs to root, as whom PostgreSQL does not run. Give it to a user."
            )
        if ourselves not in (0, owner):
            raise EmbeddedError(f"{home} belongs to user {_name(owner)}: start as that user, or as root.")
        return _account(owner)
    return _account(ourselves) if ourselves else _system_account()


def _system_account() -> Account:
    try:
        return _account(pwd.getpwnam(OWN_NAME).pw_uid)
    except KeyError:
        _create()
    for name in STAND_INS:
        try:
            return _account(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise EmbeddedError(
        "PostgreSQL does not run as root and no system user could be made: "
        f"run `useradd --system {OWN_NAME}`, or start as a normal user."
    )


def _create() -> None:
    # Two first starts at once may both try: whoever is second finds the user made.
    program = shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    if program:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        shell = ["--shell", "/usr/sbin/nologin"]
        subprocess.run([program, *options, *shell, OWN_NAME], check=False, capture_output=True)


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        # A container may run us under a number that has no name.
        return Account(uid=uid, gid=os.getegid(), name=str(uid))
    return Account(uid=uid, gid=entry.pw_gid, name=entry.pw_name)


def _name(uid: int) -> str:
    return _account(uid).name
