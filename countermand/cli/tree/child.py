"""One child of `up`: started, watched, started again whatever it died of, stopped."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence

from countermand.embedded.parent import dies_with_it

# A child that lived this long was well: it is started again at once. One that keeps dying waits longer each time.
WELL_SECONDS = 30
LONGEST_WAIT_SECONDS = 15


class Child:
    """This will keep one command running until it is told to stop."""

    def __init__(
        self,
        *,
        name: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        stop_seconds: float,
        pass_fds: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.stop_seconds = stop_seconds
        self.pass_fds = tuple(pass_fds)
        self.exit_code: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._not_before = 0.0
        self._failures = 0

    @property
    def pid(self) -> int | None:
        """This will give the process number, None while it does not run."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """This will start the command in a session of its own: a terminal's Ctrl-C reaches only `up`."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_it(number=signal.SIGTERM),
            pass_fds=self.pass_fds,
        )

    def look(self) -> bool:
        """This will notice an end, start again when it is time, and tell whether the pid changed."""
        if self._process is not None and self._process.poll() is not None:
            self.exit_code = self._process.returncode
            self._end_group()
            self._process = None
            lived = time.monotonic() - self._started_at
            self._failures = 0 if lived > WELL_SECONDS else self._failures + 1
            wait_seconds = (
                min(LONGEST_WAIT_SECONDS, 0.5 * 2 ** (self._failures - 2)) if self._failures > 1 else 0
            )
            self._not_before = time.monotonic() + wait_seconds
            return True
        if self._process is None and time.monotonic() >= self._not_before:
            self.start()
            return True
        return False

    def ask_to_stop(self) -> None:
        """This will ask it to end and not wait."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()

    def stop(self) -> None:
        """This will ask it to end, and end it with everything it started when it does not."""
        if self._process is None:
            return
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(self.stop_seconds)
        self._end_group()
        self._process.wait()
        self._process = None

    def _end_group(self) -> None:
        # The session's number is the child's; what outlived the child in it is nobody's any more.
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
