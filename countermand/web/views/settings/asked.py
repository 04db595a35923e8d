"""One setting asked for and done: the same few lines for every form of the settings."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.forms.settings import SettingForm


def who(request: Any) -> dict[str, Any]:
    """This will say for a verb whose settings these are, who changes them, and when."""
    desk = request.desk
    return {"merchant_id": desk.merchant_id, "by": desk.by, "at": datetime.now(UTC)}


def took(form: SettingForm, act: Callable[[], object]) -> bool:
    """This will do what a form asks when it is well filled in; a refusal stands beside its field (False)."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404 and not refusal.field:
            raise
        form.refuse(refusal)
        return False
    return True


def did(request: Any, act: Callable[[], object], said: str) -> bool:
    """This will do what one button asks and say so on the next page, or say why not."""
    try:
        act()
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return False
    notices.say(request, said)
    return True
