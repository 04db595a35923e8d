"""A mail that somebody wrote to do harm: it is read as fast as any other, or not at all.

There is no clock in here: what these guard against ran for hours.
"""

from email.message import EmailMessage

import pytest

from countermand.refusals import Refusal
from countermand.threads import marks
from countermand.threads.reading import MOST_LINES, read_mail

LEFT_OPEN = (
    "<a ",
    "<!--",
    "</a",
    "<!DOCTYPE ",
    '<a b="',
    "<?",
    "<script>",
    "<script></script",
    "<blockquote>",
)


@pytest.mark.parametrize("mark", LEFT_OPEN)
def test_AZ20_marks_that_are_left_open_hold_nobody_up(mark: str) -> None:
    mail = EmailMessage()
    mail["To"] = "reply+abc@in.example"
    mail.set_content("<p>Je veux annuler</p>" + mark * 100_000, subtype="html")
    assert read_mail(mail.as_bytes()).text == "Je veux annuler"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("3 < 4 &amp; 5 > 4", "3 < 4 & 5 > 4"),
        ("<SCRIPT>x</Script >oui", "oui"),
        ("<head><title>t</title></head>oui", "oui"),
        ("<header>oui</header>", "oui"),
        ("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", "ae"),
        ("</blockquote>oui", "oui"),
        ("İ<style>p{}</style>oui", "İoui"),
        ("oui<!-- non --> et <!-- non > oui", "oui et "),
        ("un<br>deux<p>trois", "un\ndeux\ntrois"),
        ("&lt;script&gt;", "<script>"),
        ("<", "<"),
        ("", ""),
    ],
)
def test_AZ20_the_words_of_html_are_what_is_read(html: str, said: str) -> None:
    assert marks.words(html) == said


def test_AZ20_lines_without_end_are_not_read() -> None:
    with pytest.raises(Refusal) as refused:
        read_mail(b"From: a@b.example\r\n\r\n" + b"\n" * MOST_LINES)
    assert refused.value.code == "mail_too_large"
