"""What a supervisor asks: is the process alive, and is everything ready that answering needs."""

from functools import lru_cache

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from countermand import heartbeat
from countermand.api.asked import only_read
from countermand.api.problems import problem


@only_read
def healthz(request: HttpRequest) -> HttpResponse:
    """This will say that the process is alive."""
    return HttpResponse("ok", content_type="text/plain")


@only_read
def readyz(request: HttpRequest) -> HttpResponse:
    """This will say that the database answers, its tables are of this version, and a worker goes round."""
    try:
        if not _migrated():
            return _not_yet("the database waits for its migrations")
        if not heartbeat.workers():
            return _not_yet("no worker goes round")
    except (DatabaseError, InterfaceError):
        return _not_yet("the database does not answer")
    return HttpResponse("ok", content_type="text/plain")


def _not_yet(detail: str) -> HttpResponse:
    return problem(503, detail=detail, headers={"Retry-After": "1"})


def _migrated() -> bool:
    # Asked of the database until it is so; it never stops being so while this version runs.
    if _known.cache_info().currsize:
        return True
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    _known()
    return True


@lru_cache(maxsize=1)
def _known() -> bool:
    return True
