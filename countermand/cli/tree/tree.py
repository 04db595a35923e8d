"""The tree: everything started in order, looked after, stopped in the other order."""

import os
import selectors
import signal
import socket
from collections.abc import Callable
from types import FrameType

import click

from countermand.cli.tree.child import Child
from countermand.cli.tree.database import Embedded, Outside

LOOK_SECONDS = 0.5


class Stop(Exception):
    """This will leave whatever `up` is doing, because somebody asked it to end."""


class Tree:
    """This will hold one database, one web and any number of workers."""

    def __init__(
        self,
        *,
        database: Embedded | Outside,
        web: Child | None,
        workers: list[Child],
        changed: Callable[[], None],
    ) -> None:
        self.database = database
        self.web = web
        self.workers = workers
        self._changed = changed

    @property
    def children(self) -> list[Child]:
        """This will give web and workers in the order in which they are stopped."""
        return [*([self.web] if self.web else []), *self.workers]

    def look_after(self) -> None:
        """This will keep everything running until a signal raises `Stop`."""
        with _Wakeups() as wakeups:
            while True:
                if _asked_by:
                    raise Stop
                wakeups.wait(seconds=LOOK_SECONDS)
                self._look()

    def _look(self) -> None:
        before = self.database.url
        changed = self.database.look()
        if self.database.url != before:
            # Another program took the port meanwhile: everybody must learn the new address.
            self._move()
        for child in self.children:
            if child.look():
                changed = True
                if child.pid is None:
                    click.echo(f"{child.name} ended ({child.exit_code}): starting it again.", err=True)
                    child.look()
        if changed:
            self._changed()

    def _move(self) -> None:
        for child in self.children:
            child.stop()
            child.environment["DATABASE_URL"] = self.database.url
            child.start()

    def stop(self) -> None:
        """This will stop web, then the workers (together), then the database."""
        if self.web is not None:
            self.web.stop()
        for child in self.workers:
            child.ask_to_stop()
        for child in self.workers:
            child.stop()
        self.database.stop()


# Signals that asked us to end. A `Stop` may be raised where Python swallows it (a destructor, a weak
# reference's callback), and no later signal counts: then the next round sees it here.
_asked_by: list[int] = []


def listen_for_stop() -> None:
    """This will make Ctrl-C, TERM and a closed terminal raise `Stop`, once; later ones are ignored."""

    def stop(number: int, frame: FrameType | None) -> None:
        _asked_by.append(number)
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stop

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under `nohup` a closed terminal is to be survived.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, stop)


class _Wakeups:
    """Wakes the loop the moment a child ends, instead of at the next round."""

    def __enter__(self) -> "_Wakeups":
        self._ours, self._kernels = socket.socketpair()
        self._ours.setblocking(False)
        self._kernels.setblocking(False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._ours, selectors.EVENT_READ)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._kernels.fileno(), warn_on_full_buffer=False)
        return self

    def wait(self, *, seconds: float) -> None:
        if self._selector.select(seconds):
            os.read(self._ours.fileno(), 4096)

    def __exit__(self, *details: object) -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        self._ours.close()
        self._kernels.close()
