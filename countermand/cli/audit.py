"""`countermand audit`: proves every balance, or says where it does not hold."""

import json

import click

from countermand.cli.instance import with_instance


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The whole report as JSON.")
@with_instance
def audit(*, as_json: bool) -> None:
    """Prove every balance; exit 1 with the list when one does not hold."""
    from countermand.overview.audit import report

    found = report()
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        raise SystemExit(0 if found["holds"] else 1)
    totals = found["totals"]
    for finding in found["findings"]:
        click.echo(f"WRONG  {finding['check']:<24} {finding['subject']}: {finding['detail']}")
    counts = ", ".join(f"{count:,} {name}" for name, count in totals.items() if name != "amounts")
    click.echo(f"{'All holds' if found['holds'] else 'Not all holds'}: {counts}.")
    for currency, sums in totals["amounts"].items():
        said = ", ".join(f"{name.replace('_', ' ')} {amount}" for name, amount in sums.items())
        click.echo(f"  {currency}: {said}")
    raise SystemExit(0 if found["holds"] else 1)
