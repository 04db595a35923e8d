"""`countermand api-token`: one bearer token on stdout and nothing else, so that a script can take it."""

import click

from countermand.cli.instance import with_instance
from countermand.cli.merchant_option import chosen_merchant, merchant_option


@click.command("api-token")
@click.argument("name")
@merchant_option
@click.option(
    "--role",
    default="owner",
    show_default=True,
    type=click.Choice(["viewer", "agent", "manager", "owner"]),
    help="What it may do.",
)
@with_instance
def api_token(*, name: str, merchant: str | None, role: str) -> None:
    """Print a new API token called NAME; it is shown this once."""
    from datetime import UTC, datetime

    from countermand.access.tokens import issue
    from countermand.refusals import Refusal

    found = chosen_merchant(code=merchant)
    try:
        token = issue(merchant_id=found.id, name=name, role=role, by="console", at=datetime.now(UTC))
    except Refusal as refusal:
        raise click.ClickException(refusal.detail) from refusal
    click.echo(token)
