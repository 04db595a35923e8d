"""Every verb of the house, as the races and the kills run it. A new verb without a line in one of the tables fails a test."""

from tests.races import (
    money_verbs,
    order_verbs,
    place_verbs,
    request_verbs,
    sale_verbs,
    shop_verbs,
    terms_verbs,
    thread_verbs,
)
from tests.races.verb import Verb

VERBS: dict[str, Verb] = {
    **order_verbs.VERBS,
    **money_verbs.VERBS,
    **shop_verbs.VERBS,
    **sale_verbs.VERBS,
    **request_verbs.VERBS,
    **place_verbs.VERBS,
    **terms_verbs.VERBS,
    **thread_verbs.VERBS,
}
