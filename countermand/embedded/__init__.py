"""The embedded PostgreSQL: one data folder, one server, no installation and no Django.

A data folder holds `lock` (one `up` at a time), `postgres.password` (mode 600) and `postgres`: the folder,
or a link to the folder, that belongs to the server's own account.
"""

from countermand.embedded.lock import FolderLock, hold
from countermand.embedded.refusals import EmbeddedError, FolderInUse, WrongMajor
from countermand.embedded.server import Server, running_address

__all__ = ["EmbeddedError", "FolderInUse", "FolderLock", "Server", "WrongMajor", "hold", "running_address"]
