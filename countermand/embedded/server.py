"""One embedded PostgreSQL server: start it, take over one that is already there, stop it."""

import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil

from countermand.embedded import binaries, configuration, home, making, parent, ports, processes
from countermand.embedded.refusals import EmbeddedError

# Recovery after a crash replays what was not yet checkpointed; it is left to finish while it lives.
START_WAIT_SECONDS = 300
POLL_SECONDS = 0.02
PORT_TRIES = 5


class Server:
    """This will run PostgreSQL on one data folder. Hold the folder's lock (`hold`) while using it.

    `durable=False` is for tests: a power cut may lose everything.
    """

    def __init__(self, *, folder: Path, durable: bool = True) -> None:
        self.folder = folder.absolute()
        self.durable = durable
        self.adopted = False
        self.port = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._process: psutil.Process | None = None

    @property
    def pid(self) -> int | None:
        """This will give the server's process, None when it was not started."""
        return self._process.pid if self._process else None

    @property
    def url(self) -> str:
        """This will give the database's address, password included."""
        return _address(password_file=self.folder / "postgres.password", port=self.port)

    def start(self, *, dies_with_us: bool = True) -> None:
        """This will take over the folder's live server, or start one, and wait until it answers.

        `dies_with_us`: it stops by itself when this process is killed, where the system can do so.
        Raises: EmbeddedError with the end of the server's log; WrongMajor.
        """
        place = home.make(folder=self.folder)
        if self._adopt(place):
            return
        processes.clear_leftovers(cluster=place.cluster)
        making.ensure_cluster(home=place, durable=self.durable)
        programs = binaries.folder_for(account=place.account)
        for _ in range(PORT_TRIES):
            self._launch(place, programs, dies_with_us)
            if self._wait_ready(place):
                return
            if "could not bind" not in _tail(place):
                break
            self.port = 0
        raise EmbeddedError(f"PostgreSQL did not start:\n{_tail(place)}")

    def alive(self) -> bool:
        """This will tell whether the server runs; it also reaps it when it was our child."""
        if self._child is not None and self._child.poll() is not None:
            return False
        return self._process is not None and processes.is_alive(process=self._process)

    def stop(self, *, wait_seconds: float = 30) -> None:
        """This will stop the server fast (open transactions are rolled back), harder when it does not."""
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if not self.alive() or self._process is None:
                break
            self._process.send_signal(number)
            if self._child is not None:
                try:
                    self._child.wait(wait_seconds)
                except subprocess.TimeoutExpired:
                    continue
            processes.wait_gone(process=self._process, seconds=wait_seconds)
        self._child = self._process = None

    def _adopt(self, place: home.Home) -> bool:
        until = time.monotonic() + START_WAIT_SECONDS
        while (found := processes.find(cluster=place.cluster)) is not None:
            if found.ready and place.password_file.exists() and time.monotonic() < until:
                place.check_major()
                self._process, self.port, self.adopted = found.process, found.port, True
                return True
            if found.ready or time.monotonic() > until:
                # Without its password nobody can use it: stop it; starting makes a new password.
                self._process = found.process
                self.stop()
                return False
            # Starting or stopping: see what becomes of it.
            processes.wait_gone(process=found.process, seconds=0.1)
        return False

    def _launch(self, place: home.Home, programs: Path, dies_with_us: bool) -> None:
        # The same port after a restart: clients keep the address they were given.
        self.port = self.port if ports.is_free(port=self.port) else ports.choose()
        written = configuration.write(cluster=place.cluster, port=self.port, durable=self.durable)
        place.account.take(path=written)
        with place.log.open("wb") as log:
            self._child = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(place.cluster)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C at a terminal is for the parent, which stops its children in order.
                start_new_session=True,
                preexec_fn=parent.dies_with_it(number=signal.SIGINT) if dies_with_us else None,
                **place.account.popen_options(),
            )
        self._process, self.adopted = psutil.Process(self._child.pid), False

    def _wait_ready(self, place: home.Home) -> bool:
        until = time.monotonic() + START_WAIT_SECONDS
        while time.monotonic() < until and self._child is not None and self._child.poll() is None:
            found = processes.find(cluster=place.cluster)
            if found is not None and found.ready and found.process.pid == self._child.pid:
                return True
            time.sleep(POLL_SECONDS)
        return False


def running_address(*, folder: Path) -> str | None:
    """This will give the address of the folder's live server, None when none runs.

    Raises: EmbeddedError when the folder belongs to another user.
    """
    place = home.find(folder=folder.absolute())
    found = processes.find(cluster=place.cluster) if place else None
    if place is None or found is None or not found.ready or not place.password_file.exists():
        return None
    return _address(password_file=place.password_file, port=found.port)


def _address(*, password_file: Path, port: int) -> str:
    password = password_file.read_text().strip()
    return f"postgresql://{making.ROLE}:{quote(password)}@127.0.0.1:{port}/{making.DATABASE}"


def _tail(place: home.Home) -> str:
    logs = [place.log, *(place.path / "log").glob("*.log")]
    newest = sorted((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime)[-2:]
    return "".join(log.read_text(errors="replace")[-2000:] for log in newest)
