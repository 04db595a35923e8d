from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "countermand.returns"
    label = "returns"
