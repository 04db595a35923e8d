"""Verbs on a merchant's team. Each takes the merchant's row first, so that changes of a team come one by one.

Without that, two owners who remove each other at the same moment would leave a shop that nobody can lead.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from countermand import sql
from countermand.events.following import follow
from countermand.events.ping import ping
from countermand.merchants.history import tell
from countermand.merchants.invitations import LASTS_DAYS, digest_of, key_of
from countermand.merchants.models import Invitation, Member, Merchant, User
from countermand.merchants.roles import ROLES
from countermand.refusals import Refusal


@sql.verb
def invite(
    *,
    merchant_id: int,
    email: str,
    role: str,
    first_name: str = "",
    acting: int | None = None,
    by: str,
    at: datetime,
) -> Invitation:
    """This will offer somebody a place by e-mail; `acting` is the id of the member who does it.

    Refuses `unknown_role`, `already_member`, `already_invited`, `in_practice`, `forbidden`.
    """
    _locked(merchant_id, acting)
    _check_role(role)
    address = email.strip().lower()
    if Member.objects.filter(merchant_id=merchant_id, user__email=address).exists():
        raise Refusal("already_member", "this address has a place already", field="email")
    if _open(merchant_id).filter(email=address).exists():
        raise Refusal("already_invited", "an invitation is open for this address", field="email")
    made = Invitation(
        merchant_id=merchant_id,
        email=address,
        first_name=first_name.strip(),
        role=role,
        by=by,
        created_at=at,
        expires_at=at + timedelta(days=LASTS_DAYS),
    )
    made.digest = digest_of(key_of(made))
    made.save(force_insert=True)
    tell("member.invited", merchant_id=merchant_id, by=by, at=at, about=("invitation", made.id), role=role)
    follow("member.invited", invitation=made, at=at)
    ping()
    return made


@sql.verb
def invite_again(
    *, merchant_id: int, invitation_id: UUID, acting: int | None = None, by: str, at: datetime
) -> Invitation:
    """This will send a new link and end the one before. Refuses `not_found`, `already_answered`."""
    _locked(merchant_id, acting)
    found = _one(merchant_id, invitation_id)
    found.sent += 1
    found.expires_at = at + timedelta(days=LASTS_DAYS)
    found.digest = digest_of(key_of(found))
    found.save(update_fields=["sent", "expires_at", "digest"])
    tell("member.invited", merchant_id=merchant_id, by=by, at=at, about=("invitation", found.id), again=True)
    follow("member.invited", invitation=found, at=at)
    ping()
    return found


@sql.verb
def withdraw_invitation(
    *, merchant_id: int, invitation_id: UUID, acting: int | None = None, by: str, at: datetime
) -> None:
    """This will end an invitation that nobody took up. Refuses `not_found`, `already_answered`."""
    _locked(merchant_id, acting)
    found = _one(merchant_id, invitation_id)
    found.withdrawn_at = at
    found.save(update_fields=["withdrawn_at"])
    about = ("invitation", found.id)
    tell("invitation.withdrawn", merchant_id=merchant_id, by=by, at=at, about=about)


@sql.verb
def take_up(*, key: str, user: User | None, password: str, first_name: str, at: datetime) -> Member:
    """This will give the invited person their place; the link serves once.

    Whoever has an account already must be signed in with it (`user`); for others the account is made.
    Refuses `not_found` for a link that is unknown, used, withdrawn or too old, and `sign_in_first`.
    """
    seen = Invitation.across_merchants.filter(digest=digest_of(key)).first()
    if seen is None:
        raise Refusal("not_found", "no such invitation")
    language = Merchant.objects.select_for_update(no_key=True).get(id=seen.merchant_id).language
    found = _open(seen.merchant_id).filter(id=seen.id, digest=digest_of(key), expires_at__gt=at).first()
    if found is None:
        raise Refusal("not_found", "this invitation is over")
    person = User.objects.filter(email=found.email).first()
    if person is not None and (user is None or user.pk != person.pk):
        raise Refusal("sign_in_first", "this address has an account: sign in with it first")
    if person is None:
        fresh = User(email=found.email, first_name=first_name or found.first_name, language=language)
        fresh.set_password(password)
        # Invited by two shops at once: the account is made by whoever comes first, and its password stays.
        User.objects.bulk_create([fresh], ignore_conflicts=True)
        person = User.objects.get(email=found.email)
        if person.password != fresh.password:
            raise Refusal("sign_in_first", "this address has an account: sign in with it first")
    place, _made = Member.objects.get_or_create(
        merchant_id=found.merchant_id, user=person, defaults={"role": found.role}
    )
    found.accepted_at = at
    found.save(update_fields=["accepted_at"])
    tell(
        "member.joined",
        merchant_id=found.merchant_id,
        by=person.email,
        at=at,
        about=("invitation", found.id),
        member=place.id,
        role=place.role,
    )
    return place


@sql.verb
def change_role(
    *, merchant_id: int, member_id: int, role: str, acting: int | None = None, by: str, at: datetime
) -> None:
    """This will give a member another role. Refuses `not_found`, `unknown_role`, `last_owner`."""
    _locked(merchant_id, acting)
    member = _member(merchant_id, member_id)
    _check_role(role)
    if member.role == role:
        return
    if role != "owner":
        _keep_an_owner(merchant_id, without=member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    Member.objects.filter(merchant__practice_of=merchant_id, user_id=member.user_id).update(role=role)
    facts = {"member": member.id, "before": before, "role": role}
    tell("member.role_changed", merchant_id=merchant_id, by=by, at=at, about=("member", None), **facts)


@sql.verb
def remove_member(
    *, merchant_id: int, member_id: int, acting: int | None = None, by: str, at: datetime
) -> None:
    """This will end a member's place: from the next click on nothing opens. Refuses `not_found`, `last_owner`."""
    _locked(merchant_id, acting)
    member = _member(merchant_id, member_id)
    _keep_an_owner(merchant_id, without=member)
    facts = {"member": member.id, "role": member.role}
    Member.objects.filter(merchant__practice_of=merchant_id, user_id=member.user_id).delete()
    member.delete()
    tell("member.removed", merchant_id=merchant_id, by=by, at=at, about=("member", None), **facts)


def open_invitations(*, merchant_id: int) -> list[Invitation]:
    """This will list the invitations that nobody has taken up, newest first."""
    return list(_open(merchant_id).order_by("-created_at", "-id"))


def invitation_of(*, key: str, at: datetime) -> Invitation | None:
    """This will find the invitation that a link stands for, while it may be taken up."""
    found = Invitation.across_merchants.filter(
        digest=digest_of(key), accepted_at=None, withdrawn_at=None, expires_at__gt=at
    )
    return found.select_related("merchant").first()


def _locked(merchant_id: int, acting: int | None) -> Merchant:
    """One change of a team at a time; who was removed while they clicked may do nothing more."""
    merchant = Merchant.objects.select_for_update(no_key=True).get(id=merchant_id)
    if merchant.practice_of_id is not None:
        raise Refusal("in_practice", "the team is set in the real shop")
    owners = Member.objects.filter(merchant_id=merchant_id, role="owner")
    if acting is not None and not owners.filter(id=acting).exists():
        raise Refusal("forbidden", "only an owner changes the team")
    return merchant


def _open(merchant_id: int) -> "QuerySet[Invitation]":
    return Invitation.of(merchant_id).filter(accepted_at=None, withdrawn_at=None)


def _one(merchant_id: int, invitation_id: UUID) -> Invitation:
    found = Invitation.of(merchant_id).filter(id=invitation_id).first()
    if found is None:
        raise Refusal("not_found", "no such invitation")
    if found.accepted_at or found.withdrawn_at:
        raise Refusal("already_answered", "this invitation is over")
    return found


def _member(merchant_id: int, member_id: int) -> Member:
    found = Member.objects.filter(merchant_id=merchant_id, id=member_id).select_related("user").first()
    if found is None:
        raise Refusal("not_found", "no such member")
    return found


def _keep_an_owner(merchant_id: int, *, without: Member) -> None:
    others = Member.objects.filter(merchant_id=merchant_id, role="owner").exclude(id=without.id)
    if without.role == "owner" and not others.exists():
        raise Refusal("last_owner", "a shop keeps one owner at least")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Refusal("unknown_role", f"roles are {', '.join(ROLES)}", field="role")
