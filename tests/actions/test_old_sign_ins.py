"""Traces of who came in are kept as long as they serve, and no longer."""

from datetime import UTC, datetime, timedelta
from typing import Any

from axes.models import AccessLog
from django.contrib.sessions.models import Session

from countermand.merchants.actions import add_member
from countermand.merchants.jobs import KEPT_DAYS, forget_old_sign_ins
from countermand.merchants.models import Member, TillSignIn
from countermand.merchants.till import DAY, came_in


def forget(at: datetime) -> None:
    while forget_old_sign_ins(at=at):
        pass


def test_sessions_that_are_over_are_forgotten_and_others_stay(merchant: Any) -> None:
    at = datetime.now(UTC)
    for name, left in (("over", timedelta(seconds=-1)), ("open", timedelta(hours=1))):
        Session.objects.create(session_key=f"{name}-{merchant.code}"[:40], expire_date=at + left)
    forget(at)
    kept = Session.objects.filter(session_key__in=[f"{n}-{merchant.code}"[:40] for n in ("over", "open")])
    assert [each.session_key[:4] for each in kept] == ["open"]


def test_SH12_a_till_of_yesterday_is_forgotten(merchant: Any) -> None:
    at = datetime.now(UTC)
    add_member(merchant=merchant, email=f"till-{merchant.code}@shop.example", password="", role="agent")
    member = Member.objects.get(merchant=merchant)
    came_in(member=member, browser="yesterday", at=at - DAY - timedelta(seconds=1))
    came_in(member=member, browser="today", at=at)
    forget(at)
    assert [each.at for each in TillSignIn.objects.filter(member=member)] == [at]


def test_who_came_in_from_where_is_kept_for_thirty_days(merchant: Any) -> None:
    at, name = datetime.now(UTC), f"a-{merchant.code}@shop.example"
    for days in (KEPT_DAYS - 1, KEPT_DAYS + 1):
        made = AccessLog.objects.create(username=name, ip_address="203.0.113.7")
        AccessLog.objects.filter(pk=made.pk).update(attempt_time=at - timedelta(days=days))
    forget(at)
    [kept] = AccessLog.objects.filter(username=name)
    assert kept.attempt_time == at - timedelta(days=KEPT_DAYS - 1)
