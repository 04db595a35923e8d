"""One stylesheet and one script for every page, put together from small files.

Their address carries a digest of their content, so a browser asks for each exactly once per version.
"""

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

# The order is the order of say within a layer; tokens.css names the layers and stands first.
BUNDLES = {
    "desk.css": (
        *(
            f"web/css/{name}.css"
            for name in (
                "tokens",
                "dark",
                "base",
                "frame",
                "entrance",
                "buttons",
                "forms",
                "choices",
                "tabs",
                "tables",
                "panels",
                "toasts",
                "steps",
                "figures",
                "performance",
                "pages",
                "orders",
                "dialog",
                "scrolled",
                "guided",
                "settings",
                "approvals",
                "webhooks",
                "papers",
                "returns",
                "threads",
                "design",
                "print",
            )
        ),
    ),
    "desk.js": ("django_htmx/htmx-2.min.js", "web/desk.js"),
}
TYPES = {"desk.css": "text/css; charset=utf-8", "desk.js": "text/javascript; charset=utf-8"}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Bundle:
    """Bytes ready to be sent, plain and compressed."""

    plain: bytes
    zipped: bytes
    digest: str


def bundle(name: str) -> Bundle:
    """This will give a bundle by its name; while developing, as its files are now.

    Raises KeyError for a name that is none of ours.
    """
    return _read(name) if settings.DEBUG else _kept(name)


@lru_cache(maxsize=8)
def _kept(name: str) -> Bundle:
    return _read(name)


def _read(name: str) -> Bundle:
    texts = [Path(_found(part)).read_text(encoding="utf-8") for part in BUNDLES[name]]
    if name.endswith(".css"):
        texts = [_SPACE.sub("\n", _COMMENT.sub("", text)).strip() for text in texts]
    plain = "\n".join(texts).encode()
    return Bundle(plain=plain, zipped=gzip.compress(plain, mtime=0), digest=sha256(plain).hexdigest()[:12])


def _found(part: str) -> str:
    path = finders.find(part)
    if not isinstance(path, str):
        raise FileNotFoundError(f"static file {part} is missing")
    return path
