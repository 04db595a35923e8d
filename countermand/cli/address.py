"""The address of a database that runs elsewhere: what it looks like, and how it may be shown."""

import re
from urllib.parse import urlsplit

import click

FORM = "postgresql://USER:PASSWORD@HOST:PORT/NAME"


def judge_address(*, database_url: str) -> str:
    """This will give an address back that a database can be asked for at.

    Raises: click.ClickException that shows nothing of what was given: a mistyped address still holds its password.
    """
    # Only here: `up` keeps small and judges too.
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not re.match(r"postgres(ql)?://", database_url):
        raise click.ClickException(f"DATABASE_URL: only {FORM} is understood.")
    try:
        conninfo_to_dict(database_url)
        _ = urlsplit(database_url).port
    except (psycopg.Error, ValueError):
        raise click.ClickException(
            f"DATABASE_URL cannot be read: write {FORM}, with %40 for an @ in the password and %2F for a slash."
        ) from None
    return database_url


def without_password(*, database_url: str) -> str:
    """This will give an address that may be shown."""
    shown = re.sub(r"(://[^:/@]*):[^/?]*@", r"\1@", database_url)
    return re.sub(r"(password=)[^&]*", r"\1…", shown)
