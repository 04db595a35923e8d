"""`countermand merchant add`."""

import click

from countermand.cli.instance import with_instance


@click.group()
def merchant() -> None:
    """Merchants of this instance."""


@merchant.command("add")
@click.argument("code")
@click.option("--name", required=True, help="What people call it.")
@click.option("--timezone", default="Europe/Paris", show_default=True)
@click.option("--language", default="fr", show_default=True, type=click.Choice(["fr", "en"]))
@with_instance
def add(*, code: str, name: str, timezone: str, language: str) -> None:
    """Make a merchant, known by CODE."""
    from countermand.merchants.actions import add_merchant
    from countermand.refusals import Refusal

    try:
        made = add_merchant(code=code, name=name, timezone=timezone, language=language)
    except Refusal as refusal:
        raise click.ClickException(refusal.detail) from refusal
    click.echo(f"Merchant {made.code}: {made.name}")
