"""Two small layers of ours around every request."""

from collections.abc import Callable

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse

from countermand.api.problems import Problem, dressed, problem
from countermand.api.reading import check_outside

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class _ApiHandler(BaseHandler):
    """Django's own handler, loaded with no middleware at all."""

    def load_middleware(self, is_async: bool = False) -> None:
        kept, settings.MIDDLEWARE = settings.MIDDLEWARE, []
        try:
            super().load_middleware(is_async=is_async)
        finally:
            settings.MIDDLEWARE = kept

    def answer(self, request: HttpRequest) -> HttpResponse:
        """This will answer, or say what is wrong as a problem; HEAD is a GET whose content stays here."""
        head = request.method == "HEAD"
        if head:
            request.method = "GET"
        try:
            check_outside(request)
            response = dressed(request, self._middleware_chain(request))  # type: ignore[attr-defined]
        except Problem as error:
            response = problem(error.status, error.code, error.detail)
        if head:
            response.content = b""
        return response


def api_lane(next_layer: Answer) -> Answer:
    """This will answer /api and the probes without sessions, cookies or CSRF: they know bearer tokens only.

    Cookies are never read there, so there is nothing for CSRF to protect; and a tenth of a
    request's time is saved. Every error is a problem there. The human pages keep the whole stack.
    """
    handler = _ApiHandler()
    handler.load_middleware()

    def layer(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.startswith(("/api/", "/healthz", "/readyz")) or path == "/api":
            return handler.answer(request)
        return next_layer(request)

    return layer


def content_security_policy(next_layer: Answer) -> Answer:
    """This will forbid pages to load, run or send anything that is not ours."""

    def layer(request: HttpRequest) -> HttpResponse:
        response = next_layer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return layer
