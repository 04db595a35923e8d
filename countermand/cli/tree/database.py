"""The database below `up`: the embedded one, kept alive, or somebody else's, only named."""

import time
from pathlib import Path

import click

from countermand import embedded

WAIT_SECONDS = 2.0


class Outside:
    """This will stand for a database that is run elsewhere."""

    pid: int | None = None

    def __init__(self, *, url: str) -> None:
        self.url = url

    def start(self) -> None:
        """This will do nothing: it runs already."""

    def look(self) -> bool:
        """This will do nothing: the other side keeps it alive."""
        return False

    def stop(self) -> None:
        """This will do nothing."""


class Embedded:
    """This will keep the embedded server of one folder alive."""

    def __init__(self, *, folder: Path) -> None:
        self._server = embedded.Server(folder=folder)
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """This will give the server's process."""
        return self._server.pid

    @property
    def url(self) -> str:
        """This will give the address; its port stays over a restart unless another program took it."""
        return self._server.url

    def start(self) -> None:
        """This will start the server, or take over the one that a killed `up` left.

        Raises: EmbeddedError.
        """
        self._server.start()

    def look(self) -> bool:
        """This will start the server again when it died, and tell whether it did."""
        if self._server.alive() or time.monotonic() < self._not_before:
            return False
        click.echo("PostgreSQL ended: starting it again.", err=True)
        try:
            self._server.start()
        except embedded.EmbeddedError as refused:
            click.echo(str(refused), err=True)
            self._not_before = time.monotonic() + WAIT_SECONDS
            return False
        return True

    def stop(self) -> None:
        """This will stop the server fast."""
        self._server.stop()
