"""Who reads a page and for which merchant: the one place where a page's door is kept.

Every view of the back office stands behind `member_view`. It gives `request.desk`, whose merchant's id is
what views hand to queries and verbs; another merchant's row is `not_found` there, and a 404 here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import redirect_to_login
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from countermand.approvals.rules import Rule, of_rows
from countermand.marketplace.models import Operator
from countermand.merchants.models import Member, Merchant
from countermand.merchants.roles import PERMISSIONS, ROLES, allows
from countermand.refusals import Refusal
from countermand.web import actors, till

CHOSEN = "merchant"  # in the session: which of several merchants the reader works for now

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Desk:
    """A person at a merchant's desk. `places` are all memberships of all colleagues, read in one question."""

    user: Any
    member: Member
    places: list[Member]

    @property
    def merchant(self) -> Merchant:
        return self.member.merchant

    @property
    def merchant_id(self) -> int:
        return self.member.merchant_id

    @property
    def role(self) -> str:
        return self.member.role

    @property
    def by(self) -> str:
        """This will name the person in the history: an address says who, first names may be shared."""
        return str(self.user.email)[:100]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """This will give what needs a second person here (SH-12): read with the membership, at no question more."""
        return of_rows(self.merchant.approval_rules)

    def allows(self, permission: str) -> bool:
        return allows(self.role, permission)

    @property
    def may(self) -> dict[str, bool]:
        """This will say of every permission whether the reader has it: {% if desk.may.cancel %}."""
        return {permission: self.allows(permission) for permission in PERMISSIONS}

    @property
    def practising(self) -> bool:
        """This will say whether the reader practises: nothing leaves, nothing counts (SH-21)."""
        return self.merchant.practice_of_id is not None

    @property
    def mine(self) -> list[Member]:
        """This will list the reader's own places, practice left out."""
        own = (place for place in self.places if place.user_id == self.user.pk)
        return [place for place in own if place.merchant.practice_of_id is None]

    @property
    def operates(self) -> bool:
        """This will say whether the reader works for a marketplace too."""
        return bool(getattr(self.member, "operates", False))

    @property
    def merchants(self) -> list[Merchant]:
        """This will list the merchants that the reader may switch to."""
        return [place.merchant for place in self.mine]

    def who_may(self, permission: str) -> list[str]:
        """This will name the colleagues who may do what the reader may not."""
        return [
            str(place.user)
            for place in self.places
            if place.merchant_id == self.merchant_id and allows(place.role, permission)
        ]

    def name_of(self, by: str) -> str:
        """This will say a name of the history as colleagues do: first names for people of this shop."""
        return actors.said(by, {place.user.email: str(place.user) for place in self.places})


def member_view(permission: str) -> Callable[[View], View]:
    """This will open a view to members who have `permission`; others sign in first, or read who may."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated and getattr(request, "htmx", False):
                # The sign-in page must not land inside a card: the whole page is loaded anew.
                return HttpResponse(status=204, headers={"HX-Refresh": "true"})
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            desk = desk_of(request)
            if desk is None and Operator.objects.filter(user=request.user).exists():
                return redirect("web:operator")  # a marketplace's staff have pages of their own
            if desk is None:
                return render(request, "web/no_place.html", status=403)
            request.desk = desk
            if not desk.allows(permission):
                return forbidden(request, permission)
            if held := _held_back(desk):
                return render(request, held, {"desk": desk}, status=403)
            shop = desk.merchant.practice_of_id or desk.merchant_id
            if till.needs_password(request, permission, at_merchant=shop):
                raise ReauthenticationRequired  # allauth asks for the password and comes back here
            try:
                answer = view(request, *args, **kwargs)
            except Refusal as refusal:
                if refusal.status == 404:
                    raise Http404(refusal.detail) from refusal
                raise
            if answer.status_code == 405 and request.method == "GET":
                return redirect(_above(request.path_info))
            # A shared till: after signing out nothing of a customer is read from the browser's memory.
            answer.headers.setdefault("Cache-Control", "private, no-cache")
            till.note(request, answer, desk.mine)
            return answer

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def desk_of(request: Any) -> Desk | None:
    """This will find the reader's place: the merchant chosen in this session, else the first. One question."""
    places: list[Any] = list(
        Member.objects.filter(merchant__members__user=request.user)
        .select_related("merchant", "user")
        .annotate(operates=Exists(Operator.objects.filter(user=OuterRef("user"))))
        .order_by("merchant__name", "merchant_id", "id")
    )
    mine = [place for place in places if place.user_id == request.user.pk]
    if not mine:
        return None
    chosen = request.session.get(CHOSEN)
    real = next((place for place in mine if place.merchant.practice_of_id is None), mine[0])
    member = next((place for place in mine if place.merchant_id == chosen), real)
    return Desk(user=request.user, member=member, places=places)


def _above(path: str) -> str:
    """The page on which the form of an address stands that only takes what is sent: the nearest above it.

    A form that was refused is shown at its own address, and signing in again leads back there: who loads that
    address anew has sent nothing, and finds the form again.
    """
    while path.strip("/"):
        path = path.rstrip("/").rpartition("/")[0] or "/"
        try:
            resolve(path)
        except Resolver404:
            continue
        return path
    return "/"


def _held_back(desk: Desk) -> str:
    """The page that stands before all others where the shop asks for a second factor and the reader has none."""
    if desk.merchant.two_factor_required and not is_mfa_enabled(desk.user):
        return "web/second_factor.html"
    return ""


def forbidden(request: Any, permission: str) -> HttpResponse:
    """This will say that the reader's role may not do this, and who may."""
    desk: Desk = request.desk
    facts = {
        "desk": desk,
        "merchant": desk.merchant,
        "role": desk.role,
        "least": PERMISSIONS[permission],
        "people": desk.who_may(permission),
        "roles": ROLES,
    }
    return render(request, "web/not_permitted.html", facts, status=403)
