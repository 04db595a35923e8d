"""Every address: the API, the probes, sign-in, and the back office."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import include, path, re_path

from countermand.api.docs import docs
from countermand.api.main import api
from countermand.api.openapi import openapi_json
from countermand.api.probes import healthz, readyz

# allauth brings them. Here people are invited: an address that somebody gives themselves would stand in the history,
# and would take up what was meant for another.
CLOSED = "email|confirm-email|signup|login/code|password/set"


def closed(request: HttpRequest) -> NoReturn:
    """This will say that there is no such page."""
    raise Http404("people are invited")


urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/openapi.json", openapi_json),
    path("api/v1/", api.urls),
    path("api/docs", docs),
    re_path(rf"^compte/(?:{CLOSED})/", closed),
    path("compte/", include("allauth.urls")),
    path("", include("countermand.web.urls")),
]

handler500 = "countermand.web.views.broken.broken"
