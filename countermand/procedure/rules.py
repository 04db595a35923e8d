"""What of the procedure is done, what is open, and what is next. Pure.

Three steps: contact the customer, make the stock right, cancel. A step counts for one cancellation: what was
done before the last one that stands was done for that one.
Source: EM-1, EM-2, EM-11; the automatic mail is no contact.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from countermand.reasons import REASONS

CONTACT, STOCK = "contact", "stock"
# Outcomes that say when somebody is to speak with the buyer again.
WITH_A_DATE = ("will_wait", "no_answer")
KEEPERS = ("manual", "automatic")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Somebody spoke with the buyer, or tried to."""

    by_means: str
    outcome: str
    note: str
    call_again_at: datetime | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """What was done to the stock of one article, or that a step was passed over and why."""

    step: str
    state: str
    sku: str
    deed: str
    figure: int | None
    until: date | None
    leaves_short: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands: `done`, `skipped` or `open`; by whom and when, unless it is open."""

    state: str
    by: str = ""
    at: datetime | None = None
    spoken: Spoken | None = None
    taken: tuple[Taken, ...] = ()
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == "open"


def contact_step(spoken: Iterable[Spoken], taken: Iterable[Taken], *, since: datetime | None) -> Step:
    """This will say how the first step stands: the latest word counts, a contact or a skip."""
    said = [each for each in spoken if since is None or each.at > since]
    passed = [t for t in _of(taken, CONTACT, since) if t.state == "skipped"]
    last = max(said, key=lambda each: each.at, default=None)
    skip = max(passed, key=lambda each: each.at, default=None)
    if last is not None and (skip is None or last.at >= skip.at):
        return Step("done", last.by, last.at, spoken=last)
    if skip is not None:
        return Step("skipped", skip.by, skip.at, reason=skip.reason)
    return Step("open")


def stock_step(taken: Iterable[Taken], *, since: datetime | None, skus: Collection[str]) -> Step:
    """This will say how the second step stands for these articles: each dealt with, or the whole passed over.

    `skus`: the articles kept with stock of which units are called off; without any there is nothing to do.
    """
    mine = _of(taken, STOCK, since)
    deeds = {t.sku: t for t in sorted(mine, key=lambda t: t.at) if t.state == "done"}
    last = max(mine, key=lambda t: t.at, default=None)
    done = tuple(deeds.values())
    if last is not None and skus and set(skus) <= set(deeds):
        return Step("done", last.by, last.at, taken=done)
    skip = max((t for t in mine if t.state == "skipped"), key=lambda t: t.at, default=None)
    if skip is not None:
        return Step("skipped", skip.by, skip.at, taken=done, reason=skip.reason)
    return Step("open", taken=done) if skus else Step("done", taken=done)


def contact_exempt(*, reason: str, initiated_by: str) -> bool:
    """This will say whether nobody needs to be called: fraud, or what the buyer asked for (EM-11)."""
    if reason not in REASONS:
        return False
    wish = initiated_by == "buyer" or (not initiated_by and REASONS[reason].customer_wish)
    return wish or REASONS[reason].family == "fraud"


def still_open(*, contact: Step, stock: Step, reason: str, initiated_by: str) -> tuple[str, ...]:
    """This will list the steps that stand between the desk and the cancel, in their order."""
    exempt = contact_exempt(reason=reason, initiated_by=initiated_by)
    return (
        *((CONTACT,) if contact.is_open and not exempt else ()),
        *((STOCK,) if stock.is_open else ()),
    )


def next_step(*, contact: Step, stock: Step) -> str:
    """This will say which step the desk leads to now: contact, stock, then cancel."""
    if contact.is_open:
        return CONTACT
    return STOCK if stock.is_open else "cancel"


def suggested_reason(contact: Step, stock: Step) -> str:
    """This will propose the reason that what was done speaks for; "" where nothing does."""
    if any(t.deed in ("zero", "shortage", "ticket") for t in stock.taken):
        return "out_of_stock"
    return ""


def keeper(item: str, merchant: str) -> str:
    """This will say who keeps an article's stock: what its own row says, else the merchant's setting."""
    return item or merchant or "manual"


def _of(taken: Iterable[Taken], step: str, since: datetime | None) -> Sequence[Taken]:
    return [t for t in taken if t.step == step and (since is None or t.at > since)]
