"""`countermand cancel`: runs an order cancellation file."""

from pathlib import Path

import click

from countermand.cli.file_rows import Rows, finish, progress, readable, written_by
from countermand.cli.instance import with_instance
from countermand.cli.merchant_option import chosen_merchant, merchant_option
from countermand.cli.outputs import ended_in_order, try_outputs


@click.command()
@click.option(
    "--file", "path", required=True, type=click.Path(path_type=Path), help="Cancellation file, CSV."
)
@click.option("--dry-run", is_flag=True, help="Say what would happen, do nothing.")
@click.option("--channel", default="", help="Channel of rows that name none.")
@click.option(
    "--result", type=click.Path(path_type=Path, dir_okay=False), help="Result file [default: FILE.result.csv]"
)
@merchant_option
@with_instance
def cancel(*, path: Path, dry_run: bool, channel: str, result: Path | None, merchant: str | None) -> None:
    """Run an order cancellation file; exit 0 all done, 3 some rows refused, 1 unreadable."""
    from datetime import UTC, datetime

    from countermand.channels.queries import channels
    from countermand.files.apply_cancellations import apply_cancellations
    from countermand.files.cancellation_rows import RESULT_COLUMNS, open_cancellations, result_row
    from countermand.files.writing import csv_file

    found = chosen_merchant(code=merchant)
    if channel and all(known.code != channel for known in channels(merchant_id=found.id)):
        raise click.ClickException(f"There is no channel {channel!r}.")
    with ended_in_order(), readable(path=path):
        file = open_cancellations(path=path, channel=channel)
        result = result or path.with_name(f"{path.name}.result.csv")  # only a file has a name to add to
        try_outputs(source=path, outputs={"--result": result})
        rows = Rows("Dry run, rows" if dry_run else "Rows", file.row_count)
        outcomes = apply_cancellations(
            merchant_id=found.id, file=file, by=written_by(path=path), at=datetime.now(UTC), dry_run=dry_run
        )
        with (
            csv_file(path=result, columns=RESULT_COLUMNS) as write_row,
            progress(length=file.row_count, label="Cancelling") as bar,
        ):
            for outcome in outcomes:
                write_row(
                    result_row(
                        raw=outcome.raw,
                        state=outcome.state,
                        code=outcome.code,
                        detail=outcome.detail,
                        cancellation=outcome.cancellation,
                        amount=outcome.amount,
                        currency=outcome.currency,
                    )
                )
                rows.count(
                    state=outcome.state,
                    row_number=outcome.row_number,
                    code=outcome.code,
                    detail=outcome.detail,
                )
                bar.update(1)
    click.echo(f"Result: {result}")
    finish(rows)
