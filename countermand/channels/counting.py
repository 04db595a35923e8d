"""Whether a cancellation counts in the channel's rate: one question per counting table, pure."""

from countermand.channels.presets import Terms


def counts(terms: Terms, *, initiated_by: str, official_request: bool) -> bool:
    """This will say whether a cancellation counts in the rate under a channel's terms.

    `official_request`: the buyer asked by the route that the channel recognises, before.
    Source: docs/terms.md, Rates; RK-7, RK-8, AZ-6, AZ-7.
    """
    if terms.counts == "all":
        return True
    if terms.counts == "seller":
        return initiated_by != "buyer"
    return not (initiated_by == "buyer" and official_request)
