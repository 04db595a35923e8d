"""`countermand operator`: a marketplace, its people, and the merchants who sell there."""

from typing import Any

import click

from countermand.cli.instance import with_instance


@click.group()
def operator() -> None:
    """A marketplace's own staff."""


@operator.command("open")
@click.argument("code")
@click.option("--name", required=True, help="What people call the marketplace.")
@click.option("--email", default="", help="Where merchants write to.")
@click.option("--timezone", default="Europe/Paris", show_default=True)
@with_instance
def open_(*, code: str, name: str, email: str, timezone: str) -> None:
    """Open a marketplace, known by CODE."""
    from datetime import UTC, datetime

    from countermand.marketplace.actions import open_marketplace

    made = _did(
        lambda: open_marketplace(
            code=code,
            name=name,
            service_email=email,
            timezone=timezone,
            by="console",
            at=datetime.now(UTC),
        )
    )
    click.echo(f"Marketplace {made.code}: {made.name}")


@operator.command("add")
@click.argument("email")
@click.option("--marketplace", "code", required=True, help="The marketplace's code.")
@click.option("--role", default="agent", show_default=True, type=click.Choice(["agent", "manager"]))
@click.option("--first-name", default="")
@click.option("--password", help="Asked for unless --invite is given.")
@click.option("--invite", is_flag=True, help="Send a mail with a link to choose one instead.")
@with_instance
def add(*, email: str, code: str, role: str, first_name: str, password: str | None, invite: bool) -> None:
    """Give EMAIL a place at a marketplace. A person who signs in already keeps their password."""
    from datetime import UTC, datetime

    from countermand.marketplace.actions import add_operator

    here = _marketplace(code)
    if invite:
        password = None
    elif password is None:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    asked: dict[str, Any] = {"email": email, "password": password, "role": role, "first_name": first_name}
    _did(lambda: add_operator(marketplace_id=here.id, **asked, by="console", at=datetime.now(UTC)))
    click.echo(f"{email}: {role} of {here.name}")


@operator.command("seat")
@click.argument("merchant_code")
@click.argument("channel_code")
@click.option("--marketplace", "code", required=True, help="The marketplace's code.")
@with_instance
def seat(*, merchant_code: str, channel_code: str, code: str) -> None:
    """Seat a merchant's channel at a marketplace."""
    from datetime import UTC, datetime

    from countermand.marketplace.actions import take_seat
    from countermand.merchants.models import Merchant

    here = _marketplace(code)
    merchant = Merchant.objects.filter(code=merchant_code).first()
    if merchant is None:
        raise click.ClickException(f"no merchant {merchant_code!r}")
    _did(
        lambda: take_seat(
            marketplace_id=here.id,
            merchant_id=merchant.id,
            channel_code=channel_code,
            by="console",
            at=datetime.now(UTC),
        )
    )
    click.echo(f"{merchant.name} sells at {here.name} on {channel_code}")


def _marketplace(code: str) -> Any:
    from countermand.marketplace.models import Marketplace

    found = Marketplace.objects.filter(code=code).first()
    if found is None:
        raise click.ClickException(f"no marketplace {code!r}")
    return found


def _did(act: Any) -> Any:
    from countermand.refusals import Refusal

    try:
        return act()
    except Refusal as refusal:
        raise click.ClickException(refusal.detail) from refusal
