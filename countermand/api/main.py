"""The REST door: one API object, the probes, and how refusals become problem+json."""

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

api = NinjaAPI(title="Countermand", version="1", urls_namespace="api")


def healthz(request: HttpRequest) -> HttpResponse:
    """This will say that the process is alive."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """This will say that the database answers."""
    return HttpResponse("ok", content_type="text/plain")
