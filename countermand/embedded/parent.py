"""Children that die with their parent, where the system offers it (Linux)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_it(*, number: int) -> Callable[[], None] | None:
    """This will give what a new child runs first so that the kernel signals it when its parent dies.

    None where the system has no such thing: the next start then takes over or ends what was left.
    """
    if not sys.platform.startswith("linux"):
        return None
    # Loaded before the fork: the child of a fork must not take locks.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    ours = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != ours:
            # The parent died before the kernel was told to watch it.
            os._exit(1)

    return ask


def die_with_it(*, expected_parent: int) -> None:
    """This will make this very process end (TERM) when its parent dies, or now if it is dead already."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != expected_parent:
        os.kill(os.getpid(), signal.SIGTERM)
