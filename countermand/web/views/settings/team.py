"""« Équipe »: who works here and with which role; inviting, changing, removing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from countermand.correspondence.letters import about, way
from countermand.merchants import team as verbs
from countermand.merchants.invitations import link_of
from countermand.merchants.models import Invitation, Member
from countermand.merchants.roles import ROLES
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.forms.settings import InviteForm, RoleForm
from countermand.web.pages import page
from countermand.web.views.settings.asked import did, took, who


@member_view("read")
@require_safe
def team(request: Any) -> HttpResponse:
    """This will list who works here, and who is invited."""
    return _show(request)


@member_view("team")
@require_POST
def invite(request: Any) -> HttpResponse:
    """This will offer somebody a place by e-mail."""
    form = InviteForm(request.POST)
    acting = request.desk.member.id
    if took(form, lambda: verbs.invite(acting=acting, **form.cleaned_data, **who(request))):
        notices.say(request, gettext("Invitation en route."))
        return redirect("web:team")
    return _show(request, form=form, status=422)


@member_view("team")
@require_POST
def invite_again(request: Any, invitation_id: UUID) -> HttpResponse:
    """This will send a new link; the one before opens nothing any more."""
    ask = {"invitation_id": invitation_id, "acting": request.desk.member.id, **who(request)}
    did(request, lambda: verbs.invite_again(**ask), gettext("Nouveau lien en route ; l'ancien ne sert plus."))
    return redirect("web:team")


@member_view("team")
@require_POST
def withdraw(request: Any, invitation_id: UUID) -> HttpResponse:
    """This will end an invitation that nobody took up."""
    ask = {"invitation_id": invitation_id, "acting": request.desk.member.id, **who(request)}
    did(request, lambda: verbs.withdraw_invitation(**ask), gettext("Invitation retirée."))
    return redirect("web:team")


@member_view("team")
@require_POST
def role(request: Any, member_id: int) -> HttpResponse:
    """This will give a member another role."""
    wanted = request.POST.get("role", "")
    ask = {"member_id": member_id, "role": wanted, "acting": request.desk.member.id, **who(request)}
    did(request, lambda: verbs.change_role(**ask), gettext("Rôle changé : il vaut dès le prochain clic."))
    return redirect("web:team")


@member_view("team")
@require_POST
def remove(request: Any, member_id: int) -> HttpResponse:
    """This will end a member's place."""
    ask = {"member_id": member_id, "acting": request.desk.member.id, **who(request)}
    did(request, lambda: verbs.remove_member(**ask), gettext("Place retirée : plus rien ne s'ouvre."))
    return redirect("web:team")


def _show(request: Any, *, form: InviteForm | None = None, status: int = 200) -> HttpResponse:
    desk = request.desk
    leads = desk.allows("team") and not desk.practising
    places = [place for place in desk.places if place.merchant_id == desk.merchant_id]
    places.sort(key=lambda place: (-ROLES.index(place.role), str(place.user).casefold()))
    return page(
        request,
        "web/settings/team.html",
        room="settings",
        status=status,
        leads=leads,
        rows=[_row(place) for place in places],
        invitations=_invitations(request) if leads else [],
        form=form or InviteForm(),
    )


def _row(place: Member) -> dict[str, Any]:
    return {"place": place, "form": RoleForm(initial={"role": place.role}, auto_id=f"role-{place.id}-%s")}


def _invitations(request: Any) -> list[dict[str, Any]]:
    """Open invitations; where no mail could leave, the owner hands the link over."""
    desk = request.desk
    found = verbs.open_invitations(merchant_id=desk.merchant_id)
    letters = about(merchant_id=desk.merchant_id, kind="invitation", ids=[each.id for each in found])
    by_hand = way(desk.merchant) != "smtp"
    return [_invitation(each, letters.get(each.id), by_hand) for each in found]


def _invitation(invitation: Invitation, letter: Any, by_hand: bool) -> dict[str, Any]:
    return {
        "invitation": invitation,
        "state": letter.state if letter else "",
        "error": letter.error if letter else "",
        "link": link_of(invitation) if by_hand else "",
    }
