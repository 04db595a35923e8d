"""Messages between buyer and merchant: one thread per order, each message once, nothing that the terms forbid."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.channels.actions import open_channel
from countermand.correspondence import jobs
from countermand.correspondence.models import Message
from countermand.events.models import Event
from countermand.refusals import Refusal
from countermand.stock.actions import make_unavailable, put_item
from countermand.threads.actions import set_aside, take_message, write_message
from countermand.threads.models import Entry, Thread
from countermand.threads.own import drop_text, keep_text
from countermand.threads.queries import cancel_text_unedited, writing
from tests.actions.correspondents import LONG_AGO
from tests.builders import an_order


def said(merchant: Any, order_id: UUID, **more: Any) -> Any:
    return {"merchant_id": merchant.id, "order_id": order_id, "by": "léa", "at": datetime.now(UTC), **more}


def channel(merchant: Any, terms: str) -> str:
    open_channel(
        merchant_id=merchant.id,
        code=terms,
        name=terms,
        terms=terms,
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    return terms


def refused(code: str, because: str = "") -> Any:
    def match(error: Any) -> bool:
        return error.code == code and (not because or error.facts.get("because") == because)

    return (
        pytest.RaisesExc(Refusal, check=match)
        if hasattr(pytest, "RaisesExc")
        else pytest.raises(Refusal, match=code)
    )


def test_AZ20_one_thread_holds_what_both_wrote(merchant: Any) -> None:
    order = an_order(merchant)
    first = take_message(**said(merchant, order, text="Où est-elle ?", via="webhook", source="a"))
    take_message(**said(merchant, order, text="Allô ?", via="staff"))
    thread = Thread.of(merchant.id).get()
    assert (thread.entries, thread.waiting, thread.waiting_since) == (2, 2, first.entry.at)
    sent = write_message(**said(merchant, order, kind="free", text="Elle part demain."))
    thread.refresh_from_db()
    assert (thread.entries, thread.waiting, thread.waiting_since) == (3, 0, None)
    assert [each.direction for each in Entry.of(merchant.id).order_by("at")] == ["in", "in", "out"]
    mail = Message.of(merchant.id).get(kind="reply")
    assert (mail.id, mail.state) == (sent.entry.message_id, "planned")


def test_EM15_a_reply_leaves_as_it_was_written_and_is_signed(merchant: Any) -> None:
    merchant.contact_name = "Camille"
    merchant.save()
    order = an_order(merchant, number="T-1")
    take_message(**said(merchant, order, text="?", via="mail", mail_id="<q@example.org>"))
    sent = write_message(
        **said(merchant, order, kind="free", text="Bonjour,\n\nElle part <demain>.", at=LONG_AGO)
    )
    jobs.drain(at=LONG_AGO)
    mail = Message.of(merchant.id).get(id=sent.entry.message_id)
    assert (mail.state, mail.subject) == ("sent", "Votre commande T-1")
    assert mail.text.startswith("Bonjour,\n\nElle part <demain>.\n\n")
    assert mail.text.rstrip().endswith("Camille, Le Petit Mug")
    assert "&lt;demain&gt;" in mail.html
    assert mail.facts["answers"] == "<q@example.org>"


def test_AZ20_the_same_message_twice_is_once(merchant: Any) -> None:
    order = an_order(merchant)
    one = take_message(**said(merchant, order, text="Allô ?", via="webhook", source="hook:1"))
    again = take_message(**said(merchant, order, text="Allô ?", via="webhook", source="hook:1"))
    assert (one.created, again.created, again.entry.id) == (True, False, one.entry.id)
    sent = write_message(**said(merchant, order, kind="free", text="Oui.", source="press:1"))
    twice = write_message(**said(merchant, order, kind="free", text="Oui.", source="press:1"))
    assert (sent.created, twice.created, twice.entry.id) == (True, False, sent.entry.id)
    assert Thread.of(merchant.id).get().entries == 2
    assert Message.of(merchant.id).filter(kind="reply").count() == 1


def test_AZ20_nothing_of_a_person_stands_in_the_history(merchant: Any) -> None:
    order = an_order(merchant)
    take_message(**said(merchant, order, text="Je m'appelle Ana", via="webhook"))
    write_message(**said(merchant, order, kind="free", text="Bonjour Ana"))
    told = list(Event.of(merchant.id).filter(order_id=order).order_by("id").values_list("kind", "facts"))
    assert [kind for kind, _ in told if kind.startswith("message")] == ["message.received", "message.planned"]
    assert not any("Ana" in str(facts) for _, facts in told)


def test_AZ20_a_thanks_needs_no_answer(merchant: Any) -> None:
    order = an_order(merchant)
    with refused("not_found"):
        set_aside(**said(merchant, order))
    take_message(**said(merchant, order, text="Merci !", via="webhook"))
    set_aside(**said(merchant, order))
    set_aside(**said(merchant, order))
    assert Thread.of(merchant.id).get().waiting == 0
    assert Event.of(merchant.id).filter(kind="message.set_aside").count() == 1


def test_AZ20_what_was_sent_before_is_not_from_tomorrow(merchant: Any, now: datetime) -> None:
    order = an_order(merchant)
    early = take_message(
        **said(merchant, order, text="a", via="webhook", sent_at=now - timedelta(hours=6), at=now)
    )
    late = take_message(
        **said(merchant, order, text="b", via="webhook", sent_at=now + timedelta(days=9), at=now)
    )
    assert (early.entry.at, late.entry.at) == (now - timedelta(hours=6), now)


@pytest.mark.parametrize(
    ("said_wrong", "code"),
    [
        ({"text": " "}, "message_required"),
        ({"text": "x" * 10_001}, "text_too_long"),
        ({"via": "owl"}, "unknown_means"),
    ],
)
def test_AZ20_what_comes_in_is_judged(merchant: Any, said_wrong: dict[str, str], code: str) -> None:
    with refused(code):
        take_message(**{**said(merchant, an_order(merchant), text="a", via="webhook"), **said_wrong})
    assert not Thread.of(merchant.id).exists()


def test_AZ7_a_message_alone_is_no_request_but_opens_the_ready_reply(merchant: Any) -> None:
    order = an_order(merchant, channel=channel(merchant, "amazon"))
    with refused("reply_not_allowed", "nobody_asked"):
        write_message(**said(merchant, order, kind="ask_officially", text="…"))
    take_message(**said(merchant, order, text="Annulez s'il vous plaît", via="webhook"))
    ready = next(
        each
        for each in writing(merchant_id=merchant.id, order_id=order, at=datetime.now(UTC)).ready()
        if each.kind == "ask_officially"
    )
    assert "Votre compte > Vos commandes > Demander une annulation" in ready.text
    entry = write_message(**said(merchant, order, kind="ask_officially", text=ready.text)).entry
    assert not entry.unedited  # the platform's own words are to stay as they are
    assert not Event.of(merchant.id).filter(kind="request.received").exists()


def test_AZ7_a_shortage_of_ours_blocks_the_ready_reply(merchant: Any) -> None:
    put_item(
        merchant_id=merchant.id,
        sku="MUG-BLEU",
        fields={"title": "Mug", "on_hand": 5},
        by="t",
        at=datetime.now(UTC),
    )
    order = an_order(merchant, channel=channel(merchant, "amazon"))
    take_message(**said(merchant, order, text="Annulez", via="webhook"))
    with refused("reply_not_allowed", "shortage"):
        write_message(**said(merchant, order, kind="ask_officially", text="…", reason="out_of_stock"))
    write_message(**said(merchant, order, kind="ask_officially", text="…"))
    make_unavailable(merchant_id=merchant.id, sku="MUG-BLEU", days=5, by="t", at=datetime.now(UTC))
    with refused("reply_not_allowed", "shortage"):
        write_message(**said(merchant, order, kind="ask_officially", text="…"))


def test_AZ17_an_address_that_fails_is_answered_before_shipping(merchant: Any) -> None:
    order = an_order(merchant, channel=channel(merchant, "amazon"))
    found = writing(merchant_id=merchant.id, order_id=order, at=datetime.now(UTC))
    text = next(each.text for each in found.ready() if each.kind == "address")
    assert write_message(**said(merchant, order, kind="address", text=text)).created


def test_AZ11_nothing_is_written_while_the_payment_is_verified(merchant: Any) -> None:
    order = an_order(merchant, channel=channel(merchant, "amazon"), verification="pending", paid="authorized")
    take_message(**said(merchant, order, text="Envoyez vite", via="webhook"))
    with refused("not_verified_yet"):
        write_message(**said(merchant, order, kind="answer", text="Oui"))
    assert not Message.of(merchant.id).filter(kind="reply").exists()


def test_RK4_a_text_that_nobody_touched_is_pointed_out_and_goes_through(merchant: Any, now: datetime) -> None:
    order = an_order(merchant, channel=channel(merchant, "rakuten_france"))
    own: dict[str, Any] = {"merchant_id": merchant.id, "by": "léa", "at": now}
    kept = keep_text(
        name="Rupture",
        kind="cancellation",
        language="fr",
        body="Bonjour {prenom}, plus rien. Désolés.",
        **own,
    )
    ask: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order, "at": now}
    assert cancel_text_unedited(text="Bonjour Ana, plus rien. Désolés.", **ask)
    assert not cancel_text_unedited(text="Bonjour Ana, plus rien. Je vous ai gardé un bol vert.", **ask)
    drop_text(text_id=kept.id, **own)
    assert not cancel_text_unedited(text="Bonjour Ana, plus rien. Désolés.", **ask)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "invalid_name"),
        ({"kind": "ask_officially"}, "unknown_message_kind"),
        ({"language": "de"}, "unknown_language"),
        ({"body": ""}, "text_required"),
        ({"body": "{montant}"}, "unknown_variable"),
        ({"body": "a { b"}, "loose_brace"),
        ({"text_id": UUID(int=1)}, "not_found"),
    ],
)
def test_AZ20_a_text_of_the_shops_own_is_judged(
    merchant: Any, now: datetime, wrong: dict[str, Any], code: str
) -> None:
    asked: dict[str, Any] = {"name": "a", "kind": "free", "language": "fr", "body": "b"}
    own: dict[str, Any] = {"merchant_id": merchant.id, "by": "léa", "at": now}
    keep_text(**own, **asked)
    with refused("name_taken"):
        keep_text(**own, **asked)
    with refused(code):
        keep_text(**own, **{**asked, "name": "c", **wrong})


def test_AZ20_an_order_without_an_address_is_not_written_to(merchant: Any) -> None:
    order = an_order(merchant, email="")
    with refused("message_needs_email"):
        write_message(**said(merchant, order, kind="free", text="Bonjour"))
    assert not Thread.of(merchant.id).exists()
