"""What a code, a name, a time zone, an address and a password may be: judged alike, whoever asks and at every door."""

import re
from functools import lru_cache
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import translation

from countermand.merchants.models import User
from countermand.refusals import Refusal

_CODE = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
# Written between French words, and yet not printable to Python.
_NO_BREAK = str.maketrans("\u00a0\u202f", "  ")
LONGEST_NAME, LONGEST_EMAIL, LONGEST_PASSWORD = 200, 254, 200


def judge_code(code: str) -> str:
    """This will give a code back, or refuse it (`invalid_code`)."""
    if not _CODE.fullmatch(code):
        raise Refusal("invalid_code", "a code is letters, digits, - and _, at most 64", field="code")
    return code


def judge_name(name: str, *, field: str = "name", shortest: int = 1, longest: int = LONGEST_NAME) -> str:
    """This will give a name without the blanks around it; refuses `invalid_name`."""
    said = name.strip()
    if not shortest <= len(said) <= longest:
        raise Refusal("invalid_name", f"a name has {shortest} to {longest} characters", field=field)
    if not said.translate(_NO_BREAK).isprintable():
        raise Refusal(
            "invalid_name", "a name holds no line end and no other invisible character", field=field
        )
    return said


def judge_timezone(timezone: str) -> str:
    """This will give a time zone back, or refuse it (`unknown_timezone`)."""
    if timezone not in _timezones():
        raise Refusal("unknown_timezone", "a time zone is named like Europe/Paris", field="timezone")
    return timezone


def judge_email(email: str, *, field: str = "email") -> str:
    """This will give an address without the blanks around it; refuses `invalid_email`."""
    said = email.strip()
    try:
        validate_email(said)
    except ValidationError as wrong:
        raise Refusal("invalid_email", "an address is written like ana@example.org", field=field) from wrong
    if len(said) > LONGEST_EMAIL:
        raise Refusal("invalid_email", f"an address has at most {LONGEST_EMAIL} characters", field=field)
    return said


def judge_password(password: str, *, person: User) -> str:
    """This will give a password back; refuses `weak_password`, as the page where one is chosen does."""
    if len(password) > LONGEST_PASSWORD:
        raise Refusal("weak_password", f"at most {LONGEST_PASSWORD} characters", field="password")
    try:
        # A refusal's detail is for a developer: English whoever asks.
        with translation.override("en"):
            validate_password(password, person)
    except ValidationError as wrong:
        raise Refusal("weak_password", " ".join(wrong.messages), field="password") from wrong
    return password


@lru_cache(maxsize=1)
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())
