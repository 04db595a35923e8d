"""The search of « Commandes »: what the address asks, as words, filters, chips and tabs.

Everything that is asked is one text in the end, the same that the API takes as `q` and a saved view keeps. The
address may hold it in pieces: `q` several times, the fields of the filter panel, and the name of a view.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand.overview.orders.asking import FILTERS, parted
from countermand.saved_views.models import SavedView
from countermand.web import readable, words
from countermand.web.states import SAYINGS

# Views of the house: name in the address -> its word and its search.
VIEWS: dict[str, tuple[Any, str]] = {
    "": (_("Toutes"), ""),
    "a-preparer": (_("À préparer"), "status:open,partially_shipped"),
    "a-accepter": (_("À accepter"), "status:awaiting_acceptance"),
    "a-rembourser": (_("À rembourser"), "owed:yes"),
    "annulees": (_("Annulées"), "status:cancelled"),
}
# The fields of the filter panel: name in the address -> the filter that it writes, and what stands before its value.
PANEL: dict[str, tuple[str, str]] = {
    "etat": ("status", ""),
    "canal": ("channel", ""),
    "motif": ("reason", ""),
    "paiement": ("payment", ""),
    "article": ("sku", ""),
    "depuis": ("placed", ">="),
    "jusqu": ("placed", "<="),
    "mini": ("total", ">="),
    "demande": ("request", ""),
    "argent": ("owed", ""),
    "risque": ("risk", ""),
}
LONGEST = 1_000
RISK = {"low": _("faible"), "medium": _("moyen"), "high": _("élevé")}

Filter = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as people read it, and the address without it."""

    text: str
    url: str


@dataclass(slots=True)
class Asked:
    """What an address asks. `words` as typed; `filters` in their order, each once."""

    words: list[str] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    view: str = ""

    @property
    def q(self) -> str:
        """This will write it as one text."""
        return " ".join([*self.words, *(f"{name}:{value}" for name, value in self.filters)])

    @property
    def text(self) -> str:
        """This will write the words alone, as they stand in the search box."""
        return " ".join(self.words)

    def without(self, gone: Filter) -> "Asked":
        """This will ask the same less one filter."""
        return Asked(self.words, [each for each in self.filters if each != gone])

    def panel(self) -> dict[str, str]:
        """This will say what stands in each field of the filter panel."""
        shown: dict[str, str] = {}
        for name, (filter_name, sign) in PANEL.items():
            values = [
                value for known, value in self.filters if known == filter_name and value.startswith(sign)
            ]
            if filter_name in ("placed", "total"):
                values = [value.removeprefix(sign) for value in values]
            if len(values) == 1 and (sign or values[0][:1] not in "<>="):
                shown[name] = values[0]
        return shown

    def beside(self) -> list[str]:
        """This will list the filters that no field of the panel shows: they travel along unseen, their chips show them."""
        shown = {(PANEL[name][0], PANEL[name][1] + value) for name, value in self.panel().items()}
        return [f"{name}:{value}" for name, value in self.filters if (name, value) not in shown]


def read(params: Any, views: Iterable[SavedView]) -> Asked:
    """This will read what an address asks (`request.GET`, or the same as a POST)."""
    asked = Asked(view=params.get("vue", ""))
    known = {str(view.id): view.q for view in views} | {name: q for name, (_word, q) in VIEWS.items()}
    texts = [*params.getlist("q"), known.get(asked.view, "")]
    typed, filters = parted(" ".join(texts)[:LONGEST])
    asked.words = typed
    for name, (filter_name, sign) in PANEL.items():
        if value := "".join(params.get(name, "").split()):
            filters.append((filter_name, sign + value))
    asked.filters = list(dict.fromkeys(filters))
    # A misspelt filter is a word in the box, to be put right there.
    wrong = [each for each in asked.filters if each[0] not in FILTERS]
    asked.filters = [each for each in asked.filters if each[0] in FILTERS]
    asked.words += [f"{name}:{value}" for name, value in wrong]
    return asked


def address(asked: Asked, *, name: str = "web:orders", **more: str) -> str:
    """This will write the address that asks this."""
    held = {"q": asked.q, **more}
    kept = {key: value for key, value in held.items() if value}
    return reverse(name) + (f"?{urlencode(kept)}" if kept else "")


def chips(asked: Asked, channels: Mapping[str, str]) -> list[Chip]:
    """This will say each filter as people read it, with the address that goes on without it."""
    return [
        Chip(_said(name, value, channels), address(asked.without((name, value))))
        for name, value in asked.filters
    ]


def tabs(asked: Asked, views: Sequence[SavedView]) -> list[dict[str, Any]]:
    """This will list the views as tabs; the one whose search this is, is lit."""
    here = _same(asked.words, asked.filters)
    found: list[dict[str, Any]] = []
    for name, (word, q) in VIEWS.items():
        found.append({"id": name, "label": str(word), "q": q, "saved": None})
    for view in views:
        found.append({"id": str(view.id), "label": view.name, "q": view.q, "saved": view})
    lit = [tab for tab in found if _same(*parted(tab["q"])) == here]
    chosen = next((tab for tab in lit if tab["id"] == asked.view), lit[0] if lit else None)
    for tab in found:
        tab |= {
            "current": tab is chosen,
            "count": None,
            "url": reverse("web:orders") + (f"?{urlencode({'vue': tab['id']})}" if tab["id"] else ""),
        }
    return found


def _same(typed: Iterable[str], filters: Iterable[Filter]) -> tuple[Any, ...]:
    return tuple(sorted(word.lower() for word in typed)), frozenset(filters)


def _said(name: str, value: str, channels: Mapping[str, str]) -> str:
    return SAID[name](value) if name in SAID else f"{_named(name)}{_values(name, value, channels)}"


def _named(name: str) -> str:
    named = {
        "status": gettext("État"),
        "payment": gettext("Paiement"),
        "channel": gettext("Canal"),
        "reason": gettext("Motif"),
        "sku": gettext("Article"),
        "number": gettext("Numéro"),
        "currency": gettext("Devise"),
        "risk": gettext("Risque"),
    }
    return gettext("%(name)s : ") % {"name": named[name]} if name in named else f"{name}:"


def _values(name: str, value: str, channels: Mapping[str, str]) -> str:
    tables: dict[str, Callable[[str], Any]] = {
        "status": lambda code: SAYINGS["order"][code].word if code in SAYINGS["order"] else code,
        "payment": lambda code: words.PAYMENT_STATUS.get(code, code),
        "reason": lambda code: words.REASON.get(code, code),
        "channel": lambda code: channels.get(code, code),
        "risk": lambda code: RISK.get(code, code),
    }
    say = tables.get(name, str)
    return gettext(" ou ").join(str(say(code)) for code in value.split(",") if code)


def _day(value: str) -> str:
    bare = value.lstrip("<>=")
    try:
        written = readable.day(date.fromisoformat(bare))
    except ValueError:
        written = bare
    kinds = {
        ">=": gettext("Passée depuis le %(on)s"),
        ">": gettext("Passée après le %(on)s"),
        "<=": gettext("Passée jusqu'au %(on)s"),
        "<": gettext("Passée avant le %(on)s"),
    }
    return kinds.get(value[: len(value) - len(bare)], gettext("Passée le %(on)s")) % {"on": written}


def _total(value: str) -> str:
    bare = value.lstrip("<>=")
    kinds = {
        ">=": gettext("Total : au moins %(amount)s"),
        ">": gettext("Total : plus de %(amount)s"),
        "<=": gettext("Total : au plus %(amount)s"),
        "<": gettext("Total : moins de %(amount)s"),
    }
    sign = value[: len(value) - len(bare)]
    return kinds.get(sign, gettext("Total : %(amount)s")) % {"amount": bare.replace(".", ",")}


def _yes(yes: Any, no: Any) -> Callable[[str], str]:
    return lambda value: str(yes if value in ("yes", "open") else no)


SAID: dict[str, Callable[[str], str]] = {
    "placed": _day,
    "total": _total,
    "owed": _yes(_("À rembourser"), _("Rien à rembourser")),
    "request": _yes(_("Avec une demande ouverte"), _("Sans demande ouverte")),
}


def state_choices() -> list[tuple[str, str]]:
    """This will list the states for the filter panel, what is to be prepared first."""
    both = "open,partially_shipped"
    each = [(code, capfirst(str(said.word))) for code, said in SAYINGS["order"].items()]
    return [(both, capfirst(_values("status", both, {}))), *each]


LABELS = {
    "etat": _("État"),
    "canal": _("Canal"),
    "motif": _("Motif d'annulation"),
    "paiement": _("Paiement"),
    "article": _("Référence d'article"),
    "depuis": _("Passée depuis le"),
    "jusqu": _("Passée jusqu'au"),
    "mini": _("Total d'au moins"),
    "demande": _("Demande du client"),
    "argent": _("Argent"),
    "risque": _("Risque de fraude"),
}
YES_NO: dict[str, list[tuple[str, Any]]] = {
    "demande": [("open", _("Ouverte")), ("none", _("Aucune"))],
    "argent": [("yes", _("À rembourser")), ("no", _("Rien à rembourser"))],
}
