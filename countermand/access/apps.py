from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "countermand.access"
    label = "access"
