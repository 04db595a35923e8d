"""A second factor is set up by whoever wants one, and asked for from then on."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from tests.web.desk import PASSWORD, Shop, email_of


def signed_in(shop: Shop) -> tuple[Client, Any]:
    client = Client()
    said = {"login": email_of(shop.merchant, "owner"), "password": PASSWORD}
    return client, client.post(reverse("account_login"), said)


def code(secret: str) -> str:
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def test_a_second_factor_is_set_up_and_then_asked_for(shop: Shop) -> None:
    client, _ = signed_in(shop)
    asked = client.get(reverse("mfa_activate_totp"))
    assert asked.status_code == 302  # first the password once more: a till may have been left alone
    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert page.status_code == 200
    secret = client.session["mfa.totp.secret"]

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code == 200 and not Authenticator.objects.exists()
    done = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert done.status_code == 302
    assert Authenticator.objects.filter(user__email=email_of(shop.merchant, "owner"), type="totp").exists()

    again, answer = signed_in(shop)
    assert answer.status_code == 302 and answer["Location"].startswith(reverse("mfa_authenticate"))
    assert again.get(reverse("web:to_do")).status_code == 302
    Authenticator.objects.all().delete()
