"""Words by which an order is found: folded, prefixed by tenant, without any extension. Pure.

An order's lexemes go into `array_to_tsvector`, a question into `… @@ %s::tsquery`. The prefix keeps
one merchant's words apart from another's in the one index (docs/decisions/0000, Tables).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

SUFFIX_FROM = 4  # the last digits of a number, as people say them on the phone
NATIONAL_DIGITS = 9  # what is left of a phone number without +33 or 0
MOST_WORDS = 12
LONGEST = 254

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# A whole number among other words: "dupont 06 12 34 56 78".
_PHONE_AMONG = re.compile(r"(?<!\S)\+?\(?\d(?:[ .\-/()]{0,2}\d){8,14}(?!\S)")
_PHONE = re.compile(r"\+?\(?\d[\d\s().\-/]{6,24}\d")


def fold(text: str) -> str:
    """This will write a text in lower case without accents: "Éloïse LŒUF" as "eloise loeuf"."""
    if text.isascii():
        return "".join(filter(str.isprintable, text)).lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in apart if not unicodedata.combining(letter) and (letter.isprintable()))
    return "".join(kept).translate(_LETTERS)


def lexemes(
    *,
    merchant_id: int,
    number: str,
    name: str = "",
    email: str = "",
    phone: str = "",
    skus: Iterable[str] = (),
) -> list[str]:
    """This will list an order's lexemes for `array_to_tsvector`.

    What may not be found (a buyer whom the terms hide, AZ-11) is left empty by the caller.
    """
    words = set(_WORD.findall(fold(name)))
    words |= _of_number(fold(number).strip())
    words |= _of_email(fold(email).strip())
    words |= set(_of_phone(phone))
    words |= {fold(sku).strip()[:LONGEST] for sku in skus}
    words.discard("")
    return sorted(f"m{merchant_id}:{word}" for word in words)


def vector(words: Iterable[str]) -> str:
    """This will write lexemes as the text of a tsvector, for COPY."""
    return " ".join(f"'{_quoted(word)}'" for word in words)


def query_of(*, merchant_id: int, text: str, scanned: Mapping[str, Sequence[str]] | None = None) -> str:
    """This will turn what somebody typed into the text of a tsquery: every word must be found.

    "" when there is nothing to look for. A word of one character is matched whole, longer ones by their
    beginning; a phone number may be typed with spaces, with +33 or 0, also among other words. `scanned`
    says which articles (sku) a word is the barcode of.
    """
    text = _spaced(text[: 4 * LONGEST])
    phone = _PHONE.fullmatch(text) or _PHONE_AMONG.search(text)
    if phone is None:
        return _all(merchant_id, text, scanned or {})
    # "2026-1001" may be a phone number or an order's: both are looked for.
    typed = _all(merchant_id, phone[0], scanned or {})
    number = f"{_any(merchant_id, _of_phone(phone[0]))} | ({typed})"
    rest = _all(merchant_id, text[: phone.start()] + " " + text[phone.end() :], scanned or {})
    return f"({number}) & {rest}" if rest else number


def _all(merchant_id: int, text: str, scanned: Mapping[str, Sequence[str]]) -> str:
    pieces = []
    for chunk in fold(text).split()[:MOST_WORDS]:
        piece = _piece(merchant_id, chunk)
        articles = [
            f"'m{merchant_id}:{_quoted(fold(sku).strip()[:LONGEST])}'" for sku in scanned.get(chunk, ())
        ]
        pieces.append(f"({' | '.join([piece, *articles])})" if articles else piece)
    return " & ".join(pieces)


def _of_number(number: str) -> set[str]:
    return {number} | {number[i:] for i in range(1, len(number) - SUFFIX_FROM + 1)}


def _of_email(email: str) -> set[str]:
    if not email:
        return set()
    local, _, domain = email.rpartition("@")
    parts = _WORD.findall(local) + _WORD.findall(domain.rpartition(".")[0])
    return {email[:LONGEST], domain, *parts}


def _of_phone(phone: str) -> list[str]:
    digits = _digits(phone)
    if len(digits) <= NATIONAL_DIGITS:
        return [digits] if digits else []
    return [digits, digits[-NATIONAL_DIGITS:]]


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter in "0123456789")


def _spaced(text: str) -> str:
    # A tab or a no-break space between two words parts them before folding takes it away.
    return " ".join(text.split())


def _piece(merchant_id: int, chunk: str) -> str:
    chunk = chunk[:LONGEST]
    words = _WORD.findall(chunk)
    whole = _term(merchant_id, chunk)
    if not words or words == [chunk] or "@" in chunk:
        return whole
    # "Jean-Pierre" is two words of a name; "CMD-1001" is one number, whose first part every order may share.
    if any(letter.isdigit() for letter in chunk):
        return whole
    return f"({whole} | ({' & '.join(_term(merchant_id, word) for word in words)}))"


def _any(merchant_id: int, words: Iterable[str]) -> str:
    return f"({' | '.join(_term(merchant_id, word) for word in dict.fromkeys(words))})"


def _term(merchant_id: int, word: str) -> str:
    return f"'m{merchant_id}:{_quoted(word)}'" + (":*" if len(word) > 1 else "")


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''")
