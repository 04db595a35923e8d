from django.apps import AppConfig


class ProcedureConfig(AppConfig):
    name = "countermand.procedure"
    label = "procedure"
