"""Who works for which marketplace: the one door of the operator's pages.

Every page below /operateur stands behind `operator_view`. It gives `request.station`, whose marketplace's id is what
views hand to queries and verbs. To whoever is no operator there is no such page (404), a merchant's owner too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import render

from countermand.marketplace.models import Marketplace, Operator
from countermand.marketplace.queries import operators_of, waiting
from countermand.marketplace.states import ROLES
from countermand.refusals import Refusal
from countermand.web import actors, menu, till

CHOSEN = "marketplace"  # in the session: which of several the reader works for now
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Station:
    """An operator at work. `colleagues` are all who work at the same marketplace."""

    user: Any
    operator: Operator
    colleagues: list[Operator]
    others: list[Marketplace]

    @property
    def marketplace(self) -> Marketplace:
        return self.operator.marketplace

    @property
    def marketplace_id(self) -> int:
        return self.marketplace.id

    @property
    def sells(self) -> bool:
        """This will say whether the reader is a merchant's colleague too."""
        return bool(getattr(self.operator, "sells", False))

    @property
    def by(self) -> str:
        """This will name the person in the history."""
        return str(self.user.email)[:100]

    @property
    def leads(self) -> bool:
        """This will say whether the reader decides: suspensions, people, settings."""
        return self.allows("manager")

    def allows(self, role: str) -> bool:
        return ROLES.index(self.operator.role) >= ROLES.index(role)

    def name_of(self, by: str) -> str:
        """This will say a name of the history: first names for colleagues here."""
        return actors.said(by, {each.user.email: str(each.user) for each in self.colleagues})

    @property
    def who(self) -> dict[str, Any]:
        """This will give what every verb is told."""
        return {"marketplace_id": self.marketplace_id, "by": self.by, "at": datetime.now(UTC)}


def operator_view(role: str) -> Callable[[View], View]:
    """This will open a view to operators with `role`; nobody else learns that it is there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            station = station_of(request)
            if station is None:
                raise Http404("no such page")
            if till.needs_password(request, role, at_merchant=till.NOWHERE):
                raise ReauthenticationRequired
            request.station = station
            if not station.allows(role):
                return _forbidden(request)
            try:
                answer = view(request, *args, **kwargs)
            except Refusal as refusal:
                if refusal.status == 404:
                    raise Http404(refusal.detail) from refusal
                raise
            answer.headers.setdefault("Cache-Control", "private, no-cache")
            return answer

        guarded.operator = role  # type: ignore[attr-defined]
        return guarded

    return decorate


def station_of(request: Any) -> Station | None:
    """This will find the reader's marketplace: the one chosen in this session, else the first. One question."""
    found = operators_of(user_id=request.user.pk)
    mine = [each for each in found if each.user_id == request.user.pk]
    if not mine:
        return None
    chosen = request.session.get(CHOSEN)
    operator = next((each for each in mine if each.marketplace_id == chosen), mine[0])
    colleagues = [each for each in found if each.marketplace_id == operator.marketplace_id]
    return Station(request.user, operator, colleagues, [each.marketplace for each in mine])


def operator_page(request: Any, template: str, *, room: str, status: int = 200, **facts: Any) -> HttpResponse:
    """This will answer with a page of the operator; `room` is the line of the menu that is lit."""
    station: Station = request.station
    counts = waiting(marketplace_id=station.marketplace_id)
    around = {
        "station": station,
        "merchant": station.marketplace,  # whose name stands at the top
        "rooms": menu.OPERATOR,
        "room": room,
        "now": datetime.now(UTC),
        "menu_counts": {f"operator_{name}": count for name, count in counts.items()},
        "own_search": True,
    }
    return render(request, template, {**around, **facts}, status=status)


def _forbidden(request: Any) -> HttpResponse:
    station: Station = request.station
    leads = [str(each.user) for each in station.colleagues if each.role == "manager"]
    return operator_page(request, "web/operator/not_permitted.html", room="", status=403, people=leads)
