"""The words of mails to buyers, one table per language, and the choice among them."""

from collections.abc import Mapping
from typing import NamedTuple

from countermand.correspondence.wording import en, fr


class Wording(NamedTuple):
    """One language: sentences by key, reasons by code, and which numbers take the singular."""

    language: str
    locale: str
    phrases: Mapping[str, str]
    reasons: Mapping[str, str]
    means: Mapping[str, str]
    nought_is_one: bool

    def say(self, key: str, **values: object) -> str:
        """This will give a sentence with its values filled in."""
        return self.phrases[key].format(**values)

    def counted(self, key: str, number: int, **values: object) -> str:
        """This will give "1 article" or "3 articles" after the language's own rule for the singular."""
        one = number == 1 or (number == 0 and self.nought_is_one)
        return self.phrases[f"{key}.{'one' if one else 'many'}"].format(number=number, **values)

    def reason(self, code: str) -> str:
        """This will give a reason in words for buyers; a code without words says the neutral thing."""
        return self.reasons.get(code, self.reasons["other"])


def _spaced(phrases: Mapping[str, str]) -> dict[str, str]:
    """French puts a space before : and ; that must not break. Done once, and on our own words only."""
    return {key: text.replace(" :", "\u00a0:").replace(" ;", "\u202f;") for key, text in phrases.items()}


# 0 and 1,99 are singular in French; in English 1 alone is.
FRENCH = Wording("fr", "fr", _spaced(fr.PHRASES), _spaced(fr.REASONS), _spaced(fr.MEANS), nought_is_one=True)
ENGLISH = Wording("en", "en_GB", en.PHRASES, en.REASONS, en.MEANS, nought_is_one=False)


def wording(language: str) -> Wording:
    """This will choose the table of a buyer's language: French or, for every other, English."""
    return FRENCH if language.lower().split("-")[0].split("_")[0] == "fr" else ENGLISH
