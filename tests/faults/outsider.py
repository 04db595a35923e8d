"""A shop's own software, as an outsider would write it: the REST door and the command line, nothing else."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from tests.faults.running import BOUND_SECONDS, Up, command

T = TypeVar("T")
R = TypeVar("R")

PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Said:
    """One answer."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return self.body.get("code", "") if isinstance(self.body, dict) else ""


@dataclass
class Client:
    """Asks with a token, one connection per thread; remembers answers that must never be given."""

    url: str
    token: str
    broken: list[Said] = field(default_factory=list)
    away: list[Said] = field(default_factory=list)
    _own: threading.local = field(default_factory=threading.local)

    def __call__(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Said:
        """Asks once; raises what the connection raises."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        wire = getattr(self._own, "wire", None)
        if wire is None:
            where = urlsplit(self.url)
            wire = HTTPConnection(where.hostname or "", where.port, timeout=90)
        self._own.wire = None
        wire.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
        answer = wire.getresponse()
        content = answer.read()
        self._own.wire = wire
        said = Said(answer.status, json.loads(content) if content else None, dict(answer.getheaders()))
        if said.status == 503:
            self.away.append(said)
        elif said.status >= 500:
            self.broken.append(said)
        return said

    def surely(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Said:
        """Asks until there is an answer, with the same key, as a good client does."""
        until = time.monotonic() + BOUND_SECONDS
        while True:
            try:
                said = self(method, path, body, key=key)
                if said.status < 500 and said.code != "in_progress":
                    return said
                trouble: Any = said
            except (OSError, HTTPException) as error:
                trouble = error
            assert time.monotonic() < until, f"{method} {path}: {trouble!r}"
            time.sleep(PAUSE_SECONDS)

    def get(self, path: str) -> Any:
        said = self.surely("GET", path)
        assert said.status == 200, (path, said)
        return said.body

    def made(self, method: str, path: str, body: Any, *, key: str | None = None) -> Any:
        said = self.surely(method, path, body, key=key)
        assert said.status in (200, 201), (path, said)
        return said.body

    def mails(self, to: str) -> list[dict[str, Any]]:
        return self.get(f"/sandbox/mails?to={quote(to)}")["items"]

    def paid(self, reference: str) -> dict[str, Any]:
        return self.get(f"/sandbox/payments/{reference}")


def newcomer(up: Up) -> Client:
    """Gets a token from the command line, opens a shop in test mode."""
    said = command("api-token", "outsider", "--data", str(up.folder))
    assert said.returncode == 0, said.stderr
    client = Client(url=up.run["url"], token=said.stdout.strip())
    shop = {"code": "boutique", "name": "Boutique", "terms": "own_shop"}
    client.made("POST", "/channels", {**shop, "timezone": "Europe/Paris", "mode": "test"})
    return client


def at_once(work: Callable[[T], R], over: Iterable[T], *, threads: int) -> list[R]:
    """Does a work for each, in so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, over))


def holds(up: Up) -> None:
    """The books balance, says the command line."""
    audit = command("audit", "--data", str(up.folder))
    assert audit.returncode == 0, audit.stdout + audit.stderr


def an_order(
    number: str, *, articles: tuple[str, str], reference: str, state: str = "captured"
) -> dict[str, Any]:
    """Two of one article, one of another, and carriage: 37.50, paid in one piece."""
    mug, bowl = articles
    return {
        "channel": "boutique",
        "number": number,
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "customer": {"name": "Zoé Dupont", "email": f"{number.lower()}@example.test", "language": "fr"},
        "lines": [
            {"reference": "1", "sku": mug, "quantity": 2, "unit_price": "12.30", "tax_rate": "20"},
            {"reference": "2", "sku": bowl, "quantity": 1, "unit_price": "8.00", "tax_rate": "20"},
        ],
        "shipping": {"amount": "4.90", "tax_rate": "20"},
        "total": "37.50",
        "payments": [
            {
                "provider": "sandbox",
                "method": "card",
                "amount": "37.50",
                "state": state,
                "provider_reference": reference,
            }
        ],
    }
