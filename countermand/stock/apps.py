from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "countermand.stock"
    label = "stock"
