from django.apps import AppConfig


class AcceptanceConfig(AppConfig):
    name = "countermand.acceptance"
    label = "acceptance"
