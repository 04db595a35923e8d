"""The addresses of the back office."""

from django.urls import path
from django.views.i18n import set_language

from countermand.web.views.assets import asset
from countermand.web.views.design import design
from countermand.web.views.preferences import theme

app_name = "web"

urlpatterns = [
    path("assets/<slug:digest>/<str:name>", asset, name="asset"),
    path("langue", set_language, name="language"),
    path("apparence", theme, name="theme"),
    path("design", design, name="design"),
]
