"""An address that somebody typed must not lead into the house."""

import ipaddress
import socket
import ssl
import time
from typing import Any

import pytest
from django.conf import settings

from countermand import fetching
from tests.actions.receiver import dripping, loopback_allowed, receiving

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:a00:1::",
    "2002:7f00:1::",
    "::10.0.0.1",
    "::7f00:1",
    "2001::1",
    "fec0::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_the_house_is_reached(address: str) -> None:
    assert not fetching.may_reach(ipaddress.ip_address(address))
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(fetching.NotFetched) as no:
        fetching.check(f"https://{host}/hooks")
    assert no.value.code == "blocked_address"


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_are_reached(address: str) -> None:
    assert fetching.may_reach(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example/hooks", "not_https"),
        ("ftp://shop.example/", "not_https"),
        ("file:///etc/passwd", "invalid_url"),
        ("gopher://shop.example/", "not_https"),
        ("https://", "invalid_url"),
        ("https://user:word@shop.example/", "invalid_url"),
        ("https://@shop.example/", "invalid_url"),
        ("https://shop.example/#part", "invalid_url"),
        ("https://shop.example:99999/", "invalid_url"),
        ("https://shop.example:0/", "invalid_url"),
        ("https://shop.example/\r\nHost: x", "invalid_url"),
        ("https://shop.example/a b", "invalid_url"),
        ("https://shop.example\\@127.0.0.1/", "invalid_url"),
        ("https://[fe80::1%25eth0]/", "invalid_url"),
        ("https://[::1/", "invalid_url"),
        ("https://é.example/", "invalid_url"),
        ("https://localhost/", "blocked_address"),
        ("https://shop.example/" + "x" * 500, "invalid_url"),
    ],
)
def test_what_is_no_address_for_us_is_refused(url: str, code: str) -> None:
    with pytest.raises(fetching.NotFetched) as no:
        fetching.check(url)
    assert no.value.code == code


@pytest.mark.parametrize("host", ["0177.0.0.1", "2130706433", "0x7f.1", "127.1"])
def test_other_ways_to_write_a_number_are_resolved_and_refused(host: str) -> None:
    # The resolver of this machine reads them as 127.0.0.1, or knows no such name: neither is called.
    with pytest.raises(fetching.NotFetched) as no:
        fetching.post(url=f"https://{host}/", body=b"", headers={})
    assert no.value.code in ("blocked_address", "unknown_host")


def resolving(monkeypatch: pytest.MonkeyPatch, *turns: list[str]) -> list[str]:
    """The network's names, and nothing of ours, played: each question gets the next answer. What was asked is kept."""
    asked: list[str] = []
    left = list(turns)

    def answer(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize("places", [["10.0.0.5"], ["93.184.216.34", "127.0.0.1"], ["169.254.169.254"]])
def test_a_name_that_leads_into_the_house_is_refused(
    monkeypatch: pytest.MonkeyPatch, places: list[str]
) -> None:
    resolving(monkeypatch, places)
    with pytest.raises(fetching.NotFetched) as no:
        fetching.post(url="https://rebind.example/", body=b"", headers={})
    assert no.value.code == "blocked_address"


def test_a_name_is_asked_for_once_and_its_address_is_the_one_called(monkeypatch: pytest.MonkeyPatch) -> None:
    # A second look-up would say 10.0.0.5: the trick is known as rebinding.
    loopback_allowed(monkeypatch)
    with receiving() as receiver:
        asked = resolving(monkeypatch, ["127.0.0.1"], ["10.0.0.5"])
        url = receiver.url.replace("127.0.0.1", "localhost")
        assert fetching.post(url=url, body=b"{}", headers={}).status == 200
    assert asked == ["localhost"]


def test_http_goes_to_this_machine_only_even_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    resolving(monkeypatch, ["93.184.216.34"])
    with pytest.raises(fetching.NotFetched) as no:
        fetching.post(url="http://localhost/", body=b"", headers={})
    assert no.value.code == "blocked_address"
    assert not fetching.may_reach(ipaddress.ip_address("10.0.0.1")), "loopback, and no other"


def test_without_the_setting_this_machine_is_not_called() -> None:
    assert settings.FETCH_LOOPBACK is False
    with receiving() as receiver, pytest.raises(fetching.NotFetched):
        fetching.post(url=receiver.url, body=b"", headers={})
    assert receiver.seen == []


def test_a_redirect_is_an_answer_and_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    with receiving() as other, receiving(answers=[302], headers={"Location": other.url}) as receiver:
        assert fetching.post(url=receiver.url, body=b"{}", headers={}).status == 302
    assert other.seen == []


def test_a_long_answer_is_read_at_its_beginning_only(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    with receiving(body=b"x" * 5_000_000) as receiver:
        answer = fetching.post(url=receiver.url, body=b"{}", headers={})
    assert len(answer.body) == fetching.MOST_BYTES


def test_who_sends_a_byte_now_and_again_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    began = time.monotonic()
    with dripping() as url, pytest.raises(fetching.NotFetched) as no:
        fetching.post(url=url, body=b"{}", headers={}, seconds=0.5)
    assert no.value.code == "timeout"
    assert time.monotonic() - began < 5


def test_who_never_shakes_hands_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(fetching.NotFetched) as no:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        fetching.post(url=url, body=b"{}", headers={}, seconds=0.3)
    assert no.value.code == "timeout"


def test_nobody_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    loopback_allowed(monkeypatch)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(fetching.NotFetched) as no:
        fetching.post(url=f"http://127.0.0.1:{port}/", body=b"{}", headers={})
    assert no.value.code == "no_connection"


def test_certificates_are_checked_against_the_name() -> None:
    context = fetching._tls()
    assert context.check_hostname and context.verify_mode == ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
