from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "countermand.payments"
    label = "payments"
