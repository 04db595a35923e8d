"""Many orders called off in one go: choose, look at each plan, begin, and see what becomes of each (AZ-2)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.bulk import queries
from countermand.bulk.actions import choose_orders, judge_run, leave_out, start_run, stop_run
from countermand.bulk.choices import MOST_ORDERS
from countermand.bulk.models import BulkRun
from countermand.files.exporting import CSV, Exported, csv_stream
from countermand.overview.orders import order_ids
from countermand.refusals import Refusal
from countermand.web import bulk_pages, notices, order_search, refusal_words
from countermand.web.access import Desk, member_view
from countermand.web.forms.bulk import BulkForm, answers_of
from countermand.web.pages import page, part

MOST_LEFT = 200


@member_view("cancel")
@require_POST
def choose(request: Any) -> HttpResponse:
    """This will begin a run over the rows that were ticked, or over all orders of a search."""
    desk: Desk = request.desk
    q, sku = request.POST.get("q", ""), request.POST.get("sku", "")
    back = request.POST.get("back") or ""
    try:
        if request.POST.get("what") == "all":
            found = order_ids(merchant_id=desk.merchant_id, q=q, most=MOST_ORDERS + 1)
            orders: list[tuple[UUID, int | None]] = [(order_id, None) for order_id in found]
        else:
            orders = [_ticked(value) for value in request.POST.getlist("order")[: MOST_ORDERS + 1]]
        run = choose_orders(
            merchant_id=desk.merchant_id,
            orders=orders,
            sku=sku,
            found_by=q,
            by=desk.by,
            role=desk.role,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        notices.say(request, refusal_words.say(refusal), tone="attention")
        there = order_search.address(order_search.Asked(words=[q] if q else []))
        return redirect(reverse("web:item", kwargs={"sku": sku}) if sku and back == "item" else there)
    return redirect("web:bulk", run_id=run.id)


@member_view("cancel")
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: Any, run_id: UUID) -> HttpResponse:
    """This will ask once for all, show each order's plan, and then what becomes of each. POST looks at what would follow."""
    desk: Desk = request.desk
    found = queries.run(merchant_id=desk.merchant_id, run_id=run_id)
    if found.state not in ("draft", "judged"):
        return _page(request, "web/bulk/run.html", found)
    form = BulkForm(request.POST if request.method == "POST" else None, initial=answers_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            judge_run(
                merchant_id=desk.merchant_id,
                run_id=run_id,
                choices=form.choices(),
                role=desk.role,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("web:bulk", run_id=run_id)
    asking = found.state == "draft" or request.method == "POST" or "choix" in request.GET
    template = "web/bulk/ask.html" if asking else "web/bulk/plan.html"
    return _page(request, template, found, form=form, status=422 if form.errors else 200)


@member_view("cancel")
@require_POST
def leave(request: Any, run_id: UUID) -> HttpResponse:
    """This will leave orders out of a run that was shown, or take them in again."""
    desk: Desk = request.desk
    out = "leave" in request.POST
    rows = [_id(value) for value in request.POST.getlist("leave" if out else "take")[:MOST_LEFT]]
    try:
        leave_out(merchant_id=desk.merchant_id, run_id=run_id, row_ids=rows, out=out)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    after = request.POST.get("apres", "")
    there = reverse("web:bulk", kwargs={"run_id": run_id})
    return redirect(there + (f"?apres={after}" if after.isdigit() else "") + "#orders")


@member_view("cancel")
@require_POST
def start(request: Any, run_id: UUID) -> HttpResponse:
    """This will begin: from now on the worker calls off order after order, as it was shown."""
    desk: Desk = request.desk
    try:
        start_run(
            merchant_id=desk.merchant_id, run_id=run_id, by=desk.by, role=desk.role, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    return redirect("web:bulk", run_id=run_id)


@member_view("cancel")
@require_POST
def stop(request: Any, run_id: UUID) -> HttpResponse:
    """This will stop a run: what is done stays done."""
    desk: Desk = request.desk
    stopped = stop_run(merchant_id=desk.merchant_id, run_id=run_id, by=desk.by, at=datetime.now(UTC))
    if stopped.state == "stopped":
        notices.say(
            request, gettext("Arrêté : ce qui est fait reste fait, le reste n'a pas bougé."), tone="info"
        )
    return redirect("web:bulk", run_id=run_id)


@member_view("cancel")
@require_safe
def progress(request: Any, run_id: UUID) -> HttpResponse:
    """This will give the part of the page that moves while the worker is at it."""
    found = queries.run(merchant_id=request.desk.merchant_id, run_id=run_id)
    if not request.htmx:
        return redirect("web:bulk", run_id=run_id)
    return part(request, "web/bulk/progress.html", **bulk_pages.facts(request, found))


@member_view("cancel")
@require_safe
def runs(request: Any) -> HttpResponse:
    """This will list the runs that were begun, newest first."""
    found = queries.latest(merchant_id=request.desk.merchant_id)
    return page(request, "web/bulk/runs.html", room="orders", runs=found)


@member_view("cancel")
@require_safe
def result(request: Any, run_id: UUID) -> Any:
    """This will send what became of each order as CSV."""
    desk: Desk = request.desk
    found = queries.run(merchant_id=desk.merchant_id, run_id=run_id)
    columns = {name: str(heading) for name, heading in bulk_pages.COLUMNS.items()}
    answer = StreamingHttpResponse(
        csv_stream(columns=columns, rows=_results(desk.merchant_id, found)), content_type=CSV
    )
    answer["Content-Disposition"] = f'attachment; filename="annulations-{found.created_at:%Y-%m-%d-%H%M}.csv"'
    return answer


def _results(merchant_id: int, found: BulkRun) -> Iterator[dict[str, Exported]]:
    after = 0
    while rows := queries.rows(merchant_id=merchant_id, run_id=found.id, after=after, limit=500):
        yield from (bulk_pages.written(row) for row in rows)
        after = rows[-1]["position"]


def _page(request: Any, template: str, found: BulkRun, *, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, template, room="orders", status=status, **bulk_pages.facts(request, found), **more)


def _ticked(value: str) -> tuple[UUID, int | None]:
    """A row's box says the order and, from an article's page, how many units are short: "id" or "id:2"."""
    order, _, units = value.partition(":")
    return _id(order), int(units) if units.isdigit() and len(units) < 10 else None


def _id(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise Refusal("not_found", "no such order") from None
