"""A database that cannot be reached, or goes away: one line for people, and no password in it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg

from countermand.cli.address import without_password

# What the server or the line does to a connection: class 08, "shutting down", "crashed", "starting".
GONE = ("08", "57P0")


def reason(*, error: BaseException) -> str:
    """This will give a database error's first line."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


@contextmanager
def told(*, database_url: str) -> Iterator[None]:
    """This will turn a lost database into one line that says what to do. Django has been set up.

    Raises: click.ClickException.
    """
    from django.db import InterfaceError, OperationalError, ProgrammingError
    from django.db.backends.signals import connection_created

    # Its pool says over and over what is said here once.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
    reached: list[bool] = []

    def note(**_: object) -> None:
        reached.append(True)

    connection_created.connect(note)
    try:
        yield
    except (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError) as lost:
        said = _what_went_wrong(lost) if reached else _why_not_reached(database_url)
        raise click.ClickException(said) from lost
    except ProgrammingError as other:
        if not isinstance(other.__cause__, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
            raise
        raise click.ClickException(
            "The database is of another release than this program: `countermand migrate` brings it up to date."
        ) from other
    finally:
        connection_created.disconnect(note)


def _what_went_wrong(lost: Exception) -> str:
    cause = lost.__cause__ or lost
    state = getattr(cause, "sqlstate", None)
    if state is None or state.startswith(GONE):
        return "The database went away. Nothing is lost: run the same command again."
    return f"The database refused: {reason(error=cause)}. Nothing is lost: run the same command again."


def _why_not_reached(database_url: str) -> str:
    try:
        psycopg.connect(database_url, connect_timeout=5).close()
    except psycopg.Error as refused:
        return cannot_be_reached(database_url=database_url, error=refused)
    return "The database did not answer in time: run the same command again."


def cannot_be_reached(*, database_url: str, error: BaseException) -> str:
    """This will say which database does not answer, and why."""
    return (
        f"The database {without_password(database_url=database_url)} cannot be reached: {reason(error=error)}"
    )
