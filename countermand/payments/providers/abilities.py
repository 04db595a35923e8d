"""What a provider can do, as a fact that plans may read without calling anybody."""


def gives_back_parts(provider: str, reference: str | None) -> bool:
    """This will say whether a part of a payment can be given back, or the whole only."""
    return not (provider == "sandbox" and (reference or "").startswith("full"))


# Providers whose refunds a person makes and settles with evidence.
BY_HAND = frozenset({"manual"})
# Providers that are our own books: giving back there is a credit.
OUR_CREDIT = frozenset({"store_credit"})
