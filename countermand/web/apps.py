from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "countermand.web"
    label = "web"
