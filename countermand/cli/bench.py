"""`countermand bench`: measures this machine on a throw-away database."""

import json
import os
from pathlib import Path

import click

from countermand import embedded
from countermand.bench import BENCHES, open_bench
from countermand.cli import tools
from countermand.cli.address import judge_address
from countermand.cli.folder import data_option

MOST_SCALE = 100


def _share(ctx: click.Context, param: click.Parameter, scale: float) -> float:
    # Written so that what is no number (nan) is refused too.
    if not 0 < scale <= MOST_SCALE:
        raise click.BadParameter(f"a number above 0, at most {MOST_SCALE}")
    return scale


@click.command(epilog=f"NAME is one of: {', '.join(BENCHES)}.")
@data_option
@click.argument("names", metavar="NAME...", nargs=-1, required=True, type=click.Choice(list(BENCHES)))
@click.option(
    "--scale",
    default=1.0,
    show_default=True,
    callback=_share,
    help="Share of the full work, to try it quickly.",
)
@click.option("--json", "as_json", is_flag=True, help="The figures as JSON, a line for each bench.")
def bench(*, data: Path | None, names: tuple[str, ...], scale: float, as_json: bool) -> None:
    """Measure work beside its limit, on a database of its own that is removed after.

    On the server of --data or DATABASE_URL where one is named, else on an embedded one made for it. Several
    benches share the database: figures to be compared come from one at a time.
    """
    from countermand.bench.ground import ground, settings
    from countermand.cli.instance import find, leave

    found = find(data=data) if data else None
    try:
        address = found.database_url if found else os.environ.get("DATABASE_URL")
        if address:
            # Also asks whether it answers, before anything is made.
            tools.server_version(database_url=judge_address(database_url=address))
        with ground(database_url=address) as here:
            for name in names:
                shown = settings(here=here)
                report = open_bench(name=name)(here, scale)
                report.name, report.scale, report.settings = name, scale, shown
                click.echo(
                    json.dumps(report.as_json(), ensure_ascii=False) if as_json else report.as_text() + "\n"
                )
    except (RuntimeError, embedded.EmbeddedError) as stopped:
        raise click.ClickException(str(stopped)) from stopped
    finally:
        if found is not None:
            leave(instance=found)
