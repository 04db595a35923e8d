"""The demo's articles: those of the excerpt, with products and colours read from their titles, and plausible stock."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

COLOURS = {
    "RED": "rouge", "BLUE": "bleu", "PINK": "rose", "GREEN": "vert", "WHITE": "blanc", "BLACK": "noir",
    "IVORY": "ivoire", "PURPLE": "violet", "YELLOW": "jaune", "ORANGE": "orange", "SILVER": "argent", "GOLD": "or",
    "GREY": "gris", "CREAM": "crème", "TURQUOISE": "turquoise", "LILAC": "lilas",
}  # fmt: skip


def title_of(text: str) -> str:
    """This will write a title of the data, which shouts, as people do."""
    return text.capitalize()


def items_of(*, bodies: Iterable[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """This will describe each article that the orders hold, as (sku, body of PUT /items/{sku}).

    Stock covers what is still to leave and something more; of every twenty articles one has less than that,
    and one has none.
    """
    lines: dict[str, dict[str, Any]] = {}
    to_leave: Counter[str] = Counter()
    for body in bodies:
        shipped = {part["line"]: part["quantity"] for f in body.get("fulfilments", ()) for part in f["lines"]}
        for line in body["lines"]:
            lines[line["sku"]] = line
            to_leave[line["sku"]] += line["quantity"] - shipped.get(line["reference"], 0)
    return [(sku, _item(sku, line, to_leave[sku])) for sku, line in sorted(lines.items())]


def _item(sku: str, line: dict[str, Any], to_leave: int) -> dict[str, Any]:
    words = line["title"].upper().split()
    colours = [COLOURS[word] for word in words if word in COLOURS]
    bare = [word for word in words if word not in COLOURS]
    body: dict[str, Any] = {"title": line["title"], "on_hand": _stock(sku, to_leave)}
    if bare:
        body["product"] = " ".join(bare).capitalize()
        body["range"] = bare[-1].capitalize()
    if colours:
        body["options"] = {"couleur": " et ".join(colours)}
        body["interchangeable"] = ["couleur"]
    if line["unit_price"] != "0.00":
        body |= {"price": line["unit_price"], "currency": "EUR"}
    return body


def _stock(sku: str, to_leave: int) -> int:
    chance = int.from_bytes(blake2b(sku.encode(), digest_size=4).digest(), "big")
    if chance % 120 == 0:
        return to_leave // 2  # sold more than there is: somebody has to be told
    if chance % 20 == 1:
        return to_leave  # the last ones are promised
    return to_leave + 3 + chance // 20 % 60
