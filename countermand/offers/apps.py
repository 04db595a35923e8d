from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "countermand.offers"
    label = "offers"
