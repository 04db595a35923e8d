from django.apps import AppConfig


class BulkConfig(AppConfig):
    name = "countermand.bulk"
    label = "bulk"
