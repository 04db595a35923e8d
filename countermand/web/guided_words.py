"""The sentences of the guided cancellation: the line to which each step folds, and what an alternative costs."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext, ngettext

from countermand.orders.facts import LineFacts
from countermand.procedure.rules import Step, Taken
from countermand.stock.rules import Alternative
from countermand.web import readable, words
from countermand.web.access import Desk


def contact_result(step: Step, desk: Desk, at: datetime) -> str:
    """This will write the one line to which step one folds: what was said, by whom, when."""
    if step.at is None:
        return ""
    who = {"who": desk.name_of(step.by), "at": readable.moment(step.at, at)}
    if step.spoken is None:
        return gettext("Passé par %(who)s, %(at)s : %(why)s") % {**who, "why": step.reason}
    said = step.spoken
    about = {
        **who,
        "means": words.MEANS.get(said.by_means, said.by_means),
        "outcome": words.OUTCOME.get(said.outcome, said.outcome),
    }
    text = gettext("Client joint %(means)s par %(who)s, %(at)s : %(outcome)s") % about
    if said.outcome == "no_answer":
        text = gettext("Appelé %(means)s par %(who)s, %(at)s : %(outcome)s") % about
    if said.call_again_at:
        again = readable.moment(said.call_again_at, at)
        text += (
            gettext(", jusqu'au %(again)s")
            if said.outcome == "will_wait"
            else gettext(", à rappeler %(again)s")
        ) % {"again": again}
    return text


def stock_result(
    step: Step, desk: Desk, at: datetime, titles: Mapping[str, str], *, chosen: bool = True
) -> str:
    """This will write the one line to which step two folds; `chosen`: whether an article is called off at all."""
    if not chosen:
        return gettext("Choisissez d'abord ce qui est annulé.")
    said = [f"{titles.get(taken.sku, taken.sku)} : {deed_words(taken)}" for taken in step.taken]
    if step.at is None:
        nothing = "" if step.is_open else gettext("Rien à régler : aucun stock n'est suivi ici.")
        return " · ".join(said) or nothing
    who = {"who": desk.name_of(step.by), "at": readable.moment(step.at, at)}
    if step.state == "skipped":
        said.append(gettext("passé : %(why)s") % {"why": step.reason})
    return gettext("%(what)s (%(who)s, %(at)s)") % {**who, "what": " · ".join(said)}


def deed_words(taken: Taken) -> str:
    """This will say what was done to the stock of an article."""
    if taken.deed == "shortage" and taken.until:
        return gettext("indisponible jusqu'au %(on)s") % {"on": readable.day(taken.until)}
    if taken.deed == "ticket":
        return gettext("demandé au support")
    if taken.deed == "zero":
        return gettext("stock à zéro")
    units = taken.figure or 0
    return ngettext("%(n)s compté", "%(n)s comptés", units) % {"n": readable.number(units)}


def prices(near: Sequence[Alternative], line: LineFacts, currency: str) -> dict[str, str]:
    """This will say what each alternative costs beside the unit that was ordered: "12,30 € · +2,00 €"."""
    each = line.total // line.quantity
    said = {}
    for alternative in near:
        article = alternative.article
        if article.price_minor is None or article.currency != currency:
            said[article.sku] = gettext("sans prix")
            continue
        more = article.price_minor - each
        price = readable.money(article.price_minor, currency)
        sign = "+" if more > 0 else readable.MINUS
        beside = f"{sign}{readable.money(abs(more), currency)}" if more else gettext("même prix")
        said[article.sku] = f"{price} · {beside}"
    return said
