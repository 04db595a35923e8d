"""The guided cancellation as its page shows it: three steps, each done, passed over or open, and what each needs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from countermand.offers.models import Offer
from countermand.offers.working_out import difference
from countermand.orders.facts import LineFacts
from countermand.payments.facts import Ledger
from countermand.procedure import rules
from countermand.procedure.queries import Offered, Progress
from countermand.procedure.rules import Step, Taken
from countermand.stock import queries as stock
from countermand.stock.models import Item
from countermand.stock.rules import Alternative, day_of, is_unavailable
from countermand.web import guided_words
from countermand.web.access import Desk
from countermand.web.forms.cancel import CancelForm
from countermand.web.forms.offers import AnswerForm, OfferForm, PaidForm
from countermand.web.forms.steps import ArticleForm, SkipForm, SpokenForm

# An order of more lines than this opens with nothing chosen: who wants one of forty clears no thirty-nine.
FEW_LINES = 6
ARTICLES_SHOWN = 12
ALTERNATIVES_SHOWN = 4


@dataclass(frozen=True)
class Row:
    """One article of step two: how its stock stands, who keeps it, and what was done to it."""

    line: LineFacts
    item: Item
    form: ArticleForm
    taken: Taken | None
    off_until: date | None
    automatic: bool


@dataclass(frozen=True)
class Swap:
    """An accepted alternative, and what its exchange comes to in minor units."""

    offer: Offered
    costs: int
    worth: int
    back: int
    missing: int
    own: bool  # the money is the merchant's to move; else the platform's


@dataclass
class Guide:
    """The steps of one order's cancellation, as read for this page."""

    progress: Progress
    contact: Step
    stock: Step
    rows: list[Row]
    more: int  # articles that are not shown, beyond `ARTICLES_SHOWN`
    alternatives: list[Alternative]
    asked: tuple[str, ...]
    waiting: list[Offered]  # offered, and not answered yet
    swaps: list["Swap"]  # accepted: step three is the exchange

    @property
    def next(self) -> str:
        return rules.next_step(contact=self.contact, stock=self.stock)


def asked_lines(
    given: Sequence[str], open_lines: Sequence[LineFacts], *, short: Collection[str] = ()
) -> tuple[str, ...]:
    """This will read which lines the page was opened for: those named, "tout", "rien", "courts", or what is usual.

    A short order opens whole, a long one with nothing chosen (EM-11).
    """
    known = [line.reference for line in open_lines]
    if "courts" in given and "courts" not in known:
        return tuple(line.reference for line in open_lines if line.sku in short)
    if "tout" in given and "tout" not in known:
        return tuple(known)
    if "rien" in given and "rien" not in known:
        return ()
    named = tuple(reference for reference in known if reference in given)
    if named:
        return named
    return tuple(known) if len(known) <= FEW_LINES else ()


def asked_units(given: Sequence[str], open_lines: Sequence[LineFacts]) -> dict[int, int]:
    """This will read how many units of a line were chosen when a step was saved: "2:1" is one unit of line 2."""
    said = dict(each.split(":", 1) for each in given if ":" in each)
    typed = {line.position: (said.get(str(line.position), ""), line.open) for line in open_lines}
    return {
        at: min(int(n), most)
        for at, (n, most) in typed.items()
        if n.isascii() and n.isdigit() and len(n) < 10
    }


def guide(
    desk: Desk,
    ledger: Ledger,
    *,
    found: Progress,
    chosen: Collection[str],
    at: datetime,
    article_form: ArticleForm | None = None,
) -> Guide:
    """This will read what the steps of a procedure need. Two statements at most."""
    lines = [line for line in ledger.lines if line.open and line.reference in chosen]
    contact = rules.contact_step(found.spoken, found.taken, since=found.since)
    stock_step = stock_of(found, lines)
    today = day_of(at, timezone=desk.merchant.timezone)
    items = stock.items_named(merchant_id=desk.merchant_id, skus={line.sku for line in lines})
    deeds = {taken.sku: taken for taken in stock_step.taken}
    tracked = list({line.sku: line for line in lines if line.tracked}.values())
    rows = [
        Row(
            line=line,
            item=items[line.sku],
            form=_article_form(line, article_form),
            taken=deeds.get(line.sku),
            off_until=items[line.sku].unavailable_until
            if is_unavailable(items[line.sku].unavailable_until, today=today)
            else None,
            automatic=rules.keeper(items[line.sku].stock_kept_by, desk.merchant.stock_kept_by) == "automatic",
        )
        for line in tracked[:ARTICLES_SHOWN]
        if line.sku in items
    ]
    # Proposed where one article is in question; for several, each has its page of ideas (EM-3, EM-13).
    alone = items.get(lines[0].sku) if len(lines) == 1 else None
    asked = {line.reference for line in lines}
    busy = {offer.line for offer in found.offers if offer.state in ("offered", "accepted")}
    wanted = alone if alone and not asked & busy else None
    near = stock.alternatives_to(wanted=wanted, day=today)[:ALTERNATIVES_SHOWN] if wanted else []
    return Guide(
        progress=found,
        contact=contact,
        stock=stock_step,
        rows=rows,
        more=max(0, len(tracked) - ARTICLES_SHOWN),
        alternatives=near,
        asked=tuple(line.reference for line in lines),
        waiting=found.offer_on("offered"),
        swaps=[_swap(desk, ledger, offer, at) for offer in found.offer_on("accepted")],
    )


def alternatives_for(desk: Desk, line: LineFacts, *, at: datetime) -> list[Alternative]:
    """This will list what the page proposes instead of a line's article."""
    item = stock.item(merchant_id=desk.merchant_id, sku=line.sku)
    day = day_of(at, timezone=desk.merchant.timezone)
    return stock.alternatives_to(wanted=item, day=day)[:ALTERNATIVES_SHOWN]


def _swap(desk: Desk, ledger: Ledger, offer: Offered, at: datetime) -> Swap:
    found = Offer.of(desk.merchant_id).select_related("order__channel").get(id=offer.id)
    made = difference(found, ledger, at=at)
    own = ledger.terms.refunds_by == "merchant"
    # What was missing when the buyer accepted was promised; it is asked for as it was said.
    return Swap(offer, made.costs, made.worth, made.back, offer.missing_minor, own)


def stock_of(found: Progress, lines: Sequence[LineFacts]) -> Step:
    """This will say how step two stands for the lines that are called off."""
    skus = {line.sku for line in lines if line.tracked}
    return rules.stock_step(found.taken, since=found.since, skus=skus)


def _article_form(line: LineFacts, refused: ArticleForm | None) -> ArticleForm:
    if refused is not None and refused.data.get("sku") == line.sku:
        return refused
    return ArticleForm(initial={"sku": line.sku}, auto_id=f"id_{line.position}_%s")


def facts(
    desk: Desk,
    ledger: Ledger,
    *,
    found: Progress,
    chosen: Collection[str],
    at: datetime,
    forms: Mapping[str, Any],
) -> dict[str, Any]:
    """This will give the page's context for steps one and two; `forms`: those that were refused."""
    made = guide(desk, ledger, found=found, chosen=chosen, at=at, article_form=forms.get("article_form"))
    titles = {line.sku: line.title for line in ledger.lines}
    alone = next((line for line in ledger.lines if line.reference in made.asked), None)
    offering: dict[str, Any] = {}
    if made.alternatives and alone is not None:
        offering["offer_form"] = OfferForm(line=alone, near=made.alternatives)
        offering["offer_prices"] = guided_words.prices(made.alternatives, alone, ledger.order.currency)
    return {
        "guide": made,
        "contact_result": guided_words.contact_result(made.contact, desk, at),
        "stock_state": made.stock.state if made.asked else "waiting",
        "stock_result": guided_words.stock_result(made.stock, desk, at, titles, chosen=bool(made.asked)),
        "spoken_form": SpokenForm(),
        "contact_skip_form": SkipForm(prefix="contact_skip"),
        "stock_skip_form": SkipForm(prefix="stock_skip"),
        "answer_form": AnswerForm(),
        "swap_form": PaidForm(prefix="paid"),
        **offering,
        **{name: form for name, form in forms.items() if name != "article_form"},
    }


def prepare(form: CancelForm, found: Progress) -> None:
    """This will answer what the first two steps have answered: the reason, and units that are exchanged instead."""
    lines = form.open_lines
    contact = rules.contact_step(found.spoken, found.taken, since=found.since)
    step = stock_of(found, [line for line, _ in form.wanted()])
    form.fields["reason"].initial = rules.suggested_reason(contact, step)
    swapped = {offer.line: offer.quantity for offer in found.offer_on("accepted")}
    for line in lines:
        if line.reference in swapped and line.position not in form.said_units:
            field = form.fields[f"units-{line.position}"]
            field.initial = max(0, int(field.initial or 0) - swapped[line.reference])


def still_open(
    found: Progress, *, lines: Sequence[LineFacts], reason: str, initiated_by: str
) -> tuple[str, ...]:
    """This will list the steps that stand between these lines and their cancel (EM-11)."""
    return rules.still_open(
        contact=rules.contact_step(found.spoken, found.taken, since=found.since),
        stock=stock_of(found, lines),
        reason=reason,
        initiated_by=initiated_by,
    )
