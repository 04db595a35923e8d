"""`countermand inbound-mail < message`: what a mail server hands a buyer's answer to, as a pipe or from a maildir.

Its exit codes are those that mail servers know (sysexits): 0 taken or rightly left, 65 no mail, 67 nobody here,
75 try again later.
"""

import sys

import click

from countermand.cli.instance import with_instance

NO_MAIL, NOBODY, LATER = 65, 67, 75
CODES = {"unknown_address": NOBODY, "not_a_mail": NO_MAIL, "mail_too_large": NO_MAIL}


@click.command("inbound-mail")
@click.option("--recipient", default="", help="The address that the mail server took it for.")
@with_instance
def inbound_mail(*, recipient: str) -> None:
    """Take one mail from stdin into the thread of the order that its address names."""
    from datetime import UTC, datetime

    from django.db import OperationalError

    from countermand.refusals import Refusal
    from countermand.threads.inbound import arrive
    from countermand.threads.reading import MOST_BYTES

    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        came = arrive(raw=raw, recipient=recipient.strip(), at=datetime.now(UTC))
    except Refusal as refusal:
        # No word of the mail: mail servers keep what they are told.
        click.echo(refusal.code, err=True)
        sys.exit(CODES.get(refusal.code, NO_MAIL))
    except OperationalError:
        click.echo("the database does not answer", err=True)
        sys.exit(LATER)
    if came.ignored:
        click.echo(f"left: {came.ignored}")
