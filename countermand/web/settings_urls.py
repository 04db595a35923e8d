"""The addresses of the settings, all below /reglages."""

from django.urls import path

from countermand.web.views import webhooks
from countermand.web.views.settings import index, keys, terms

patterns = [
    path("reglages", index.settings, name="settings"),
    path("reglages/canaux", terms.channels, name="channels"),
    path("reglages/cles", keys.tokens, name="tokens"),
    path("reglages/cles/nouvelle", keys.issue, name="issue"),
    path("reglages/cles/<uuid:token_id>/retirer", keys.revoke, name="revoke"),
    path("reglages/webhooks", webhooks.webhooks, name="webhooks"),
    path("reglages/webhooks/nouveau", webhooks.subscribe, name="subscribe"),
    path("reglages/webhooks/<uuid:webhook_id>", webhooks.webhook, name="webhook"),
    path("reglages/webhooks/<uuid:webhook_id>/changer", webhooks.change_webhook, name="change_webhook"),
    path("reglages/webhooks/<uuid:webhook_id>/essai", webhooks.ping_webhook, name="ping_webhook"),
    path("reglages/webhooks/<uuid:webhook_id>/secret", webhooks.rotate_webhook, name="rotate_webhook"),
    path("reglages/webhooks/<uuid:webhook_id>/retirer", webhooks.remove_webhook, name="remove_webhook"),
    path("reglages/envois/<uuid:delivery_id>", webhooks.delivery, name="delivery"),
    path("reglages/envois/<uuid:delivery_id>/renvoyer", webhooks.resend, name="resend"),
    path("commercant", index.switch, name="switch"),
]
