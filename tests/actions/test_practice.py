"""SH-21: what staff practise on is a shop of its own, and nothing of it leaves the house."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import change_channel, open_channel
from countermand.channels.models import Channel
from countermand.correspondence import jobs, letters
from countermand.correspondence.models import Letter, Message
from countermand.correspondence.rendering import Mail
from countermand.demo.practice import begin_anew, practise
from countermand.merchants.actions import add_member
from countermand.merchants.models import Member, Merchant
from countermand.merchants.practice import twin_of
from countermand.merchants.team import invite, remove_member
from countermand.orders.models import Order
from countermand.overview.audit import audit
from countermand.refusals import Refusal
from countermand.webhooks.actions import subscribe
from tests.actions.letterbox import Letterbox
from tests.actions.test_correspondence_smtp import letterbox  # noqa: F401
from tests.web.desk import Shop, shop_of


def member_of(merchant: Any, role: str = "owner") -> Member:
    email = f"{role}-p{merchant.id}@shop.example"
    add_member(merchant=merchant, email=email, password="un long mot de passe", role=role)
    return Member.objects.get(merchant=merchant, user__email=email)


def test_SH21_practice_makes_a_twin_with_orders_and_counts_for_nothing(merchant: Any, now: datetime) -> None:
    twin = practise(member=member_of(merchant), by="marie", at=now)

    assert twin.practice_of_id == merchant.id
    assert Order.of(twin.id).count() >= 20
    assert not Order.of(merchant.id).exists()
    assert set(Channel.of(twin.id).values_list("mode", flat=True)) == {"test"}
    assert practise(member=member_of(merchant, "agent"), by="paul", at=now).id == twin.id
    assert audit(merchant_id=twin.id) == []


def test_SH21_no_mail_of_practice_leaves_whatever_its_channel_says(
    merchant: Any,
    now: datetime,
    letterbox: Letterbox,  # noqa: F811
) -> None:
    twin = practise(member=member_of(merchant), by="marie", at=now)
    # Even a channel that somebody wrote to be live by hand: the guard is the twin's, not the channel's.
    Channel.of(twin.id).update(mode="live")
    ready = Order.of(twin.id).filter(status="open").order_by("-placed_at")
    for order in ready[:3]:
        confirm(merchant_id=twin.id, order_id=order.id, ask=Ask(reason="out_of_stock"), by="marie", at=now)
    letters.write_letter(
        merchant_id=twin.id,
        kind="test",
        recipient="marie@shop.example",
        mail=Mail("Essai", "t", "<p>t</p>"),
        at=now,
    )

    while jobs.drain(at=now).count or letters.drain(at=now):
        pass

    # Mails of other shops may wait for the same server: none of these is of practice.
    theirs = {"marie@shop.example", *Order.of(twin.id).values_list("customer_email", flat=True)}
    assert not [mail for mail in letterbox.mails if mail["To"] in theirs]
    assert Message.of(twin.id).filter(state="sent").count() >= 3
    assert Letter.of(twin.id).get().kept


def test_SH21_practice_has_no_live_channel(merchant: Any, now: datetime) -> None:
    twin = practise(member=member_of(merchant), by="marie", at=now)
    who: dict[str, Any] = {"merchant_id": twin.id, "by": "marie", "at": now}
    place = {"code": "vraie", "name": "Vraie", "terms": "own_shop", "timezone": "Europe/Paris"}

    for act in (
        lambda: open_channel(**place, mode="live", overrides={}, **who),
        lambda: change_channel(code="boutique", changes={"mode": "live"}, **who),
        lambda: invite(email="neuf@shop.example", role="agent", **who),
        lambda: subscribe(url="https://shop.example/hook", events=["refund.sent"], **who),
    ):
        with pytest.raises(Refusal) as refused:
            act()
        assert refused.value.code == "in_practice"


def test_SH21_to_begin_anew_ends_the_twin_and_makes_another(merchant: Any, now: datetime) -> None:
    marie = member_of(merchant)
    first = practise(member=marie, by="marie", at=now)

    second = begin_anew(member=marie, by="marie", at=now)

    assert second.id != first.id and twin_of(merchant_id=merchant.id) == second
    assert not Member.objects.filter(merchant=first).exists()
    assert Merchant.objects.get(id=first.id).practice_ended_at == now


def test_SH21_who_leaves_the_shop_leaves_practice_too(merchant: Any, now: datetime) -> None:
    member_of(merchant)
    paul = member_of(merchant, "agent")
    twin = practise(member=paul, by="paul", at=now)

    remove_member(merchant_id=merchant.id, member_id=paul.id, by="marie", at=now)

    assert not Member.objects.filter(merchant=twin).exists()


def test_SH21_in_and_out_by_one_click_under_a_banner(merchant: Any) -> None:
    shop: Shop = shop_of(merchant)
    agent = shop["agent"]
    banner = "Mode entraînement"
    assert 'class="practice-bar"' not in agent.get("/").content.decode()

    agent.post(reverse("web:enter_practice"))

    page = agent.get("/").content.decode()
    assert 'class="practice-bar"' in page and banner in page
    agent.post(reverse("web:leave_practice"))
    assert 'class="practice-bar"' not in agent.get("/").content.decode()
