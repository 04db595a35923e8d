from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "countermand.verification"
    label = "verification"
