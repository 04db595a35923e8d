"""The one way in which this house calls an address that somebody typed: webhooks, and whatever fetches later.

Who may type an address must not reach what only this machine can reach. So: https only, the name is resolved
here, every address it stands for must be a public one, the call goes to that very address (no second look-up in
between), certificates are checked against the name, redirects are answers and are not followed, and time and
size are bounded. All of it again at each try, since names change (docs/decisions/0000, Security).
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 500
CONNECT_SECONDS = 4.0
MOST_ADDRESSES = 3  # of one name: who answers on none of these is away
MOST_BYTES = 16 * 1024

# Carries an IPv4 address inside, as others do: judged by the address that is reached in the end.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")  # all else is local, reserved, or wraps something


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `body` is its beginning, `most_bytes` at the most."""

    status: int
    body: bytes
    retry_after: str


class NotFetched(Exception):
    """Nothing came back. `code` says why, in a word that can be kept and shown:

    invalid_url, not_https, blocked_address, unknown_host, no_connection, bad_certificate, timeout, no_answer.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check(url: str) -> SplitResult:
    """This will read an address that somebody typed, without asking anybody.

    Raises NotFetched: `invalid_url`, `not_https`; `blocked_address` for a number that is no public one.
    """
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise NotFetched("invalid_url")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotFetched("invalid_url") from None
    host = parts.hostname or ""
    if not host or parts.username is not None or parts.fragment or port == 0 or "%" in host or "\\" in url:
        raise NotFetched("invalid_url")
    if parts.scheme not in ("https", "http"):
        raise NotFetched("not_https")
    number = _number(host)
    if parts.scheme == "http" and not (
        _loopback_allowed() and (host == "localhost" or (number and number.is_loopback))
    ):
        raise NotFetched("not_https")
    if number is not None and not may_reach(number):
        raise NotFetched("blocked_address")
    if host == "localhost" and not _loopback_allowed():
        raise NotFetched("blocked_address")
    return parts


def may_reach(address: Address) -> bool:
    """This will say whether an address is a public one; loopback only where the instance allows it."""
    inner = _inside(address)
    if inner is not None:
        return may_reach(inner)
    if address.is_loopback:
        return _loopback_allowed()
    if isinstance(address, ipaddress.IPv6Address) and address not in PUBLIC_V6:
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def post(*, url: str, body: bytes, headers: Mapping[str, str], seconds: float = 10.0) -> Answer:
    """This will send `body` and give the beginning of what comes back, within `seconds` whatever happens.

    Any status is an answer, a redirect too. Raises NotFetched.
    """
    parts = check(url)
    until = time.monotonic() + seconds
    held = [_connected(parts, until)]
    # A time-out of the socket is one of each read; who sends a byte a second is cut off by the clock.
    cut = Timer(max(0.1, until - time.monotonic()), _cut, (held,))
    cut.daemon = True
    cut.start()
    connection = HTTPConnection(parts.netloc)
    try:
        if parts.scheme == "https":
            # Held before the handshake: that is where a server may be slow, too.
            held.append(
                _tls().wrap_socket(held[0], server_hostname=parts.hostname, do_handshake_on_connect=False)
            )
            held[-1].do_handshake()  # type: ignore[attr-defined]
        connection.sock = held[-1]
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST", path, body=body, headers={"Host": _host(parts), "Connection": "close", **headers}
        )
        answer = connection.getresponse()
        text = answer.read(MOST_BYTES)
        return Answer(answer.status, text, answer.headers.get("Retry-After", "")[:64])
    except ssl.SSLCertVerificationError:
        raise NotFetched("bad_certificate") from None
    except (OSError, HTTPException, ValueError):
        raise NotFetched("timeout" if time.monotonic() >= until - 0.05 else "no_answer") from None
    finally:
        cut.cancel()
        connection.close()
        for sock in held:
            sock.close()


def _connected(parts: SplitResult, until: float) -> socket.socket:
    """A connection to one of the name's addresses, every one of which must be a public one."""
    places = _resolved(parts)
    for place in places[:MOST_ADDRESSES]:
        left = until - time.monotonic()
        if left <= 0:
            break
        sock = socket.socket(socket.AF_INET6 if ":" in place[0] else socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(min(CONNECT_SECONDS, left))
        try:
            sock.connect(place)
        except OSError:
            sock.close()
            continue
        sock.settimeout(max(0.1, until - time.monotonic()))
        return sock
    raise NotFetched("timeout" if time.monotonic() >= until else "no_connection")


def _resolved(parts: SplitResult) -> list[tuple[str, int]]:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotFetched("unknown_host") from None
    places = list(dict.fromkeys((str(each[4][0]).split("%")[0], port) for each in found))
    # One address within the house is enough to refuse: a name that stands for both is a trap.
    for place, _ in places:
        address = ipaddress.ip_address(place)
        if not may_reach(address) or (parts.scheme == "http" and not address.is_loopback):
            raise NotFetched("blocked_address")
    if not places:
        raise NotFetched("unknown_host")
    return places


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _cut(held: list[socket.socket]) -> None:
    with suppress(OSError):  # it is over already
        # The plain socket's way of ending: another thread reads from the wrapped one.
        socket.socket.shutdown(held[-1], socket.SHUT_RDWR)


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _number(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to, whichever way it is wrapped."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _loopback_allowed() -> bool:
    return bool(settings.FETCH_LOOPBACK)
