"""Verbs of a marketplace: what the desk and its staff do about merchants."""

from tests.races import place_stories as stories
from tests.races.verb import Verb

VERBS: dict[str, Verb] = {
    "lead a marketplace": Verb(
        stories.of_its_people,
        "marketplace",
        ("open_marketplace", "add_operator", "invite_operator_again", "change_operator", "remove_operator"),
    ),
    "take a seat": Verb(stories.of_a_seat, "channel", ("take_seat",)),
    "judge merchants": Verb(stories.of_judging, "seat lease", ("judge_seats",)),
    "read an alert": Verb(stories.of_an_alert, "alert", ("acknowledge",)),
    "suspend a merchant": Verb(
        stories.of_a_suspension,
        "seat suspension channel",
        ("propose", "decide", "appeal", "answer", "lift", "dismiss"),
    ),
    "end a suspension": Verb(stories.of_its_end, "seat suspension channel lease", ("carry_suspensions",)),
    "answer a ticket": Verb(stories.of_a_ticket, "ticket", ("answer_ticket", "finish_ticket")),
    "take a basket in": Verb(stories.of_a_basket, "order payments items", ("receive_basket",)),
    "refund for a merchant": Verb(
        stories.of_the_service,
        "order payments",
        ("let_go_asked", "settle_asked", "send_back_asked", "ask_service_again"),
    ),
}
