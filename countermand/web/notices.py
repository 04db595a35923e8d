"""A short word after a deed, shown as a toast on the next page, with undo where it can be undone."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

_LEVELS = {
    "info": messages.INFO,
    "done": messages.SUCCESS,
    "attention": messages.WARNING,
    "danger": messages.ERROR,
}
_TONES = {level: tone for tone, level in _LEVELS.items()}
_UNDO = "undo:"


@dataclass(frozen=True)
class Notice:
    """What a toast needs. `undo_url` takes a POST."""

    text: str
    tone: str
    undo_url: str


def say(request: HttpRequest, text: str, *, tone: str = "done", undo_url: str = "") -> None:
    """This will show `text` on the next page that the reader sees; tone info, done, attention or danger."""
    messages.add_message(request, _LEVELS[tone], text, extra_tags=_UNDO + undo_url if undo_url else "")


def waiting(request: HttpRequest) -> list[Notice]:
    """This will hand over the notices that nobody has seen yet, allauth's own among them."""
    return [
        Notice(
            text=str(message),
            tone=_TONES.get(message.level, "info"),
            undo_url=(message.extra_tags or "").removeprefix(_UNDO)
            if (message.extra_tags or "").startswith(_UNDO)
            else "",
        )
        for message in messages.get_messages(request)
    ]
