"""Who works at a shop: places are offered, taken up once, changed, ended; and an owner always stays."""

from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from countermand.events.models import Event
from countermand.merchants import till
from countermand.merchants.actions import add_member
from countermand.merchants.invitations import digest_of, key_of
from countermand.merchants.models import Member, User
from countermand.merchants.team import (
    change_role,
    invitation_of,
    invite,
    invite_again,
    remove_member,
    take_up,
    withdraw_invitation,
)
from countermand.refusals import Refusal

PASSWORD = "un long mot de passe"
KEYS = {"password": PASSWORD, "first_name": "Zoé", "user": None}


def member(merchant: Any, name: str, role: str = "owner") -> Member:
    email = f"{name}-t{merchant.id}@shop.example"
    add_member(merchant=merchant, email=email, password=PASSWORD, role=role, first_name=name.title())
    return Member.objects.get(merchant=merchant, user__email=email)


def invited(merchant: Any, now: datetime, name: str = "zoe") -> Any:
    return invite(
        merchant_id=merchant.id, email=f"{name}-t{merchant.id}@shop.example", role="agent", by="marie", at=now
    )


def refused(code: str, act: Any) -> None:
    with pytest.raises(Refusal) as error:
        act()
    assert error.value.code == code


def test_SH12_an_invitation_opens_one_place_once(merchant: Any, now: datetime) -> None:
    made = invited(merchant, now)
    assert bytes(made.digest) == digest_of(key_of(made))

    place = take_up(key=key_of(made), at=now, **KEYS)

    assert (place.role, place.user.first_name) == ("agent", "Zoé")
    assert place.user.check_password(PASSWORD)
    refused("not_found", lambda: take_up(key=key_of(made), at=now, **KEYS))
    kinds = list(Event.of(merchant.id).filter(kind__startswith="member").values_list("kind", flat=True))
    assert kinds == ["member.invited", "member.joined"]


def test_SH12_an_old_link_opens_nothing(merchant: Any, now: datetime) -> None:
    made = invited(merchant, now)
    old = key_of(made)
    again = invite_again(merchant_id=merchant.id, invitation_id=made.id, by="marie", at=now)

    assert invitation_of(key=old, at=now) is None
    assert invitation_of(key=key_of(again), at=now) == again
    assert invitation_of(key=key_of(again), at=now + timedelta(days=8)) is None
    withdraw_invitation(merchant_id=merchant.id, invitation_id=made.id, by="marie", at=now)
    refused("not_found", lambda: take_up(key=key_of(again), at=now, **KEYS))


def test_SH12_who_has_an_account_signs_in_with_it(merchant: Any, now: datetime) -> None:
    known = User.objects.create_user(f"zoe-t{merchant.id}@shop.example", PASSWORD)
    made = invited(merchant, now)

    refused("sign_in_first", lambda: take_up(key=key_of(made), at=now, **KEYS))
    assert take_up(key=key_of(made), user=known, password="", first_name="", at=now).user == known


def test_SH12_the_last_owner_stays(merchant: Any, now: datetime) -> None:
    marie = member(merchant, "marie")
    paul = member(merchant, "paul", "agent")
    here: dict[str, Any] = {"merchant_id": merchant.id, "by": "marie", "at": now}

    refused("last_owner", lambda: remove_member(member_id=marie.id, **here))
    refused("last_owner", lambda: change_role(member_id=marie.id, role="manager", **here))
    change_role(member_id=paul.id, role="owner", **here)
    remove_member(member_id=marie.id, **here)
    assert list(Member.objects.filter(merchant=merchant).values_list("role", flat=True)) == ["owner"]


def test_SH12_two_owners_remove_each_other_and_one_stays(merchant: Any, now: datetime) -> None:
    pair = (member(merchant, "marie"), member(merchant, "paul"))
    start, raised = Barrier(2), []

    def go(me: Member, other: Member) -> None:
        try:
            start.wait(10)
            remove_member(merchant_id=merchant.id, member_id=other.id, acting=me.id, by=me.user.email, at=now)
        except Refusal as error:
            raised.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=go, args=each) for each in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert Member.objects.filter(merchant=merchant, role="owner").count() == 1
    assert raised == ["forbidden"]


def test_SH12_a_till_is_taken_over_with_a_code_where_one_came_in(merchant: Any, now: datetime) -> None:
    marie, paul = member(merchant, "marie"), member(merchant, "paul", "agent")
    for each, code in ((marie, "4827"), (paul, "9173")):
        till.set_till_code(member=each, code=code, by="t", at=now)
        till.came_in(member=each, browser="comptoir", at=now)
    here: dict[str, Any] = {"merchant_id": merchant.id, "member_id": paul.id}

    assert till.take_over(browser="comptoir", code="9173", at=now, **here) == paul
    refused("wrong_till_code", lambda: till.take_over(browser="comptoir", code="4827", at=now, **here))
    refused("not_at_this_till", lambda: till.take_over(browser="autre", code="9173", at=now, **here))
    later = now + timedelta(days=1)
    refused("not_at_this_till", lambda: till.take_over(browser="comptoir", code="9173", at=later, **here))
    till.went_out(user_id=paul.user_id, browser="comptoir")
    refused("not_at_this_till", lambda: till.take_over(browser="comptoir", code="9173", at=now, **here))


def test_SH12_five_wrong_codes_lock_it_for_a_quarter_of_an_hour(merchant: Any, now: datetime) -> None:
    paul = member(merchant, "paul", "agent")
    till.set_till_code(member=paul, code="9173", by="t", at=now)
    till.came_in(member=paul, browser="comptoir", at=now)
    ask: dict[str, Any] = {"merchant_id": merchant.id, "member_id": paul.id, "browser": "comptoir"}
    for _ in range(5):
        refused("wrong_till_code", lambda: till.take_over(code="0001", at=now, **ask))

    refused("till_locked", lambda: till.take_over(code="9173", at=now, **ask))
    assert till.take_over(code="9173", at=now + timedelta(minutes=16), **ask) == paul


@pytest.mark.parametrize("code", ["1111", "1234", "9876", "12", "123456789", "12a4"])
def test_SH12_a_code_that_is_guessed_is_refused(merchant: Any, now: datetime, code: str) -> None:
    with pytest.raises(Refusal):
        till.set_till_code(member=member(merchant, "marie"), code=code, by="t", at=now)
