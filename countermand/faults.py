"""Places at which a process may be made to die, so that tests can prove that dying there costs nothing.

Does nothing unless COUNTERMAND_KILL_AT names a point ("refund.after_call", or "refund.after_call:3"
for the third time it is passed). The end is the hardest one: no cleanup, no rollback, as `kill -9`.
"""

import os
from threading import Lock

KILLED = 137  # what a shell says of a process that was killed with signal 9

_wanted, _, _nth = os.environ.get("COUNTERMAND_KILL_AT", "").partition(":")
_left = int(_nth or 1)
_lock = Lock()


def point(name: str) -> None:
    """This will end the process on the spot when it was started to die here; else nothing."""
    if name == _wanted:
        _pass_by()


def _pass_by() -> None:
    global _left
    with _lock:
        _left -= 1
        if not _left:
            os._exit(KILLED)
