"""Verbs on messages between buyer and merchant, and on what they are written with."""

from countermand.threads.actions import set_aside, take_message, write_message
from countermand.threads.keys import make_key
from countermand.threads.models import ReplyText
from countermand.threads.own import drop_text, keep_text
from tests.races.scene import Scene
from tests.races.verb import Verb, here, there


def _text(scene: Scene) -> ReplyText:
    known = ReplyText.of(scene.merchant_id).filter(name="retard").first()
    said = {"name": "retard", "kind": "free", "language": "fr", "body": "Un peu de patience."}
    return known or keep_text(**said, **there(scene))  # type: ignore[arg-type]


def _set_aside(scene: Scene) -> None:
    take_message(text="merci", via="webhook", source=f"race:{scene.order_id}", **here(scene))  # type: ignore[arg-type]
    set_aside(**here(scene))  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "take a message": Verb(
        lambda s: take_message(text="allô ?", via="webhook", source=f"take:{s.order_id}", **here(s)),  # type: ignore[arg-type]
        "thread",
        ("take_message",),
    ),
    "write a message": Verb(
        lambda s: write_message(kind="free", text="demain", source=f"write:{s.order_id}", **here(s)),  # type: ignore[arg-type]
        "order thread",
        ("write_message",),
    ),
    "nothing to answer": Verb(_set_aside, "thread", ("set_aside",)),
    "make an inbound key": Verb(
        lambda s: make_key(code="boutique", **there(s)),  # type: ignore[arg-type]
        "channel",
        ("make_key",),
    ),
    "keep a text": Verb(
        lambda s: keep_text(name=f"t-{s.order_id}", kind="free", language="fr", body="à demain", **there(s)),  # type: ignore[arg-type]
        "reply_text",
        ("keep_text",),
    ),
    "drop a text": Verb(
        lambda s: drop_text(text_id=_text(s).id, **there(s)),  # type: ignore[arg-type]
        "reply_text",
        ("drop_text",),
    ),
}
