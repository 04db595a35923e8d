"""The addresses of the settings, all below /reglages."""

from django.urls import path

from countermand.web.views.settings import index, keys, terms

patterns = [
    path("reglages", index.settings, name="settings"),
    path("reglages/canaux", terms.channels, name="channels"),
    path("reglages/cles", keys.tokens, name="tokens"),
    path("reglages/cles/nouvelle", keys.issue, name="issue"),
    path("reglages/cles/<uuid:token_id>/retirer", keys.revoke, name="revoke"),
    path("commercant", index.switch, name="switch"),
]
