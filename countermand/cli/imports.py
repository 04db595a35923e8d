"""`countermand import`: loads orders and items from files."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermand.cli.file_rows import Rows, finish, progress, readable, written_by
from countermand.cli.instance import with_instance
from countermand.cli.merchant_option import chosen_merchant, merchant_option
from countermand.cli.outputs import ended_in_order, try_outputs

if TYPE_CHECKING:
    from countermand.files.importing import Imported

RESULT_COLUMNS = ("row", "name", "state", "code", "field", "detail")


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """This will give a command its FILE and what every import takes."""
    for add in (
        merchant_option,
        click.option(
            "--result", type=click.Path(path_type=Path, dir_okay=False), help="What became of each, CSV."
        ),
        click.option("--dry-run", is_flag=True, help="Say what would happen, keep nothing."),
        click.argument("path", metavar="FILE", type=click.Path(path_type=Path)),
    ):
        function = add(function)
    return function


@click.group("import")
def import_() -> None:
    """Load files; exit 0 all done, 3 some rows refused, 1 unreadable."""


@import_.command()
@file_options
@click.option("--channel", default="", help="Channel of orders that name none.")
@with_instance
def orders(*, path: Path, channel: str, dry_run: bool, result: Path | None, merchant: str | None) -> None:
    """Load orders: CSV with a row for each line, or JSON lines. The same order again is harmless."""
    from countermand.files.import_orders import import_orders
    from countermand.files.order_rows import open_orders

    found = chosen_merchant(code=merchant)
    with ended_in_order(), readable(path=path):
        file = open_orders(path=path, channel=channel)
        try_outputs(source=path, outputs={"--result": result})
        rows = Rows(_what("orders", dry_run), file.row_count)
        given: dict[str, Any] = {"by": written_by(path=path), "at": datetime.now(UTC), "dry_run": dry_run}
        _report(rows, import_orders(merchant_id=found.id, orders=file, **given), result)
    finish(rows)


@import_.command()
@file_options
@click.option("--channel", hidden=True, help="Items belong to no channel.")
@with_instance
def items(
    *, path: Path, dry_run: bool, result: Path | None, merchant: str | None, channel: str | None
) -> None:
    """Load articles: CSV with a row for each, or JSON lines."""
    from countermand.files.import_items import import_items
    from countermand.files.item_rows import open_items

    found = chosen_merchant(code=merchant)
    with ended_in_order(), readable(path=path):
        file = open_items(path=path)
        try_outputs(source=path, outputs={"--result": result})
        rows = Rows(_what("items", dry_run), file.row_count)
        given: dict[str, Any] = {"by": written_by(path=path), "at": datetime.now(UTC), "dry_run": dry_run}
        _report(rows, import_items(merchant_id=found.id, items=file, **given), result)
    finish(rows)


@import_.command("online-retail")
@file_options
@click.option(
    "--channel", default="online-retail", show_default=True, help="Opened in test mode if it is not there."
)
@click.option(
    "--cancellations",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write its credits as a cancellation file.",
)
@with_instance
def online_retail(
    *,
    path: Path,
    channel: str,
    cancellations: Path | None,
    dry_run: bool,
    result: Path | None,
    merchant: str | None,
) -> None:
    """Load the Online Retail data: its invoices as orders, its articles with enough stock."""
    from countermand.files.import_online_retail import (
        import_retail_items,
        import_retail_orders,
        write_credits,
    )
    from countermand.files.online_retail import OrderSummary, open_online_retail

    found = chosen_merchant(code=merchant)
    with ended_in_order(), readable(path=path):
        source = open_online_retail(path=path)
        try_outputs(source=path, outputs={"--result": result, "--cancellations": cancellations})
        given: dict[str, Any] = {"by": written_by(path=path), "at": datetime.now(UTC), "dry_run": dry_run}
        articles = Rows(_what("items", dry_run), source.row_count)
        _report(articles, import_retail_items(merchant_id=found.id, source=source, **given), None)
        summary = OrderSummary()
        rows = Rows(_what("orders", dry_run), source.row_count)
        loaded = import_retail_orders(
            merchant_id=found.id, source=source, channel=channel, summary=summary, **given
        )
        _report(rows, loaded, result)
        click.echo(_told(summary))
        if cancellations is not None:
            credits = write_credits(source=source, channel=channel, path=cancellations)
            listed = ", ".join(f"{count:,} {why.replace('_', ' ')}" for why, count in credits.counts.items())
            click.echo(f"Credit lines: {listed}. {len(credits.parts):,} rows in {cancellations}")
    finish(articles, rows)


def _what(name: str, dry_run: bool) -> str:
    return f"Dry run, {name}" if dry_run else name.capitalize()


def _told(summary: Any) -> str:
    left_out = ", ".join(f"{count:,} {code}" for code, count in sorted(summary.left_out.items()))
    return (
        f"Lines: {summary.order_lines:,} of orders, {summary.carriage_lines:,} carriage, "
        f"{summary.discount_lines:,} discount, {summary.credit_lines:,} credit, "
        f"{summary.write_off_lines:,} write-offs; left out: {left_out or 'none'}."
    )


def _report(rows: Rows, imported: "Iterable[Imported]", result: Path | None) -> None:
    from contextlib import nullcontext

    from countermand.files.writing import csv_file

    writing = csv_file(path=result, columns=RESULT_COLUMNS) if result else nullcontext(None)
    done = 0
    with writing as write_row, progress(length=rows.total, label=rows.what) as bar:
        for one in imported:
            rows.count(state=one.state, row_number=one.row_number, code=one.code, detail=one.detail)
            # By rows of the file rather than orders: an order is done when its last row was read.
            bar.update(max(0, one.row_number - done))
            done = max(done, one.row_number)
            if write_row:
                write_row(
                    {
                        "row": one.row_number,
                        "name": one.name,
                        "state": one.state,
                        "code": one.code,
                        "field": one.field,
                        "detail": one.detail,
                    }
                )
