from django.apps import AppConfig


class SandboxConfig(AppConfig):
    name = "countermand.payments.providers.sandbox"
    label = "sandbox"
