"""Every address: the API, the probes, sign-in, and the back office."""

from django.urls import include, path

from countermand.api.docs import docs
from countermand.api.main import api
from countermand.api.openapi import openapi_json
from countermand.api.probes import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/openapi.json", openapi_json),
    path("api/v1/", api.urls),
    path("api/docs", docs),
    path("compte/", include("allauth.urls")),
    path("", include("countermand.web.urls")),
]

handler500 = "countermand.web.views.broken.broken"
