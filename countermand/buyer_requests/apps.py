from django.apps import AppConfig


class BuyerRequestsConfig(AppConfig):
    name = "countermand.buyer_requests"
    label = "buyer_requests"
