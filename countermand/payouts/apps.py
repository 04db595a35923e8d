from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "countermand.payouts"
    label = "payouts"
