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
    from zoneinfo import available_timezones

    from django.core.exceptions import ValidationError
    from django.core.validators import validate_slug

    from countermand.merchants.actions import add_merchant
    from countermand.refusals import Refusal

    try:
        validate_slug(code)
    except ValidationError as wrong:
        raise click.BadParameter("letters, digits, - and _ only", param_hint="CODE") from wrong
    if len(code) > 64 or not 0 < len(name.strip()) <= 200:
        raise click.UsageError("A code has at most 64 characters, a name 1 to 200.")
    if timezone not in available_timezones():
        raise click.BadParameter("a time zone is named like Europe/Paris", param_hint="--timezone")
    try:
        made = add_merchant(code=code, name=name.strip(), timezone=timezone, language=language)
    except Refusal as refusal:
        raise click.ClickException(refusal.detail) from refusal
    click.echo(f"Merchant {made.code}: {made.name}")
