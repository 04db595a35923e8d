"""A real browser on a real server over the test database: only where nothing less proves the point."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.test.testcases import LiveServerThread, _StaticFilesHandler
from playwright.sync_api import Browser, BrowserContext, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")  # as bin/test looks for it
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@contextmanager
def served() -> Iterator[str]:
    """This will serve the pages from a thread of this process and give their address."""
    thread = LiveServerThread("127.0.0.1", _StaticFilesHandler, connections_override={}, port=0)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    try:
        if thread.error:
            raise thread.error
        yield f"http://127.0.0.1:{thread.port}"
    finally:
        thread.terminate()


@contextmanager
def browsing() -> Iterator[Browser]:
    """This will start the browser."""
    with sync_playwright() as play:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        browser = play.chromium.launch(executable_path=found, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


def signed_in(browser: Browser, address: str, session: str, **options: Any) -> BrowserContext:
    """This will open a context that carries a session; what its console complains of is kept in `complaints`."""
    context = browser.new_context(locale="fr-FR", base_url=address, **options)
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return context
