"""A mail on the wire: what a mail program reads is what was written, and no name or title adds a header."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from countermand.correspondence.blocks import one_line
from countermand.correspondence.rendering import Mail
from countermand.correspondence.wire import header_text, seal

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=300)


def read(mail: Mail, **others: Any) -> EmailMessage:
    given: dict[str, Any] = {"sender": ("Camille", "desk@shop.example"), "recipient": "jeanne@example.org"}
    sealed = seal(mail=mail, identity="<1@shop.example>", at=AT, **(given | others))
    sealed.content.decode("ascii")
    assert all(len(line) <= 78 for line in sealed.content.split(b"\r\n") if not line.startswith(b"Subject"))
    assert b"\n" not in sealed.content.replace(b"\r\n", b"")
    made = message_from_bytes(sealed.content, policy=policy.default)
    assert isinstance(made, EmailMessage) and not made.defects
    return made


def words_of(made: EmailMessage, kind: str) -> str:
    part = made.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@settings(max_examples=100, deadline=None)
@given(TEXT, st.lists(TEXT, max_size=5).map("\n".join))
def test_what_was_written_is_what_is_read(subject: str, text: str) -> None:
    made = read(Mail(subject, text, f"<p>{text}</p>"))
    assert made["Subject"] == one_line(subject)
    assert words_of(made, "plain").splitlines() == text.splitlines()
    assert words_of(made, "html").splitlines() == f"<p>{text}</p>".splitlines()
    assert made["Date"].datetime == AT


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_EM15_a_persons_name_stands_before_the_address_whatever_it_holds(name: str) -> None:
    made = read(Mail("s", "t", "h"), sender=(name, "desk@shop.example"))
    [sender] = made["From"].addresses
    assert sender.addr_spec == "desk@shop.example"
    # The library's reader takes spaces that do not break together.
    assert "".join(sender.display_name.split()) == "".join(one_line(name, longest=200).split())


def test_a_title_that_looks_encoded_is_read_as_it_stands() -> None:
    assert read(Mail("=?utf-8?b?aGVsbG8=?=", "t", "h"))["Subject"] == "=?utf-8?b?aGVsbG8=?="
    assert header_text("Commande 1001") == "Commande 1001"


def test_no_header_brings_a_second_one() -> None:
    made = read(Mail("s", "t", "h"), about=[("In-Reply-To", "<a@b>\r\nBcc: all@example.org")])
    assert made["Bcc"] is None


def test_dots_and_boundaries_in_a_text_end_nothing() -> None:
    text = "\n.\n..\n--=_words--\n--=_parts\n"
    assert words_of(read(Mail("s", text, "h")), "plain").splitlines() == text.splitlines()


def test_what_is_attached_comes_out_as_it_went_in() -> None:
    attached = [("avoir-É 1.pdf", bytes(range(256)), "application/pdf")]
    made = read(Mail("s", "t", "h"), attachments=attached)
    [part] = list(made.iter_attachments())
    assert (part.get_filename(), part.get_content(), part.get_content_type()) == attached[0]
    assert words_of(made, "plain").splitlines() == ["t"]
