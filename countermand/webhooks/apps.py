from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "countermand.webhooks"
    label = "webhooks"
