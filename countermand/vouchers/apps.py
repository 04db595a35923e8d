from django.apps import AppConfig


class VouchersConfig(AppConfig):
    name = "countermand.vouchers"
    label = "vouchers"
