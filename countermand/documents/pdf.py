"""A document as a PDF, made from its frozen content alone: the same content gives the same bytes, always."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from countermand import money
from countermand.documents.sheet import ACCENT, BOTTOM, MARGIN, QUIET, RULE, WIDTH, Column, Sheet
from countermand.documents.wording import LOCALES, words

HALF = WIDTH / 2
NO_BREAK = "\u00a0"
TYPE = "application/pdf"


def pdf(content: Mapping[str, Any]) -> bytes:
    """This will draw a document. Nothing of it is asked of the database or of the clock."""
    return _Paper(content).draw()


def file_name(content: Mapping[str, Any]) -> str:
    """This will name the file as people look for it: avoir-AV-2026-00012.pdf."""
    word = {"credit_note": {"fr": "avoir", "en": "credit-note"}, "receipt": {"fr": "recu", "en": "receipt"}}
    return f"{word[content['kind']][content['language']]}-{content['label']}.pdf"


class _Paper:
    def __init__(self, content: Mapping[str, Any]) -> None:
        self.content = content
        self.words = words(content["language"])
        self.locale = LOCALES[content["language"]]
        self.note = content["kind"] == "credit_note"
        self.back = content["corrects"] is not None
        self.sheet = Sheet(
            title=f"{self.words[content['kind']]} {content['label']}",
            language=content["language"],
            on=date.fromisoformat(content["issued_on"]),
            foot=self.foot(),
            page_word=self.words["page"],
        )

    def draw(self) -> bytes:
        self.sheet.add_page()
        self.specimen()
        self.head()
        self.parties()
        self.about()
        self.lines()
        self.sums()
        self.ways()
        self.mentions()
        return bytes(self.sheet.output())

    # How figures and days are written.

    def amount(self, minor: int) -> str:
        currency = self.content["currency"]
        major = Decimal(minor).scaleb(-money.exponent(currency))
        return format_currency(major, currency, locale=self.locale).replace("-", "\u2212")

    def rate(self, millionths: int) -> str:
        space = NO_BREAK if self.locale == "fr_FR" else ""
        return format_decimal(Decimal(millionths) / 10_000, locale=self.locale) + f"{space}%"

    def day(self, text: str | None) -> str:
        """« 1er novembre 2026 » in French, "1 November 2026" in English."""
        if not text:
            return ""
        on = date.fromisoformat(text)
        said = format_date(on, "d MMMM y", locale=self.locale)
        if on.day == 1 and self.locale == "fr_FR":
            said = said.replace("1 ", "1er ", 1)
        return said.replace(" ", NO_BREAK)

    # The parts of the page, from top to bottom.

    def foot(self) -> list[str]:
        seller = self.content["seller"]
        who = [seller["legal_name"] or seller["shop"], seller.get("form"), seller.get("register")]
        ids = [
            seller.get("siret") and self.words["siret"].format(siret=_grouped(seller["siret"])),
            seller.get("vat_number") and self.words["vat_number"].format(number=seller["vat_number"]),
            *seller["address"],
        ]
        return [" · ".join(part for part in line if part) for line in (who, ids) if any(line)]

    def specimen(self) -> None:
        if not self.content["specimen"]:
            return
        sheet = self.sheet
        sheet.set_font("Inter", "B", 96)
        sheet.set_text_color(240, 237, 231)
        with sheet.rotation(32, x=105, y=165):
            text = self.words["specimen"]
            sheet.text(105 - sheet.get_string_width(text) / 2, 175, text)

    def head(self) -> None:
        sheet, content = self.sheet, self.content
        top = sheet.get_y()
        sheet.say(content["seller"]["shop"], size=13, bold=True, width=HALF)
        sheet.set_xy(MARGIN + HALF - 20, top)
        sheet.say(self.words[content["kind"]], size=19, bold=True, colour=ACCENT, width=HALF + 20, align="R")
        number = self.words["number"].format(label=content["label"])
        sheet.say(number, size=10.5, bold=True, width=HALF + 20, align="R")
        issued = self.words["issued" if self.note else "issued.receipt"]
        sheet.say(issued.format(day=self.day(content["issued_on"])), size=9.5, width=HALF + 20, align="R")
        if self.back:
            corrects = content["corrects"]
            said = self.words["takes_back" if corrects["whole"] else "takes_back.part"].format(
                what=self.words[f"takes_back.{content['kind']}"],
                label=corrects["label"],
                day=self.day(corrects["on"]),
            )
            sheet.say(said, size=9.5, bold=True, width=HALF + 20, align="R")
        sheet.set_xy(MARGIN, sheet.get_y() + 9)

    def parties(self) -> None:
        sheet, seller, buyer = self.sheet, self.content["seller"], self.content["buyer"]
        top = sheet.get_y()
        self.label(self.words["seller"], HALF)
        sheet.say(seller["legal_name"] or seller["shop"], bold=True, width=HALF - 6)
        vat, siret = seller.get("vat_number"), seller.get("siret")
        for line in (
            *seller["address"],
            siret and self.words["siret"].format(siret=_grouped(siret)),
            vat and self.words["vat_number"].format(number=vat),
        ):
            if line:
                sheet.say(line, width=HALF - 6)
        low = sheet.get_y()
        sheet.set_xy(MARGIN + HALF, top)
        self.label(self.words["buyer"], HALF)
        if buyer["name"]:
            sheet.say(buyer["name"], bold=True, width=HALF - 6)
        for line in buyer["address"]:
            sheet.say(line, width=HALF - 6)
        sheet.set_xy(MARGIN, max(low, sheet.get_y()) + 7)

    def about(self) -> None:
        sheet, order, cause = self.sheet, self.content["order"], self.content["cause"]
        ordered = self.words["order.of"].format(number=order["number"], day=self.day(order["placed_on"]))
        said = [(self.words["order"], ordered)]
        if order["invoice_number"] and self.note:
            said.insert(0, (self.words["invoice"], order["invoice_number"]))
        if cause["on"]:
            said.append(
                (self.words["cause"], self.words[f"cause.{cause['what']}"].format(day=self.day(cause["on"])))
            )
        top, low, width = sheet.get_y(), 0.0, WIDTH / len(said)
        for i, (title, text) in enumerate(said):
            sheet.set_xy(MARGIN + i * width, top)
            self.label(title, width)
            sheet.say(text, size=9.0, width=width - 2, bold=i == 0)
            low = max(low, sheet.get_y())
        sheet.set_xy(MARGIN, low + 7)

    def lines(self) -> None:
        columns = [
            Column(self.words["col.what"], 68),
            Column(self.words["col.quantity"], 14, "R"),
            Column(self.words["col.unit"], 24, "R"),
            Column(self.words["col.net"], 24, "R"),
            Column(self.words["col.rate"], 17, "R"),
            Column(self.words["col.gross"], 27, "R"),
        ]
        again = f"{self.words[self.content['kind']]} {self.content['label']} {self.words['continued']}"
        self.sheet.rows_under(columns, [self.row(line) for line in self.content["lines"]], title_again=again)
        self.sheet.set_y(self.sheet.get_y() + 6)

    def row(self, line: Mapping[str, Any]) -> list[str]:
        title = line["title"] or self.words.get(f"what.{line['what']}", line["sku"])
        under = [self.words["sku"].format(sku=line["sku"])] if line["sku"] else []
        if line["what"] == "line" and line["quantity"] is None:
            under.append(self.words["part"])
        quantity = line["quantity"]
        # The price of one to the cent, where units have one price; else the total alone is exact.
        unit = line["net"] // quantity if quantity and line["net"] % quantity == 0 else None
        return [
            title + ("\n" + " · ".join(under) if under else ""),
            str(quantity) if quantity else "",
            self.amount(unit) if unit is not None else "",
            self.amount(line["net"]),
            "–" if line["rate"] is None else self.rate(line["rate"]),
            self.amount(line["gross"]),
        ]

    def sums(self) -> None:
        """Tax per rate at the left, totals at the right; never torn apart by a page's end."""
        sheet, content = self.sheet, self.content
        if sheet.get_y() + 14 + 6 * max(3, len(content["rates"])) > sheet.h - BOTTOM:
            sheet.add_page()
        top = sheet.get_y()
        x, wide = MARGIN, (36.0, 26.0, 26.0)
        titles = (self.words["rates"], self.words["base"], self.words["tax"])
        self.cells(titles, wide, x, size=7.5, colour=QUIET, bold=True)
        for one in content["rates"]:
            if one["rate"] is None:
                self.cells((self.words["rate.none"], self.amount(one["net"]), "–"), wide, x)
            else:
                cells = (self.rate(one["rate"]), self.amount(one["net"]), self.amount(one["tax"]))
                self.cells(cells, wide, x)
        low = sheet.get_y()
        right, wide_right = MARGIN + 100, (42.0, 32.0)
        sheet.set_xy(right, top)
        self.cells((self.words["total.net"], self.amount(content["net"])), wide_right, right)
        self.cells((self.words["total.tax"], self.amount(content["tax"])), wide_right, right)
        sheet.set_draw_color(*RULE)
        sheet.line(right, sheet.get_y() + 0.8, right + 74, sheet.get_y() + 0.8)
        sheet.set_y(sheet.get_y() + 2)
        total = "total.back" if self.back else "total.gross" if self.note else "total.gross.receipt"
        self.cells((self.words[total], self.amount(content["gross"])), wide_right, right, size=12, bold=True)
        sheet.set_xy(MARGIN, max(low, sheet.get_y()) + 6)

    def cells(self, texts: tuple[str, ...], wide: tuple[float, ...], x: float, **how: Any) -> None:
        top, low = self.sheet.get_y(), 0.0
        for i, (text, width) in enumerate(zip(texts, wide, strict=True)):
            self.sheet.set_xy(x, top)
            self.sheet.say(text, width=width, align="R" if i else "L", **{"size": 9.0, **how})
            low = max(low, self.sheet.get_y())
            x += width
        self.sheet.set_y(low + 0.7)

    def ways(self) -> None:
        sheet = self.sheet
        for one in self.content["paid"]:
            means = one["means"] if one["how"] == "original" else one["how"]
            key = "back" if self.back else f"paid.{means}"
            said = self.words.get(key, self.words["paid.manual"]).format(day=self.day(one["on"]))
            sheet.set_x(MARGIN)
            sheet.say(self.words["said"].format(what=said, amount=self.amount(one["amount"])))
        retained = self.content["cause"].get("retained")
        if retained:
            sheet.say(self.words["retained"].format(amount=self.amount(retained)))
        sheet.set_xy(MARGIN, sheet.get_y() + 5)

    def mentions(self) -> None:
        content, said = self.content, []
        if content["specimen"]:
            said.append(self.words["specimen.note"])
        if content["seller"].get("vat_exempt"):
            said.append(self.words["mention.exempt"])
        if any(line["rate"] is None for line in content["lines"]) and self.note:
            said.append(self.words["mention.no_correction"])
        if self.note and not self.back:
            said.append(self.words["mention.credit_note"].format(invoice=content["order"]["invoice_number"]))
        if not self.note:
            said.append(self.words["mention.receipt"])
        for text in said:
            self.sheet.say(text, size=8, colour=QUIET)
            self.sheet.set_y(self.sheet.get_y() + 1)

    def label(self, text: str, width: float) -> None:
        self.sheet.say(text, size=7.5, bold=True, colour=QUIET, width=width)
        self.sheet.set_xy(self.sheet.get_x(), self.sheet.get_y() + 0.6)


def _grouped(siret: str) -> str:
    """732 829 320 00074, as it is read aloud."""
    return NO_BREAK.join((siret[:3], siret[3:6], siret[6:9], siret[9:]))
