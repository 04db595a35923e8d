"""French typography: which spaces must not break."""

import re

NARROW = "\u202f"  # before ; ! ? %
NO_BREAK = "\u00a0"  # before : and inside « »

_BEFORE_THIN = re.compile(r"[ \u00a0](?=[;!?](?:\s|$|[»)\]]))")
_BEFORE_COLON = re.compile(r" (?=:(?:\s|$))")
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_OPENED = re.compile(r"« ?")
_CLOSED = re.compile(r" ?»")


def french(text: str) -> str:
    """This will put the right no-break spaces before : ; ! ? % and inside « », and change nothing else."""
    text = _BEFORE_THIN.sub(NARROW, text)
    text = _BEFORE_COLON.sub(NO_BREAK, text)
    text = _BEFORE_PERCENT.sub(NO_BREAK, text)
    text = _OPENED.sub("«" + NO_BREAK, text)
    return _CLOSED.sub(NO_BREAK + "»", text)
