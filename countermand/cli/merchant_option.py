"""Which merchant a command works for: the one that was named, else the only one there is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from countermand.merchants.models import Merchant


def merchant_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """This will give a command the option `--merchant CODE`."""
    return click.option(
        "--merchant", metavar="CODE", help="Merchant's code (default: the only one there is)."
    )(function)


def chosen_merchant(*, code: str | None) -> "Merchant":
    """This will find the merchant that is meant.

    Raises: click.ClickException that names those there are.
    """
    from countermand.merchants.models import Merchant

    real = Merchant.objects.filter(practice_of=None)  # nobody means the twin on which staff practise
    merchants = {merchant.code: merchant for merchant in real.order_by("code")[:100]}
    names = ", ".join(merchants) or "none yet: `countermand merchant add CODE --name NAME`"
    if code is not None:
        if found := Merchant.objects.filter(code=code).first():
            return found
        raise click.ClickException(f"There is no merchant {code!r}. Merchants: {names}.")
    if len(merchants) != 1:
        raise click.ClickException(f"Name the merchant with --merchant. Merchants: {names}.")
    return next(iter(merchants.values()))
