"""Money as integers in minor units, and the two ways of sharing it out.

Every amount in this house is an `int` of the currency's smallest unit beside an ISO 4217 code.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from babel.core import get_global
from babel.numbers import get_currency_precision

from countermand.refusals import Refusal

MAX_MINOR = 10**13
RATE_UNIT = 1_000_000  # a tax rate of 20 % is 200_000 millionths

# Codes of ISO 4217 that no buyer pays in: none, tests, metals, units of account.
NO_MONEY = frozenset(
    [
        "XXX",
        "XTS",
        "XAU",
        "XAG",
        "XPD",
        "XPT",
        "XBA",
        "XBB",
        "XBC",
        "XBD",
        "XDR",
        "XUA",
        "XSU",
        "XRE",
        "XFU",
        "XFO",
        "XEU",
    ]
)
CURRENCIES = frozenset(get_global("all_currencies")) - NO_MONEY

_AMOUNT = re.compile(r"\d{1,13}(?:\.(\d{1,20}))?", re.ASCII)
_RATE = re.compile(r"\d{1,2}(?:\.\d{1,4})?|100(?:\.0{1,4})?", re.ASCII)


@lru_cache(maxsize=512)
def exponent(currency: str) -> int:
    """This will say how many decimals a currency has (EUR 2, JPY 0, KWD 3).

    Refuses `unknown_currency` for a code outside ISO 4217, or of no money ("XXX").
    """
    if currency not in CURRENCIES:
        raise Refusal("unknown_currency", f"{currency!r} is not an ISO 4217 currency code", field="currency")
    return get_currency_precision(currency)


def parse(text: str, *, currency: str, field: str = "amount") -> int:
    """This will read an amount written in major units ("12.30") as minor units (1230).

    Refuses `invalid_amount` (anything but ASCII digits and one point), `too_many_decimals`,
    `amount_too_large` above 10^13 minor units.
    """
    found = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
    if not found:
        if isinstance(text, str) and _AMOUNT.fullmatch(text.removeprefix("-")):
            raise Refusal("invalid_amount", "is below 0", field=field)
        raise Refusal("invalid_amount", 'an amount is written in digits, like "12.30"', field=field)
    places = exponent(currency)
    whole, _, decimals = text.partition(".")
    if len(decimals) > places:
        raise Refusal("too_many_decimals", f"{currency} has {places} decimals", field=field)
    minor = int(whole + decimals.ljust(places, "0"))
    if minor > MAX_MINOR:
        raise Refusal("amount_too_large", "above what one order may hold", field=field)
    return minor


def plain(minor: int, currency: str) -> str:
    """This will write minor units as the API does: 1230 EUR as "12.30"."""
    places = exponent(currency)
    if not places:
        return str(minor)
    sign, digits = ("-", str(-minor)) if minor < 0 else ("", str(minor))
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def parse_rate(text: str, *, field: str = "tax_rate") -> int:
    """This will read a tax rate in per cent ("5.5") as millionths (55_000).

    Refuses `invalid_rate` outside 0 to 100 with at most four decimals.
    """
    if not isinstance(text, str) or not _RATE.fullmatch(text):
        raise Refusal("invalid_rate", 'a rate is written in per cent, like "5.5"', field=field)
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(4, "0"))


def plain_rate(millionths: int) -> str:
    """This will write a tax rate as the API does: 55_000 as "5.5"."""
    whole, rest = divmod(millionths, 10_000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")


def cumulative(total: int, k: int, q: int) -> int:
    """This will say what the first k of q units are worth together, of a line worth `total`.

    Source: docs/decisions/0000, Money. Exact in any order of cancelling, and fair at 10,000 units.
    """
    return total * k // q


def step(total: int, q: int, gone: int, more: int) -> int:
    """This will say what the next `more` units are worth when `gone` of q have gone before."""
    return total * (gone + more) // q - total * gone // q


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """This will share an amount out by weight, whole to the minor unit, by the largest remainder.

    Ties go to the earlier weight. All weights 0: everything on the first. The shares sum to `amount`.
    """
    whole = sum(weights)
    if not weights:
        return []
    if not whole:
        return [amount] + [0] * (len(weights) - 1)
    shares = [amount * weight // whole for weight in weights]
    missing = amount - sum(shares)
    if missing:
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
        for i in by_remainder[:missing]:
            shares[i] += 1
    return shares


def tax_within(gross: int, rate: int) -> int:
    """This will say how much tax a price with tax contains, rounded half up."""
    return (2 * gross * rate + RATE_UNIT + rate) // (2 * (RATE_UNIT + rate))


def tax_on_top(net: int, rate: int) -> int:
    """This will say how much tax comes on top of a price without tax, rounded half up."""
    return (2 * net * rate + RATE_UNIT) // (2 * RATE_UNIT)
