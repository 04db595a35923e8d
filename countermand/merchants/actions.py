"""Verbs on merchants and their people."""

from countermand import sql
from countermand.merchants.judging import judge_code, judge_name, judge_timezone
from countermand.merchants.models import Member, Merchant, User
from countermand.merchants.roles import ROLES
from countermand.refusals import Refusal


@sql.verb
def add_merchant(*, code: str, name: str, timezone: str = "Europe/Paris", language: str = "fr") -> Merchant:
    """This will make a merchant.

    Refuses `invalid_code`, `invalid_name`, `unknown_timezone`, and `merchant_exists` for a code that is taken.
    """
    content = {"name": judge_name(name), "timezone": judge_timezone(timezone), "language": language}
    merchant, made = Merchant.objects.get_or_create(code=judge_code(code), defaults=content)
    if not made:
        raise Refusal("merchant_exists", f"a merchant {code!r} exists", field="code")
    return merchant


@sql.verb
def add_member(*, merchant: Merchant, email: str, password: str, role: str, first_name: str = "") -> User:
    """This will give a person a place at a merchant, making the person when new (the password is kept otherwise)."""
    if role not in ROLES:
        raise Refusal("unknown_role", f"roles are {', '.join(ROLES)}", field="role")
    fresh = User(email=email.lower(), first_name=first_name, language=merchant.language)
    fresh.set_password(password)
    # Two invitations at once are one person: who comes second finds the first.
    User.objects.bulk_create([fresh], ignore_conflicts=True)
    user = User.objects.get(email=email.lower())
    Member.objects.update_or_create(merchant=merchant, user=user, defaults={"role": role})
    return user
