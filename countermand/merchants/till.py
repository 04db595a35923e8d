"""A till that several people share: who signed in there today takes over with a short code (SH-12).

The code opens nothing by itself: on that browser the member must have come in with the password within the day.
Five wrong codes lock it for a quarter of an hour, wherever they are typed.
"""

import re
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.hashers import check_password, make_password

from countermand import sql
from countermand.merchants.history import tell
from countermand.merchants.models import Member, TillCode, TillSignIn
from countermand.refusals import Refusal

DAY = timedelta(hours=14)  # one opening day, the longest shift inside
TRIES = 5
LOCK_MINUTES = 15
_CODE = re.compile(r"\d{4,8}", re.ASCII)
_RUNS = "01234567890 09876543210"


@sql.verb
def set_till_code(*, member: Member, code: str, by: str, at: datetime) -> None:
    """This will give a member a code of 4 to 8 digits; empty takes it away. Refuses `invalid_code`, `weak_code`."""
    if not code:
        TillCode.objects.filter(member=member).delete()
    else:
        if not _CODE.fullmatch(code):
            raise Refusal("invalid_till_code", "4 to 8 digits", field="code")
        if len(set(code)) == 1 or code in _RUNS:
            raise Refusal("weak_till_code", "too easy to guess", field="code")
        hashed = {"code": make_password(code), "failures": 0, "locked_until": None, "set_at": at}
        TillCode.objects.update_or_create(member=member, defaults=hashed)
    facts = {"member": member.id, "has": bool(code)}
    tell("member.till_code", merchant_id=member.merchant_id, by=by, at=at, about=("member", None), **facts)


@sql.verb
def came_in(*, member: Member, browser: str, at: datetime) -> None:
    """This will remember that a member signed in on a browser with the password."""
    TillSignIn.objects.update_or_create(member=member, browser=_digest(browser), defaults={"at": at})


def went_out(*, user_id: int, browser: str) -> None:
    """This will forget a person on a browser: who signs out takes the password to come in again."""
    TillSignIn.objects.filter(member__user_id=user_id, browser=_digest(browser)).delete()


def came_in_nowhere(*, user_id: int) -> None:
    """This will forget a person on every browser: a code is good for nobody whose password is another by now."""
    TillSignIn.objects.filter(member__user_id=user_id).delete()


def at_this_till(*, merchant_id: int, browser: str, at: datetime) -> list[Member]:
    """This will list who came in on a browser within the day and has a code, by name."""
    if not browser:
        return []
    here = TillSignIn.objects.filter(browser=_digest(browser), at__gt=at - DAY)
    found = Member.objects.filter(
        merchant_id=merchant_id, id__in=here.values("member_id"), user__is_active=True
    )
    return list(found.select_related("user", "till_code").order_by("user__first_name", "id"))


def take_over(*, merchant_id: int, member_id: int, browser: str, code: str, at: datetime) -> Member:
    """This will say who takes the till over, when the code is theirs.

    Refuses `not_at_this_till`, `no_till_code`, `till_locked`, `wrong_till_code`; what is wrong is counted.
    """
    answer = _judge(merchant_id=merchant_id, member_id=member_id, browser=browser, code=code, at=at)
    if isinstance(answer, Refusal):
        raise answer  # outside of the transaction: the count of wrong codes stays
    return answer


@sql.verb
def _judge(*, merchant_id: int, member_id: int, browser: str, code: str, at: datetime) -> Member | Refusal:
    # One try at a time: a hundred at once are still five.
    kept = TillCode.objects.select_for_update(no_key=True).filter(member_id=member_id).first()
    here = {member.id: member for member in at_this_till(merchant_id=merchant_id, browser=browser, at=at)}
    member = here.get(member_id)
    if member is None:
        return Refusal("not_at_this_till", "sign in with the password first", field="code")
    if kept is None:
        return Refusal("no_till_code", "no code was set", field="code")
    if kept.locked_until and kept.locked_until > at:
        return Refusal("till_locked", "too many wrong codes", field="code")
    if not check_password(code, kept.code):
        kept.failures += 1
        if kept.failures >= TRIES:
            kept.failures, kept.locked_until = 0, at + timedelta(minutes=LOCK_MINUTES)
        kept.save(update_fields=["failures", "locked_until"])
        return Refusal("wrong_till_code", "wrong code", field="code")
    if kept.failures:
        kept.failures = 0
        kept.save(update_fields=["failures"])
    facts = {"member": member.id}
    tell(
        "till.taken_over",
        merchant_id=merchant_id,
        by=member.user.email,
        at=at,
        about=("member", None),
        **facts,
    )
    return member


def _digest(browser: str) -> bytes:
    return sha256(browser.encode()).digest()
