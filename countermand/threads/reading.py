"""Reading a buyer's mail: untrusted bytes in, a few plain facts out. Pure; nothing of it is kept but the words.

Source: RFC 5322, RFC 2045 to 2047, RFC 3834 (automatic answers are never answered).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.message import Message
from email.utils import getaddresses
from hashlib import sha256
from typing import Any

from countermand.correspondence.blocks import one_line
from countermand.refusals import Refusal
from countermand.threads import marks

MOST_BYTES = 2 * 1024 * 1024
LONGEST_TEXT = 10_000
MOST_LINES = 50_000  # each is held against every part that is still open: many of both would take minutes
MOST_PARTS = 200
MOST_ATTACHMENTS = 10
TO_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")

# Where programs begin to quote what they answer; everything behind it has been read before.
_QUOTES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^\s*le .{4,120}\ba écrit\s*:?\s*$",
        r"^\s*on .{4,120}\bwrote\s*:\s*$",
        r"^\s*-{2,}\s*(message d'origine|message original|original message|message transféré|forwarded message)",
        r"^\s*_{10,}\s*$",
        r"^\s*(de|from)\s*:\s.+@",
    )
)
_SIGNATURE = re.compile(r"^-- ?$")


@dataclass(frozen=True, slots=True)
class Read:
    """What a mail says. `recipients`: every address that it was sent to; `automatic`: nobody wrote it."""

    recipients: tuple[str, ...]
    sender: str
    mail_id: str
    identity: str  # the same mail again is this one
    text: str
    shortened: bool
    attachments: tuple[str, ...]
    automatic: bool


def read_mail(raw: bytes) -> Read:
    """This will read a mail as it came in. Refuses `mail_too_large`, `not_a_mail`."""
    if len(raw) > MOST_BYTES:
        raise Refusal("mail_too_large", f"at most {MOST_BYTES} bytes")
    if raw.count(b"\n") > MOST_LINES:
        raise Refusal("mail_too_large", f"at most {MOST_LINES} lines")
    try:
        return _read(raw, message_from_bytes(raw, policy=policy.compat32))
    except (RecursionError, HeaderParseError, LookupError, ValueError, TypeError, AttributeError) as error:
        # A parser in trouble says nothing about the mail but that it is none.
        raise Refusal("not_a_mail", "it cannot be read as a mail") from error


def said(text: str) -> tuple[str, bool]:
    """This will cut off the quoted history and the signature, and say whether anything was left out.

    Where nothing would be left, all of it stays: some people answer below, or between the lines.
    """
    lines = [one_line(line, longest=MOST_BYTES) for line in text.splitlines()]
    kept = lines[: _history_begins(lines)]
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        kept.pop()
    found = "\n".join(kept).strip()
    if not found:
        found = "\n".join(lines).strip()
    shortened = len(found) < len("\n".join(lines).strip()) or len(found) > LONGEST_TEXT
    return found[:LONGEST_TEXT], shortened


def _history_begins(lines: list[str]) -> int:
    for i, line in enumerate(lines):
        # An introduction may be broken over two lines.
        joined = f"{line} {lines[i + 1]}" if i + 1 < len(lines) else line
        if any(quote.match(line) for quote in _QUOTES) or any(quote.match(joined) for quote in _QUOTES[:2]):
            return i
        if _SIGNATURE.match(line):
            return i
    return len(lines)


def _read(raw: bytes, mail: Message) -> Read:
    if not mail.keys():
        raise ValueError("no header")
    words, names = _parts(mail)
    text, shortened = said(words)
    sender = next(iter(_addresses(mail, ("From",))), "")
    mail_id = one_line(mail.get("Message-ID"), longest=255)
    return Read(
        recipients=tuple(_addresses(mail, TO_HEADERS)),
        sender=sender,
        mail_id=mail_id if re.fullmatch(r"<[\x21-\x3b\x3d\x3f-\x7e]{3,253}>", mail_id) else "",
        identity=sha256(mail_id.encode("utf-8", "replace") if mail_id else raw).hexdigest(),
        text=text,
        shortened=shortened,
        attachments=tuple(names[:MOST_ATTACHMENTS]),
        automatic=_automatic(mail, sender),
    )


def _automatic(mail: Message, sender: str) -> bool:
    auto = str(mail.get("Auto-Submitted") or "no").partition(";")[0].strip().lower()
    precedence = str(mail.get("Precedence") or "").strip().lower()
    bounced = str(mail.get("Return-Path") or "").strip() == "<>" or sender.startswith("mailer-daemon@")
    told = any(mail.get(name) for name in ("List-Id", "X-Autoreply", "X-Autorespond"))
    report = mail.get_content_type() == "multipart/report"
    return auto != "no" or precedence in ("bulk", "junk", "list", "auto_reply") or bounced or told or report


def _addresses(mail: Message, headers: Iterable[str]) -> list[str]:
    values = [str(value) for name in headers for value in mail.get_all(name, [])]
    return [address.strip().lower() for _, address in getaddresses(values) if "@" in address][:100]


def _parts(mail: Message) -> tuple[str, list[str]]:
    """The words (plain text before HTML) and the names of what is attached."""
    plain: list[str] = []
    marked: list[str] = []
    names: list[str] = []
    for count, part in enumerate(mail.walk()):
        if count >= MOST_PARTS:
            break
        if part.is_multipart():
            continue
        name = part.get_filename()
        if name or part.get_content_disposition() == "attachment":
            names.append(one_line(name, longest=100) or part.get_content_type()[:100])
        elif part.get_content_type() == "text/plain":
            plain.append(_decoded(part))
        elif part.get_content_type() == "text/html":
            marked.append(marks.words(_decoded(part)))
    return "\n".join(plain if any(each.strip() for each in plain) else marked), names


def _decoded(part: Message) -> str:
    payload: Any = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else str(payload or "").encode("utf-8", "replace")
    charset = str(part.get_content_charset() or "utf-8")
    try:
        return content.decode(charset, "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")  # an alphabet that nobody knows
