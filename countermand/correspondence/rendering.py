"""A mail to a buyer, made from facts that were frozen with the decision. Pure: no table, no clock.

Source: EM-10 (no mail claims that money has arrived), EM-15, SG-6, SG-8, SH-7, SH-11, SH-18.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from babel.dates import format_date
from babel.numbers import format_currency

from countermand import money
from countermand.correspondence.blocks import (
    Block,
    Items,
    Paragraph,
    Quote,
    Sums,
    as_text,
    one_line,
    several_lines,
)
from countermand.correspondence.delays import AT_ONCE, BY_HAND, DELAYS, arrival
from countermand.correspondence.filling import Own, fill
from countermand.correspondence.page import as_html
from countermand.correspondence.wording import Wording, wording

LINES_SHOWN = 100
Facts = Mapping[str, Any]


class Mail(NamedTuple):
    """What a buyer gets: the subject is one line; text and HTML say the same."""

    subject: str
    text: str
    html: str


class Sender(NamedTuple):
    """Who writes: a person's first name ("" for none), the shop, and whether a reply is read (EM-15)."""

    person: str
    shop: str
    answerable: bool = True


def preview(
    *,
    facts: Facts,
    sender: Sender,
    name: str,
    language: str,
    on: date,
    kind: str = "cancellation",
    own: Own | None = None,
) -> Mail:
    """This will show the mail as the buyer will get it.

    `facts` is what stands in Message.facts; `name` the buyer's; `on` the day on which it is sent,
    in the buyer's eyes: the days of the refund are counted from it. `own`: the merchant's text.
    """
    words = wording(language)
    write = _Writer(words, facts, on)
    if own is not None:
        return _own_mail(own, write, kind=kind, sender=sender, name=one_line(name, longest=100))
    subject = write.refund_subject() if kind == "refund" else write.cancellation_subject()
    body = write.refund() if kind == "refund" else write.cancellation()
    who = one_line(name, longest=100)
    blocks: list[Block] = [
        Paragraph(words.say("hello", name=who) if who else words.say("hello.nobody")),
        *body,
    ]
    if sender.answerable:
        blocks.append(Paragraph(words.say("reply")))
    shop = one_line(sender.shop, longest=200)
    blocks.append(Paragraph(f"{words.say('closing')}\n{signature(sender=sender, language=language)}"))
    return Mail(
        subject, as_text(blocks), as_html(blocks, language=words.language, subject=subject, shop=shop)
    )


def _own_mail(own: Own, write: "_Writer", *, kind: str, sender: Sender, name: str) -> Mail:
    words, shop = write.words, one_line(sender.shop, longest=200)
    said = several_lines(str(write.facts.get("message") or ""))
    signed = f"{words.say('closing')}\n{signature(sender=sender, language=words.language)}"
    greeting = words.say("hello", name=name) if name else words.say("hello.nobody")
    lines, remaining = write.facts.get("lines", ()), write.facts.get("remaining") or ()
    blocks: dict[str, list[Block]] = {
        "bonjour": [Paragraph(greeting)],
        "annonce": [Paragraph(write.announcement(kind))],
        "message": [Quote(said)] if said else [],
        "articles": [write.items("cancelled.title", lines)] if lines else [],
        "restants": [write.items("remaining.title", remaining)] if remaining else [],
        "remboursement": write.on_its_way() if kind == "refund" else [*write.money(), *write.voucher()],
        "repondre": [Paragraph(words.say("reply"))] if sender.answerable else [],
        "signature": [Paragraph(signed)],
    }
    subject = write.refund_subject() if kind == "refund" else write.cancellation_subject()
    inline = {
        "commande": write.number,
        "prenom": name.split(" ")[0],
        "nom": name,
        "boutique": shop,
        "expediteur": one_line(sender.person, longest=100) or shop,
        "montant": write.amount(write.refunded),
        "objet": subject,
    }
    subject, body = fill(own=own, inline=inline, blocks=blocks)
    return Mail(subject, as_text(body), as_html(body, language=words.language, subject=subject, shop=shop))


def signature(*, sender: Sender, language: str) -> str:
    """This will name who writes: "Camille, Le Petit Mug" (EM-15)."""
    shop, person = one_line(sender.shop, longest=200), one_line(sender.person, longest=100)
    return wording(language).say("from", person=person, shop=shop) if person else shop


def amount_text(minor: int, currency: str, words: Wording) -> str:
    """This will write an amount as the reader's language does, with spaces that do not break."""
    return _amount(minor, currency, words.locale)


def day_text(day: date, words: Wording, *, month: bool = True) -> str:
    """This will write a day as people say it: "1er décembre", "27 novembre", without `month` "27"."""
    name = _month(day.replace(day=1), words.locale)
    if day.day == 1:
        return words.say("day.first", month=name) if month else words.say("day.first_short")
    return f"{day.day} {name}" if month else str(day.day)


# Babel works its patterns out anew each time; a mail says the same amounts and days several times over.
@lru_cache(maxsize=8192)
def _amount(minor: int, currency: str, locale: str) -> str:
    places = money.exponent(currency)
    return format_currency(minor / 10**places if places else minor, currency, locale=locale)


@lru_cache(maxsize=64)
def _month(first: date, locale: str) -> str:
    return format_date(first, "MMMM", locale=locale)


class _Writer:
    """The sentences of one mail."""

    def __init__(self, words: Wording, facts: Facts, on: date) -> None:
        self.words, self.facts, self.on = words, facts, on
        self.currency = str(facts["currency"])
        self.refunded = int(facts.get("refund_minor") or 0)
        self.number = one_line(facts.get("number"), longest=64)
        self.when = str(facts.get("when") or "now")

    def amount(self, minor: int) -> str:
        return amount_text(minor, self.currency, self.words)

    def cancelled(self) -> str:
        return self.words.counted(
            "cancelled", sum(int(line["quantity"]) for line in self.facts.get("lines", ()))
        )

    def cancellation_subject(self) -> str:
        say, whole = self.words.say, bool(self.facts.get("whole"))
        fact = (
            say("subject.whole", number=self.number)
            if whole
            else say("subject.part", number=self.number, cancelled=self.cancelled())
        )
        if not self.refunded or self.when not in ("now", "later"):
            return fact
        if self.when == "later":
            coming = say("subject.later", amount=self.amount(self.refunded))
        else:
            units = self.refunded // 10 ** money.exponent(self.currency)
            coming = self.words.counted("subject.now", units, amount=self.amount(self.refunded))
        return say("subject.whole_join" if whole else "subject.join", fact=fact, money=coming)

    def refund_subject(self) -> str:
        return self.words.say("subject.refund", number=self.number, amount=self.amount(self.refunded))

    def announcement(self, kind: str) -> str:
        """What happened to the order, in one or two sentences."""
        say, facts = self.words.say, self.facts
        if kind == "refund":
            return say("opening.refund", number=self.number, amount=self.amount(self.refunded))
        opening = (
            say("opening.whole", number=self.number)
            if facts.get("whole")
            else say("opening.part", number=self.number, cancelled=self.cancelled())
        )
        return f"{opening} {self.words.reason(str(facts.get('reason', '')))}"

    def cancellation(self) -> list[Block]:
        facts = self.facts
        blocks: list[Block] = [Paragraph(self.announcement("cancellation"))]
        if said := several_lines(str(facts.get("message") or "")):
            blocks.append(Quote(said))
        blocks.append(self.items("cancelled.title", facts.get("lines", ())))
        if facts.get("remaining"):
            blocks.append(self.items("remaining.title", facts["remaining"]))
        return [*blocks, *self.money(), *self.voucher()]

    def voucher(self) -> list[Block]:
        """A discount on a later purchase, offered with the cancellation (SH-11)."""
        offered = self.facts.get("voucher")
        if not offered:
            return []
        percent, minor = offered.get("percent"), int(offered.get("amount_minor") or 0)
        what = self.words.say("voucher.percent", percent=percent) if percent else self.amount(minor)
        last = self.dated(date.fromisoformat(offered["expires_on"]))
        code = one_line(offered["code"], longest=16)
        return [Paragraph(self.words.say("voucher", what=what, code=code, last=last))]

    def dated(self, day: date) -> str:
        """A day with its year."""
        return f"{day_text(day, self.words)} {day.year}"

    def refund(self) -> list[Block]:
        blocks: list[Block] = [Paragraph(self.announcement("refund"))]
        if said := several_lines(str(self.facts.get("message") or "")):
            blocks.append(Quote(said))
        return [*blocks, *self.on_its_way()]

    def items(self, title: str, lines: Sequence[Mapping[str, Any]]) -> Items:
        rows = []
        for line in lines[:LINES_SHOWN]:
            sku = one_line(line.get("sku"), longest=64)
            rows.append(
                (
                    self.words.say(
                        "unit", quantity=line["quantity"], title=one_line(line.get("title")) or sku
                    ),
                    self.words.say("sku", sku=sku) if sku else "",
                    self.amount(int(line["amount_minor"])) if "amount_minor" in line else "",
                )
            )
        if rest := sum(int(line["quantity"]) for line in lines[LINES_SHOWN:]):
            rows.append((self.words.counted("more", rest), "", ""))
        return Items(self.words.say(title), tuple(rows))

    def money(self) -> list[Block]:
        say, amount = self.words.say, self.amount(self.refunded)
        # Until when the law, or the platform, wants it back: who waits for money reads a day (SG-6).
        by = self.facts.get("pay_by") if self.refunded else None
        last = self.dated(date.fromisoformat(str(by))) if by else ""
        if self.when == "platform":
            key = "money.platform_amount" if self.refunded else "money.platform"
            key = "money.platform_by" if last else key
            return [Paragraph(say(key, amount=amount, last=last))]
        if self.when == "none":
            return [Paragraph(say("money.none"))]
        reserved = self.movements("void")
        freed = sum(int(movement["amount_minor"]) for movement in reserved)
        void: list[Block] = [Paragraph(say("money.void", amount=self.amount(freed)))] if reserved else []
        if not self.refunded:
            return void or [Paragraph(say("money.nothing"))]
        if self.when == "later":
            key = "money.later_by" if last else "money.later"
            return [self.sums(), Paragraph(say(key, amount=amount, last=last)), *void]
        return [self.sums(), *self.on_its_way(), *void]

    def movements(self, kind: str) -> list[Mapping[str, Any]]:
        """Refunds, or voids of what was only reserved."""
        return [m for m in self.facts.get("methods") or () if m.get("kind", "refund") == kind]

    def sums(self) -> Sums:
        """The way from the articles to the total: its rows always add up to what goes back."""
        facts, say = self.facts, self.words.say
        articles = sum(int(line.get("amount_minor", 0)) for line in facts.get("lines", ()))
        shipping, fee = int(facts.get("shipping_minor") or 0), int(facts.get("fee_minor") or 0)
        fees = int(facts.get("fees_minor") or 0)
        rest = self.refunded - articles - shipping - fees + fee
        parts = [
            ("row.articles", articles),
            ("row.shipping", shipping),
            ("row.fees", fees + max(0, rest)),
            ("row.already", min(0, rest)),
            ("row.fee", -fee),
            ("row.total", self.refunded),
        ]
        rows = tuple((say(key), self.amount(minor)) for key, minor in parts if minor)
        return Sums(say("money.title"), rows)

    def on_its_way(self) -> list[Block]:
        methods = self.movements("refund")
        total = self.amount(self.refunded)
        if len(methods) == 1:
            means, by_when = self.by_which_means(methods[0])
            return [Paragraph(self.words.say("money.now", amount=total, means=means, by_when=by_when))]
        if not methods:
            return [Paragraph(self.words.say("money.now_plain", amount=total))]
        parts = []
        for method in methods:
            means, by_when = self.by_which_means(method)
            amount = self.amount(int(method["amount_minor"]))
            parts.append("– " + self.words.say("money.part", amount=amount, means=means, by_when=by_when))
        return [Paragraph("\n".join([self.words.say("money.now_plain", amount=total), *parts]))]

    def by_which_means(self, method: Mapping[str, Any]) -> tuple[str, str]:
        """By what, and by when: "sur la carte …", "attendu entre le 25 et le 30 novembre" (SH-18)."""
        coming = arrival(
            how=str(method.get("how", "original")), method=str(method["method"]), leaves_on=self.on
        )
        delay = DELAYS[coming.means]
        key = {AT_ONCE: "when.at_once", BY_HAND: "when.until"}.get(delay, "when.between")
        same_month = coming.first.month == coming.last.month
        first = day_text(coming.first, self.words, month=not same_month)
        last = day_text(coming.last, self.words)
        return self.words.means[coming.means], self.words.say(key, first=first, last=last)
