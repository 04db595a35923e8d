"""A run over the scene's order, brought to where each verb of it has something to do."""

from datetime import UTC, datetime

from countermand.bulk import jobs
from countermand.bulk.actions import choose_orders, judge_run, leave_out, start_run, stop_run
from countermand.bulk.choices import Choices
from countermand.bulk.models import BulkRow, BulkRun
from countermand.merchants.models import Member
from countermand.saved_views.actions import forget_view, save_view
from tests.races.scene import Scene

CHOICES = Choices(reason="supplier", skip_reason="usine fermée, clients prévenus par lettre", undo_seconds=0)


def choose_bulk(scene: Scene) -> BulkRun:
    """This will choose the scene's order and look at what would follow."""
    run = choose_orders(
        merchant_id=scene.merchant_id,
        orders=[(scene.order_id, None)],
        by="race",
        role="owner",
        at=datetime.now(UTC),
    )
    return judge_run(
        merchant_id=scene.merchant_id, run_id=run.id, choices=CHOICES, role="owner", at=datetime.now(UTC)
    )


def leave_bulk_out(scene: Scene) -> None:
    """This will leave the order out and take it in again."""
    run = choose_bulk(scene)
    rows = [row.id for row in BulkRow.of(scene.merchant_id).filter(run=run)]
    for out in (True, False):
        leave_out(merchant_id=scene.merchant_id, run_id=run.id, row_ids=rows, out=out)


def begin_bulk(scene: Scene) -> BulkRun:
    """This will begin a run."""
    run = choose_bulk(scene)
    return start_run(
        merchant_id=scene.merchant_id, run_id=run.id, by="race", role="owner", at=datetime.now(UTC)
    )


def stop_bulk(scene: Scene) -> None:
    """This will begin a run and stop it."""
    run = begin_bulk(scene)
    stop_run(merchant_id=scene.merchant_id, run_id=run.id, by="race", at=datetime.now(UTC))


def run_bulk(scene: Scene) -> None:
    """This will begin a run and carry it out, as the worker does."""
    begin_bulk(scene)
    jobs.drain(at=datetime.now(UTC))


def keep_a_view(scene: Scene) -> None:
    """This will keep a view for all and let it go."""
    place = Member.objects.filter(merchant_id=scene.merchant_id).first() or Member(
        merchant_id=scene.merchant_id
    )
    view = save_view(
        member=place,
        name=f"V{scene.order_id}"[:40],
        q="risk:high",
        shared=True,
        by="race",
        at=datetime.now(UTC),
    )
    forget_view(member=place, view_id=view.id, may_share=True)
