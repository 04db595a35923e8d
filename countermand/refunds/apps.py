from django.apps import AppConfig


class RefundsConfig(AppConfig):
    name = "countermand.refunds"
    label = "refunds"
