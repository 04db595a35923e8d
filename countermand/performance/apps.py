from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "countermand.performance"
    label = "performance"
