"""`countermand migrate`."""

import click

from countermand.cli.instance import with_instance


@click.command()
@with_instance
def migrate() -> None:
    """Bring the database up to this release."""
    from countermand.cli import schema

    schema.bring_up_to_date(say=click.echo)
    click.echo("The database is up to date.")
