from django.apps import AppConfig


class MarketplaceConfig(AppConfig):
    name = "countermand.marketplace"
    label = "marketplace"
