"""What the pages of messages are tested on: a question that waits, an answer, a text of the shop's own."""

from typing import Any
from uuid import UUID

from countermand.threads.actions import take_message, write_message
from countermand.threads.own import keep_text

LONG = (
    "Bonjour, je devais recevoir mes mugs hier. Pouvez-vous me dire où ils en sont, et si le bol part avec ? "
    * 3
)


def of_the_threads(here: dict[str, Any], order_id: UUID) -> dict[str, Any]:
    """This will write in an order's thread and give the parameters of the pages about it."""
    take_message(**here, order_id=order_id, text=LONG, via="webhook", source=f"full:{order_id}")
    write_message(**here, order_id=order_id, kind="free", text="Ils partent demain, le bol avec.")
    take_message(
        **here, order_id=order_id, text="Merci !", via="mail", attachments=["mug.jpg"], known_sender=False
    )
    kept = keep_text(
        **here, name="Retard du colis", kind="problem", language="fr", body="Bonjour {prenom}, patience."
    )
    return {"text_id": kept.id}
