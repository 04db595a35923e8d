"""A mail as it goes on the wire (RFC 5322, MIME), put together from ready parts. Pure.

Not with the standard library's headers: to fold and encode them took longer than all the rest of a mail. Both texts
are quoted-printable, so every server takes them as they are, and no boundary can stand in them.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterable
from datetime import UTC, datetime
from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import NamedTuple

from countermand.correspondence.blocks import one_line
from countermand.correspondence.rendering import Mail

Attachment = tuple[str, bytes, str]

# "=_" stands in no quoted-printable and no base64 text (RFC 2045, 6.7).
WORDS, PARTS = b"=_words", b"=_parts"
ALTERNATIVE = b'Content-Type: multipart/alternative; boundary="' + WORDS + b'"\r\n\r\n'
MIXED = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="' + PARTS + b'"\r\n\r\n'
TEXT = (
    b"--"
    + WORDS
    + b"\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
)
LONGEST_ENCODED = 42  # bytes of UTF-8 in one encoded word: its line stays under 78 characters
_PLAIN = re.compile(r"[ -~]*")


class Sealed(NamedTuple):
    """What is handed to a mail server: from whom, to whom, and every byte of it. `identity`: its Message-ID."""

    identity: str
    sender: str
    recipient: str
    content: bytes


def seal(
    *,
    mail: Mail,
    sender: tuple[str, str],
    recipient: str,
    identity: str,
    reply_to: str = "",
    about: Iterable[tuple[str, str]] = (),
    attachments: Iterable[Attachment] = (),
    at: datetime,
) -> Sealed:
    """This will write a mail down for the wire. `sender`: name and address; `about`: further headers.

    Nobody's name or title can add a header: each is one line, and encoded where it is not plain.
    """
    name, address = sender
    headers = [
        ("Subject", header_text(one_line(mail.subject))),
        ("From", mailbox(one_line(name, longest=200), address)),
        ("To", recipient),
        *([("Reply-To", reply_to)] if reply_to else []),
        ("Date", format_datetime(at.astimezone(UTC))),
        ("Message-ID", identity),
        *((title, header_text(value)) for title, value in about),
    ]
    head = "".join(f"{title}: {value}\r\n" for title, value in headers).encode("ascii")
    words = [ALTERNATIVE, TEXT % b"plain", _quoted(mail.text), TEXT % b"html", _quoted(mail.html)]
    words.append(b"--" + WORDS + b"--\r\n")
    attached = [_attached(*one) for one in attachments]
    if not attached:
        return Sealed(identity, address, recipient, b"".join([head, b"MIME-Version: 1.0\r\n", *words]))
    parts = b"".join(b"--" + PARTS + b"\r\n" + part for part in (b"".join(words), *attached))
    return Sealed(identity, address, recipient, head + MIXED + parts + b"--" + PARTS + b"--\r\n")


def header_text(text: str) -> str:
    """This will write a text for a header: as it is where it is plain, else as encoded words (RFC 2047)."""
    if _PLAIN.fullmatch(text) and "=?" not in text:
        return text
    pieces, piece = [], b""
    for character in text:
        more = character.encode()
        if len(piece) + len(more) > LONGEST_ENCODED:
            pieces.append(piece)
            piece = b""
        piece += more
    words = (f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in [*pieces, piece])
    return "\r\n ".join(words)


def mailbox(name: str, address: str) -> str:
    """This will write who sends: a name, quoted or encoded where it must be, and an address."""
    shown = header_text(name)
    return formataddr((name, address)) if shown == name else f"{shown}\r\n <{address}>"


def _quoted(text: str) -> bytes:
    # The last line break is the boundary's.
    return b2a_qp("\r\n".join([*text.splitlines(), "", ""]).encode(), istext=True)


def _attached(name: str, content: bytes, kind: str) -> bytes:
    part = MIMENonMultipart(*kind.split("/"), policy=SMTP)
    part.set_payload(content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part.as_bytes() + b"\r\n"
