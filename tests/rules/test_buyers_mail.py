"""Reading what arrives by mail: words kept, history cut off, nothing believed."""

from email.message import EmailMessage

import pytest

from countermand.refusals import Refusal
from countermand.threads.reading import LONGEST_TEXT, MOST_BYTES, read_mail, said


def a_mail(content: str = "Je veux annuler.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Jeanne <Jeanne@Example.org>"
    mail["To"] = "reply+abc@in.example"
    mail["Message-ID"] = "<m1@example.org>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(content)
    return mail


def test_AZ20_a_plain_mail_is_its_words() -> None:
    read = read_mail(a_mail("Bonjour,\n\nJe veux annuler.\n").as_bytes())
    assert (read.text, read.shortened, read.automatic) == ("Bonjour,\n\nJe veux annuler.", False, False)
    assert read.sender == "jeanne@example.org"
    assert read.recipients == ("reply+abc@in.example",)
    assert read.mail_id == "<m1@example.org>"


@pytest.mark.parametrize(
    "history",
    [
        "Le sam. 21 nov. 2026 à 10:02, Le Petit Mug <desk@in.example> a écrit :\n> Bonjour",
        "Le sam. 21 nov. 2026 à 10:02,\nLe Petit Mug <desk@in.example> a écrit :\n\nBonjour",
        "On Sat, Nov 21, 2026 at 10:02 AM Le Petit Mug <desk@in.example> wrote:\n> Hello",
        "-----Message d'origine-----\nDe : Le Petit Mug",
        "________________________________\nDe : Le Petit Mug <desk@in.example>",
        "> Bonjour\n> Votre commande",
        "-- \nJeanne Dupont",
    ],
)
def test_AZ20_what_was_read_before_is_cut_off(history: str) -> None:
    assert said(f"Oui, annulez.\n\n{history}") == ("Oui, annulez.", True)


def test_AZ20_an_answer_below_the_quotation_is_not_lost() -> None:
    text, shortened = said("Le 21 nov. 2026, Le Petit Mug a écrit :\n> Voulez-vous annuler ?\nOui.")
    assert "Oui." in text
    assert not shortened


def test_AZ20_html_alone_is_read_without_its_marks() -> None:
    mail = EmailMessage()
    mail["To"] = "reply+abc@in.example"
    mail.set_content(
        "<html><style>p{}</style><script>x()</script><p>Je&nbsp;veux <b>annuler</b></p><p>Merci</p>"
        "<blockquote>Votre commande</blockquote></html>",
        subtype="html",
    )
    assert read_mail(mail.as_bytes()).text == "Je veux annuler\n\nMerci"


def test_AZ20_attachments_are_named_and_not_kept() -> None:
    mail = a_mail()
    mail.add_attachment(b"x" * 10, maintype="image", subtype="png", filename="mug cassé.png")
    read = read_mail(mail.as_bytes())
    assert len(read.attachments) == 1
    assert read.text == "Je veux annuler."


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=x"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example>"},
    ],
)
def test_AZ20_nobody_wrote_an_automatic_mail(headers: dict[str, str]) -> None:
    assert read_mail(a_mail(**headers).as_bytes()).automatic
    assert not read_mail(a_mail(Auto_Submitted="no").as_bytes()).automatic


@pytest.mark.parametrize(
    "raw",
    [
        b"To: reply+abc@in.example\nContent-Type: text/plain; charset=klingon\n\n\xe9\xe8",
        b"To: reply+abc@in.example\nContent-Type: text/plain; charset=iso-8859-1\n\n\xe9t\xe9",
        b"To: reply+abc@in.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nna\xefve\n--x",
        b"To: reply+abc@in.example\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"To: reply+abc@in.example\nSubject: =?klingon?b?////?=\n\nbonjour",
        b"Message-ID: \xff\xfe <a b>\r\nTo: \xff\xff\n\nbonjour \x00 \x07",
    ],
)
def test_AZ20_bytes_that_make_no_sense_break_nothing(raw: bytes) -> None:
    text = read_mail(raw).text
    assert "\x00" not in text
    text.encode()


def test_AZ20_a_mail_in_mails_in_mails_breaks_nothing() -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(3000))
    try:
        read_mail(b"To: reply+abc@in.example\n" + nested + b"\n\nbonjour")
    except Refusal as refusal:
        assert refusal.code == "not_a_mail"


def test_AZ20_too_much_is_refused_or_cut() -> None:
    with pytest.raises(Refusal, match="mail_too_large"):
        read_mail(b"To: x@y.z\n\n" + b"a" * MOST_BYTES)
    with pytest.raises(Refusal, match="not_a_mail"):
        read_mail(b"\n\nbonjour")
    text, shortened = said("mot " * LONGEST_TEXT)
    assert (len(text), shortened) == (LONGEST_TEXT, True)


def test_AZ20_the_same_mail_has_the_same_identity() -> None:
    one, other = a_mail(), a_mail("Autre chose")
    assert read_mail(one.as_bytes()).identity == read_mail(other.as_bytes()).identity  # one Message-ID
    del other["Message-ID"]
    assert read_mail(one.as_bytes()).identity != read_mail(other.as_bytes()).identity
