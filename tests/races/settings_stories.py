"""Changes of the settings as whole stories: each brings along what it changes, so that it can run on any scene."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from countermand.channels.actions import change_everywhere
from countermand.correspondence import letters, reasons, templates
from countermand.correspondence.rendering import Mail
from countermand.demo.practice import begin_anew, practise
from countermand.merchants import team, till
from countermand.merchants.actions import add_member
from countermand.merchants.company import change_company, write_public_text
from countermand.merchants.invitations import key_of
from countermand.merchants.models import Member, Merchant
from tests.races.scene import Scene

PASSWORD = "un long mot de passe"


def here(scene: Scene) -> dict[str, Any]:
    return {"merchant_id": scene.merchant_id, "by": "race", "at": datetime.now(UTC)}


def somebody(scene: Scene, role: str = "owner") -> Member:
    """This will give the shop one more member."""
    shop = Merchant.objects.get(id=scene.merchant_id)
    email = f"{uuid4()}@shop.example"
    add_member(merchant=shop, email=email, password=PASSWORD, role=role)
    return Member.objects.select_related("user", "merchant").get(merchant=shop, user__email=email)


def of_the_team(scene: Scene) -> None:
    """Somebody is invited, once more, comes, rises and goes; another invitation is withdrawn."""
    somebody(scene)
    first, second = (
        team.invite(email=f"{uuid4()}@shop.example", role="agent", **here(scene)) for _ in range(2)
    )
    again = team.invite_again(invitation_id=first.id, **here(scene))
    place = team.take_up(
        key=key_of(again), user=None, password=PASSWORD, first_name="Zoé", at=datetime.now(UTC)
    )
    team.withdraw_invitation(invitation_id=second.id, **here(scene))
    team.change_role(member_id=place.id, role="manager", **here(scene))
    team.remove_member(member_id=place.id, **here(scene))


def of_the_till(scene: Scene) -> None:
    """A member chooses a code, comes in on a browser, and takes it over."""
    member, at = somebody(scene, "agent"), datetime.now(UTC)
    till.set_till_code(member=member, code="4827", by="race", at=at)
    till.came_in(member=member, browser="comptoir", at=at)
    shop = scene.merchant_id
    till.take_over(merchant_id=shop, member_id=member.id, browser="comptoir", code="4827", at=at)


def of_the_words(scene: Scene) -> None:
    """The shop's name, its public page, a reason of its own and a mail of its own."""
    change_company(changes={"contact_name": str(uuid4())}, **here(scene))
    write_public_text(language="fr", text="Appelez-nous.", **here(scene))
    said = reasons.add_wording(reason="delay", label_fr=str(uuid4()), **here(scene))
    reasons.move_wording(wording_id=said.id, up=True, **here(scene))
    reasons.change_wording(wording_id=said.id, reason="delay", label_fr=str(uuid4()), **here(scene))
    text = {"kind": "refund", "language": "en"}
    templates.write_template(subject="{subject}", body="{refund}", **text, **here(scene))
    templates.drop_template(**text, **here(scene))


def of_the_channels(scene: Scene) -> None:
    """What holds everywhere is set, one way and back."""
    change_everywhere(overrides={"undo_seconds": 20}, **here(scene))
    change_everywhere(overrides={"undo_seconds": None}, **here(scene))


def of_the_letters(scene: Scene) -> None:
    """A colleague is written to, and the letter is carried."""
    at = datetime.now(UTC)
    mail = Mail("Essai", "Essai", "<p>Essai</p>")
    letters.write_letter(
        merchant_id=scene.merchant_id, kind="test", recipient="a@shop.example", mail=mail, at=at
    )
    letters.drain(at=at)


def of_practice(scene: Scene) -> None:
    """Somebody practises, and begins anew."""
    member = somebody(scene)
    practise(member=member, by="race", at=datetime.now(UTC))
    begin_anew(member=member, by="race", at=datetime.now(UTC))
