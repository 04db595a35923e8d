"""The words of an HTML mail, without what is drawn. Pure, and it reads every character once.

Not the library's parser: on marks that are left open (`<a <a <a …`) it begins again at each, and a mail of 2 MB,
which any buyer can send, would hold a process for hours. Here a mark that never ends is the end of the words.
"""

import re
from html import unescape

_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9]*", re.ASCII)
# Not to be read at all, up to their closing mark; a quotation is history, and may hold others.
_HIDDEN = {
    name: re.compile(rf"</{name}\b[^<>]{{0,50}}>?", re.IGNORECASE)
    for name in ("script", "style", "head", "title")
}
_QUOTE = "blockquote"
_BREAKS = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3"])


def words(text: str) -> str:
    """This will give what a reader of an HTML text would read, a line for each paragraph."""
    said: list[str] = []
    here = quotes = 0
    while here < len(text):
        mark = text.find("<", here)
        if not quotes:
            said.append(_flat(text[here : mark if mark >= 0 else len(text)]))
        if mark < 0:
            break
        name, closing, here = _mark(text, mark)
        if name == _QUOTE:
            quotes = max(0, quotes + (-1 if closing else 1))
        elif not quotes:
            said.append("\n" if name in _BREAKS else name if name == "<" else "")
    return re.sub(r"\n{3,}", "\n\n", "".join(said))


def _mark(text: str, at: int) -> tuple[str, bool, int]:
    """What stands at a "<": its name, whether it closes, and where the text goes on. "<" alone is a word."""
    if text.startswith("<!--", at):
        return "", False, _behind(text, "-->", at + 4)
    closing = text.startswith("/", at + 1)
    found = _NAME.match(text, at + 1 + closing)
    if found is None:
        is_word = not closing and text[at + 1 : at + 2] not in ("!", "?")
        return ("<", False, at + 1) if is_word else ("", False, _behind(text, ">", at + 1))
    name = found.group().lower()
    if name in _HIDDEN and not closing:
        over = _HIDDEN[name].search(text, found.end())
        return name, False, over.end() if over else len(text)
    return name, closing, _behind(text, ">", found.end())


def _behind(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return found + len(end) if found >= 0 else len(text)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(text))
