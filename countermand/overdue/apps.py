from django.apps import AppConfig


class OverdueConfig(AppConfig):
    name = "countermand.overdue"
    label = "overdue"
