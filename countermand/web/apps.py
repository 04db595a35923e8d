from django.apps import AppConfig


class WebConfig(AppConfig):
    """The back office: the door that people use."""

    name = "countermand.web"
    label = "web"
