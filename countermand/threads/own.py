"""The shop's own texts for messages: written, changed, put away."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from countermand import sql
from countermand.correspondence.filling import checked_words
from countermand.merchants.history import tell
from countermand.refusals import Refusal
from countermand.threads.kinds import CANCELLATION, KINDS
from countermand.threads.models import ReplyText
from countermand.threads.queries import own_text

MOST = 100
LANGUAGES = ("fr", "en")
# A ready one speaks the platform's own words: no other stands in its place.
WRITABLE = (*(kind.code for kind in KINDS.values() if not kind.ready), CANCELLATION)


@sql.verb
def keep_text(
    *,
    merchant_id: int,
    name: str,
    kind: str,
    language: str,
    body: str,
    text_id: UUID | None = None,
    by: str,
    at: datetime,
) -> ReplyText:
    """This will keep a text of the shop's own; with `text_id`, change it.

    Refuses `not_found`, `invalid_name`, `unknown_message_kind`, `unknown_language`, `too_many_texts`, `name_taken`,
    and what `checked_words` refuses.
    """
    called = " ".join(name.split())
    if not 0 < len(called) <= 100:
        raise Refusal("invalid_name", "1 to 100 characters", field="name")
    if kind not in WRITABLE:
        raise Refusal("unknown_message_kind", f"one of {', '.join(WRITABLE)}", field="kind")
    if language not in LANGUAGES:
        raise Refusal("unknown_language", "fr or en", field="language")
    words = checked_words(body, field="body")
    found = (
        own_text(merchant_id=merchant_id, text_id=text_id) if text_id else ReplyText(merchant_id=merchant_id)
    )
    if text_id is None and ReplyText.of(merchant_id).count() >= MOST:
        raise Refusal("too_many_texts", f"at most {MOST}", field="name")
    found.name, found.kind, found.language, found.body, found.changed_at = called, kind, language, words, at
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise Refusal("name_taken", "another text has this name", field="name") from error
    tell("reply_text.changed", merchant_id=merchant_id, by=by, at=at, about=("reply_text", found.id))
    return found


@sql.verb
def drop_text(*, merchant_id: int, text_id: UUID, by: str, at: datetime) -> None:
    """This will put a text away; what was written with it stays. Gone already: nothing happens."""
    gone, _ = ReplyText.of(merchant_id).filter(id=text_id).delete()
    if gone:
        tell("reply_text.dropped", merchant_id=merchant_id, by=by, at=at, about=("reply_text", text_id))
