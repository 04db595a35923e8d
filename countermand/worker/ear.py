"""The worker's own connection: it hears the ping, and shows that a worker is there."""

from typing import Any

import psycopg
from django.db import connection as django_connection

from countermand import heartbeat
from countermand.events.ping import CHANNEL
from countermand.worker.leases import end_leases_of_the_dead


class Ear:
    """Listens for the wake-up that verbs send after commit. Best effort: the sweep each second is what carries."""

    def __init__(self) -> None:
        # Plain psycopg with Django's address: no pool, no cursor classes, nothing prepared.
        known = django_connection.get_connection_params()
        wanted = {
            name: known[name] for name in ("dbname", "user", "password", "host", "port") if name in known
        }
        self._connection: psycopg.Connection[Any] = psycopg.connect(
            **wanted, autocommit=True, application_name="countermand worker", connect_timeout=10
        )
        self._connection.execute(f"LISTEN {CHANNEL}")
        heartbeat.hold(self._connection)
        heartbeat.draw_number(self._connection)

    def __enter__(self) -> "Ear":
        return self

    def __exit__(self, *_: object) -> None:
        heartbeat.forget_number()
        self._connection.close()

    @property
    def lost(self) -> bool:
        """Whether the server has gone."""
        return self._connection.closed

    def beat(self) -> None:
        """This will show that the worker goes round, and take over from those that do no more."""
        heartbeat.beat(self._connection)
        end_leases_of_the_dead(self._connection)

    def wait(self, seconds: float) -> bool:
        """This will wait for a ping and say whether one came."""
        return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))
