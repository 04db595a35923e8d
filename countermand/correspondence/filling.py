"""The merchant's own mails: text with a few known variables in braces, and nothing else that could run. Pure.

A variable stands in the language of the mail or in French: {commande} or {order}. What is filled in is never
read again for variables. Source: docs/decisions/0000, Security (merchant-edited templates).
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from countermand.correspondence.blocks import Block, Paragraph, one_line, several_lines
from countermand.refusals import Refusal, fits

LONGEST_SUBJECT = 200
LONGEST_BODY = 5000


class Own(NamedTuple):
    """A merchant's text for one kind of mail in one language."""

    subject: str
    body: str


class Variable(NamedTuple):
    """`block`: it fills a paragraph of its own. `needed`: the body must hold it, for these kinds of mail."""

    fr: str
    en: str
    block: bool = False
    needed: tuple[str, ...] = ()


VARIABLES = (
    Variable("commande", "order"),
    Variable("prenom", "first_name"),
    Variable("nom", "name"),
    Variable("boutique", "shop"),
    Variable("expediteur", "sender"),
    Variable("montant", "amount"),
    Variable("objet", "subject"),
    Variable("bonjour", "greeting", block=True),
    Variable("annonce", "announcement", block=True),
    Variable("message", "message", block=True),
    Variable("articles", "items", block=True),
    Variable("restants", "remaining", block=True),
    Variable("remboursement", "refund", block=True, needed=("cancellation", "refund")),
    Variable("repondre", "reply", block=True),
    Variable("signature", "signature", block=True),
)
BY_NAME = {name: variable for variable in VARIABLES for name in (variable.fr, variable.en)}
WORDS = ("commande", "prenom", "nom", "boutique", "expediteur")  # what a message is filled with
ONLY_CANCELLATION = ("articles", "restants")

_NAMED = re.compile(r"\{\s*([^{}\n]{0,40}?)\s*\}")
_SUBJECTS = {"fr": "{objet}", "en": "{subject}"}


def default(*, kind: str, language: str) -> Own:
    """This will give the text that stands for what we say ourselves: the start of a merchant's own."""
    wanted = [
        "bonjour",
        "annonce",
        "message",
        "articles",
        "restants",
        "remboursement",
        "repondre",
        "signature",
    ]
    if kind != "cancellation":
        wanted = [name for name in wanted if name not in ONLY_CANCELLATION]
    names = [getattr(BY_NAME[name], language) for name in wanted]
    return Own(_SUBJECTS[language], "\n\n".join(f"{{{name}}}" for name in names))


def checked(*, own: Own, kind: str) -> Own:
    """This will refuse what could not be filled in.

    Refuses `text_required`, `text_too_long`, `unknown_variable` (facts: name), `loose_brace`,
    `variable_alone` for one that needs a paragraph of its own, `variable_needed`.
    """
    subject, body = " ".join(own.subject.split()), own.body.replace("\r\n", "\n").strip()
    for field, text, most in (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY)):
        if not text:
            raise Refusal("text_required", "write something", field=field)
        fits(text, field=field, longest=most)
        _check_names(text, field)
    for paragraph in [subject, *_paragraphs(body)]:
        field = "subject" if paragraph is subject else "body"
        for name in _NAMED.findall(paragraph):
            alone = paragraph is not subject and _NAMED.fullmatch(paragraph)
            if BY_NAME[name].block and not alone:
                raise Refusal(
                    "variable_alone", f"{{{name}}} is a paragraph", field=field, facts={"name": name}
                )
    held = {BY_NAME[name].fr for name in _NAMED.findall(body)}
    for variable in VARIABLES:
        if kind in variable.needed and variable.fr not in held:
            raise Refusal("variable_needed", variable.fr, field="body", facts={"name": variable.fr})
    return Own(subject, body)


def fill(
    *, own: Own, inline: Mapping[str, str], blocks: Mapping[str, Sequence[Block]]
) -> tuple[str, list[Block]]:
    """This will put the values in: the subject as one line, the body as blocks.

    What staff wrote to the buyer is never lost: without {message} it stands before the refund.
    """
    subject = one_line(_said(own.subject, inline))
    written: list[Block] = []
    names = [_NAMED.fullmatch(paragraph) for paragraph in _paragraphs(own.body)]
    held = {BY_NAME[match[1]].fr for match in names if match and match[1] in BY_NAME}
    for paragraph in _paragraphs(own.body):
        alone = _NAMED.fullmatch(paragraph)
        variable = BY_NAME.get(alone[1]) if alone else None
        if variable is None or not variable.block:
            written.append(Paragraph(several_lines(_said(paragraph, inline))))
            continue
        if variable.fr == "remboursement" and "message" not in held:
            written.extend(blocks.get("message", ()))
        written.extend(blocks.get(variable.fr, ()))
    return subject, written


def checked_words(text: str, *, field: str, most: int = LONGEST_BODY) -> str:
    """This will refuse a text for messages that could not be filled in: only variables within a line may stand in it.

    Refuses `text_required`, `text_too_long`, `unknown_variable`, `loose_brace`.
    """
    kept = text.replace("\r\n", "\n").strip()
    if not kept:
        raise Refusal("text_required", "write something", field=field)
    fits(kept, field=field, longest=most)
    _check_names(kept, field)
    for name in _NAMED.findall(kept):
        if BY_NAME[name].fr not in WORDS:
            raise Refusal("unknown_variable", f"{{{name}}}", field=field, facts={"name": name})
    return kept


def filled_words(text: str, inline: Mapping[str, str]) -> str:
    """This will put the values into a text for messages, line breaks kept."""
    return _said(text, inline)


def _check_names(text: str, field: str) -> None:
    for name in _NAMED.findall(text):
        if name not in BY_NAME:
            raise Refusal("unknown_variable", f"{{{name}}}", field=field, facts={"name": name})
    if set("{}") & set(_NAMED.sub("", text)):
        raise Refusal("loose_brace", "a brace stands alone", field=field)


def _paragraphs(body: str) -> list[str]:
    return [part.strip() for part in re.split(r"\n\s*\n", body) if part.strip()]


def _said(text: str, inline: Mapping[str, str]) -> str:
    # One pass: a customer called "{montant}" stays called so.
    return _NAMED.sub(lambda match: inline.get(BY_NAME[match[1]].fr, "") if match[1] in BY_NAME else "", text)
