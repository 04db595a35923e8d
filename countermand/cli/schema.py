"""The database brought up to this release: one process at a time, on however many machines."""

import gc
from collections.abc import Callable
from typing import Any

# Any number will do, as long as nobody else takes it: "countermand" on a telephone's keys, cut short.
LOCK = 268686372


def pending() -> list[str]:
    """This will name the migrations that the database has not had yet."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def bring_up_to_date(*, say: Callable[[str], Any]) -> None:
    """This will apply the pending migrations, if there are any, while every other process that tries waits."""
    from django.core.management import call_command
    from django.db import connection

    names = pending()
    if not names:
        return
    with connection.cursor() as cursor:
        # A session's lock ends with its session, however that ends.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        say(f"Bringing the database up to date ({len(names)} steps) …")
        # Django draws every model anew for each step; to look for circles among them takes a quarter of the time.
        gc.disable()
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        gc.enable()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            cursor.execute("RESET lock_timeout")
