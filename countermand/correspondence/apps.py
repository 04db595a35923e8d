from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "countermand.correspondence"
    label = "correspondence"
