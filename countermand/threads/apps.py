from django.apps import AppConfig


class ThreadsConfig(AppConfig):
    name = "countermand.threads"
    label = "threads"
