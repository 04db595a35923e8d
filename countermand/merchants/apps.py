from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    name = "countermand.merchants"
    label = "merchants"
