"""The English of the desk, and what French typography adds.

Words stand in the sources in French (gettext ids are French); English stands in
`countermand/locale/en/LC_MESSAGES/django.po`. The French catalogue is made, never edited: it only holds
what differs from the source: no-break spaces, and the singular that French gives to zero.

Done with Babel and Django's own reading of templates, because no gettext programs are there at run time.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from countermand.web.typography import french

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "lazy": None,  # gettext_lazy where `_` is gettext
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_CALL = re.compile(r"\b(?:n?p?gettext|_)\(")

Found = tuple[str, str | tuple[str, ...], str | None]  # where, id or (one, many), context


def found(package: Path = PACKAGE) -> Iterator[Found]:
    """This will walk the package and give every translatable text with the file it stands in."""
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html"), *package.rglob("*.txt")]):
        inside = path.relative_to(package)
        if "migrations" in inside.parts:
            continue
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif "templates" in inside.parts:
            source = _calls_only(templatize(path.read_text(encoding="utf-8")))
        else:
            continue
        lines = io.BytesIO(source.encode())
        for _line, text, _comments, context in extract(
            "python", lines, keywords=KEYWORDS, options={"encoding": "utf-8"}
        ):
            yield (f"countermand/{inside.as_posix()}", text, context)


def _calls_only(masked: str) -> str:
    # Babel reads real Python, and a masked template is none: its lines have arbitrary indents.
    return "\n".join(line.strip() for line in masked.splitlines() if _CALL.search(line))


def english_path(locale: Path = LOCALE) -> Path:
    return locale / "en" / "LC_MESSAGES" / "django.po"


def read_english(locale: Path = LOCALE) -> Catalog:
    """This will read the English catalogue as it stands, an empty one where there is none."""
    path = english_path(locale)
    if not path.exists():
        return _empty("en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def merged(known: Catalog, texts: list[Found]) -> Catalog:
    """This will make the catalogue of today's texts with the English already known for them.

    What is no longer said is dropped: git remembers it.
    """
    fresh = _empty("en")
    for where, text, context in texts:
        before = known.get(text if isinstance(text, str) else text[0], context)
        fresh.add(
            text, _english_of(before, text), locations=[(where, 0)], context=context, flags=_flags(text)
        )
    for message in fresh:
        message.locations = sorted(set(message.locations))
    return fresh


def _english_of(before: Message | None, text: str | tuple[str, ...]) -> str | tuple[str, ...]:
    plural = not isinstance(text, str)
    if before is None or isinstance(before.string, str) == plural:
        return ("", "") if plural else ""
    return tuple(before.string) if plural else str(before.string)  # type: ignore[arg-type]


def _flags(text: str | tuple[str, ...]) -> list[str]:
    whole = text if isinstance(text, str) else " ".join(text)
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", whole) else []


def french_of(texts: list[Found]) -> Catalog:
    """This will make the French catalogue: typography, and the singular of zero."""
    made = _empty("fr")
    for _where, text, context in texts:
        if isinstance(text, str):
            set_well = french(text)
            if set_well != text:
                made.add(text, set_well, context=context)
        else:
            made.add(text, tuple(french(each) for each in text), context=context)
    return made


def missing(catalogue: Catalog) -> list[Message]:
    """This will list the texts without English, or with one of two plural forms only."""
    return [
        message
        for message in catalogue
        if message.id
        and (not message.string or (not isinstance(message.string, str) and not all(message.string)))
    ]


def po_bytes(catalogue: Catalog) -> bytes:
    """This will write a catalogue as a .po without line numbers or dates: its diff shows words only."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, sort_output=True, include_lineno=False, omit_header=False)
    return out.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    """This will compile a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def files(locale: Path = LOCALE) -> dict[Path, bytes]:
    """This will say what each catalogue file should hold today."""
    texts = list(found())
    english, typeset = merged(read_english(locale), texts), french_of(texts)
    po = english_path(locale)
    mo_fr = locale / "fr" / "LC_MESSAGES" / "django.mo"
    return {po: po_bytes(english), po.with_suffix(".mo"): mo_bytes(english), mo_fr: mo_bytes(typeset)}


class _Words(Catalog):
    """A catalogue whose head never changes: its files change when its words do, not with the clock."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Countermand"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def _empty(language: str) -> Catalog:
    head = "# The English of Countermand. The ids are French. Kept by bin/messages."
    return _Words(locale=language, header_comment=head, fuzzy=False)


def main(arguments: list[str]) -> int:
    """This will write the catalogues and list what needs English; with --check it only tells."""
    if not settings.configured:
        settings.configure(USE_I18N=False)  # reading templates needs Django, and nothing of ours
    wanted = files()
    stale = [path for path, content in wanted.items() if not path.exists() or path.read_bytes() != content]
    if "--check" not in arguments:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
        stale = []
    without = missing(merged(read_english(), list(found())))
    for message in without:
        where = ", ".join(sorted({name for name, _line in message.locations}))
        click.echo(f"no English: {message.id!r} in {where}")
    for path in stale:
        click.echo(f"stale, run bin/messages: {path.relative_to(PACKAGE.parent)}")
    return 1 if without or stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
