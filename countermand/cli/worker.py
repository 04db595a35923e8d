"""`countermand worker`: one worker process, below `up` or on a machine of its own."""

from importlib import import_module
from pathlib import Path

import click

from countermand.cli.folder import data_option
from countermand.cli.instance import find, use


@click.command()
@data_option
def worker(*, data: Path | None) -> None:
    """Carry through what was decided: money, messages, channels, stock."""
    use(instance=find(data=data, start=False))
    import_module("countermand.worker.main").run()
