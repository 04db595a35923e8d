"""Every address: the API, the probes, sign-in, and the back office."""

from django.urls import include, path

from countermand.api.main import api
from countermand.api.probes import healthz, readyz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("api/v1/", api.urls),
    path("compte/", include("allauth.urls")),
    path("", include("countermand.web.urls")),
]
