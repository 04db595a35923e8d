from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "countermand.events"
    label = "events"
