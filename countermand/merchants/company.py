"""What a shop is called, who writes for it, and what its public page says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from countermand import sql
from countermand.merchants.history import tell
from countermand.merchants.judging import judge_name, judge_timezone
from countermand.merchants.models import Merchant, PublicText
from countermand.refusals import Refusal, fits

FIELDS = ("name", "contact_name", "reply_to", "phone", "timezone", "language", "two_factor_required")
LANGUAGES = ("fr", "en")
LONGEST = {"name": 200, "contact_name": 100, "phone": 40, "reply_to": 254}


def locked(merchant_id: int) -> Merchant:
    """This will take a merchant's row for the caller's transaction: settings change one after the other.

    A key-share lock of rows that point here is not at odds with it: orders go on being taken in.
    """
    return Merchant.objects.select_for_update(no_key=True).get(id=merchant_id)


@sql.verb
def change_company(*, merchant_id: int, changes: Mapping[str, Any], by: str, at: datetime) -> Merchant:
    """This will change what a shop is called and who writes for it (EM-15).

    Refuses `unknown_change`, `invalid_name`, `sender_required`, `reply_required`, `text_too_long`,
    `unknown_timezone`, `unknown_language`, `in_practice`.
    """
    merchant = locked(merchant_id)
    if merchant.practice_of_id is not None:
        raise Refusal("in_practice", "the shop is set outside of practice")
    said = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    _check(said)
    changed = {name: value for name, value in said.items() if getattr(merchant, name) != value}
    if not changed:
        return merchant
    for name, value in changed.items():
        setattr(merchant, name, value)
    merchant.save(update_fields=list(changed))
    tell("merchant.changed", merchant_id=merchant_id, by=by, at=at, changed=sorted(changed))
    return merchant


@sql.verb
def write_public_text(*, merchant_id: int, language: str, text: str, by: str, at: datetime) -> None:
    """This will say how to ask for a cancellation, in the merchant's words; empty lets ours hold again (SH-15).

    Refuses `unknown_language`, `text_too_long`.
    """
    if language not in LANGUAGES:
        raise Refusal("unknown_language", "fr or en", field="language")
    said = text.replace("\r\n", "\n").strip()
    fits(said, field="text")
    if said:
        PublicText.across_merchants.update_or_create(
            merchant_id=merchant_id, language=language, defaults={"text": said, "changed_at": at}
        )
    else:
        PublicText.of(merchant_id).filter(language=language).delete()
    facts: dict[str, Any] = {"language": language, "own": bool(said)}
    tell("how_to.changed", merchant_id=merchant_id, by=by, at=at, **facts)


def public_texts(*, merchant_id: int) -> dict[str, str]:
    """This will give the merchant's own public texts by language."""
    return dict(PublicText.of(merchant_id).values_list("language", "text"))


def merchant_at(*, code: str) -> Merchant | None:
    """This will find the shop of a public page; a practice twin has none."""
    return Merchant.objects.filter(code=code, practice_of=None).first()


def _check(said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        if name not in FIELDS:
            raise Refusal("unknown_change", f"{name} cannot be changed", field=name)
        if name in LONGEST:
            fits(value, field=name, longest=LONGEST[name])
    if "name" in said:
        judge_name(said["name"])
    if "contact_name" in said and not said["contact_name"]:
        raise Refusal("sender_required", "mails come from a person", field="contact_name")
    if "reply_to" in said:
        try:
            validate_email(said["reply_to"])
        except ValidationError as wrong:
            raise Refusal(
                "reply_required", "mails come from an address that is read", field="reply_to"
            ) from wrong
    judge_timezone(said.get("timezone", "UTC"))
    if said.get("language", "fr") not in LANGUAGES:
        raise Refusal("unknown_language", "fr or en", field="language")
