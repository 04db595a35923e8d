from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "countermand.channels"
    label = "channels"
