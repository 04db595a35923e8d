"""Every word on screen has its English, and both catalogues are compiled from today's words."""

from countermand.web import messages_catalogue as catalogue
from countermand.web.typography import NARROW, NO_BREAK, french


def test_every_text_has_its_english() -> None:
    texts = list(catalogue.found())
    without = catalogue.missing(catalogue.merged(catalogue.read_english(), texts))
    assert not without, "write their English, then run bin/messages: " + "; ".join(str(m.id) for m in without)


def test_the_catalogues_are_those_of_todays_words() -> None:
    stale = [
        str(path.name)
        for path, content in catalogue.files().items()
        if not path.exists() or path.read_bytes() != content
    ]
    assert not stale, "run bin/messages"


def test_a_placeholder_stands_in_both_languages() -> None:
    for message in catalogue.read_english():
        if not message.id or isinstance(message.id, tuple):
            continue
        wanted, given = (sorted(_placeholders(text)) for text in (message.id, str(message.string)))
        assert wanted == given, message.id


def test_french_spaces_do_not_break() -> None:
    assert french("Est-ce bien cela ? Oui !") == f"Est-ce bien cela{NARROW}? Oui{NARROW}!"
    assert french("Reste : 5 % ;") == f"Reste{NO_BREAK}: 5{NO_BREAK}%{NARROW};"
    assert french("dit « oui »") == f"dit «{NO_BREAK}oui{NO_BREAK}»"


def test_french_spaces_leave_addresses_and_hours_alone() -> None:
    for text in ("à 14:03", "http://x/?a=1", "a;b", "?"):
        assert french(text) == text


def _placeholders(text: str) -> list[str]:
    return [part.split(")", 1)[0] for part in text.split("%(")[1:]]
