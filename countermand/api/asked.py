"""What every operation asks of an address: parameters it knows, with values that can be stored."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from countermand.refusals import Refusal

View = Callable[..., HttpResponse]


def known_only(view: View) -> View:
    """This will refuse a query with a parameter that the operation does not have: a filter that is
    misspelt would otherwise be a list of everything."""
    # Under the name by which it is asked: `from` is no name that Python lets a parameter have.
    known = frozenset(
        getattr(given.default, "alias", None) or name
        for name, given in inspect.signature(view).parameters.items()
    )

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if request.META.get("QUERY_STRING"):
            for name in request.GET:
                if name not in known:
                    raise Refusal("unknown_field", "there is no such parameter", field=name)
                if "\x00" in request.GET[name]:
                    raise Refusal("invalid_text", "a character that cannot be stored", field=name)
        return view(request, *args, **options)

    return checked


def only_read(view: View) -> View:
    """This will refuse (405) to do anything but read what an address has."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        return view(request) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])

    return checked
