"""What `up` does in Django before it opens its doors, in a process of its own: `up` itself stays small.

Prints one line of JSON: the demo's sign-in, or null.
"""

import json
import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click

from countermand.cli.away import told

DEMO = "countermand.demo"


def prepare(*, demo: bool) -> dict[str, str] | None:
    """This will bring the database up to date and make the demo shop, or else an empty merchant.

    Gives the demo's e-mail and password.
    """
    from countermand.cli import schema

    schema.bring_up_to_date(say=_say)
    if not demo:
        _ensure_main()
        return None
    ensure = getattr(import_module(DEMO), "ensure", None) if find_spec(DEMO) else None
    if ensure is None:
        return None
    _tell_of_the_first_time()
    sign_in = ensure()
    return {"email": str(sign_in["email"]), "password": str(sign_in["password"])}


def _tell_of_the_first_time() -> None:
    from countermand.merchants.models import Merchant

    if not Merchant.objects.exists():
        _say("Filling the demo shop with 300 orders (once; half a minute) …")


def _ensure_main() -> None:
    from countermand.merchants.actions import add_merchant
    from countermand.merchants.models import Merchant

    if not Merchant.objects.exists():
        add_merchant(code="main", name="Main")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    try:
        with told(database_url=os.environ["DATABASE_URL"]):
            print(json.dumps(prepare(demo="--demo" in sys.argv)))
    except click.ClickException as away:
        away.show()
        sys.exit(away.exit_code)
