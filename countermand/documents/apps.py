from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "countermand.documents"
    label = "documents"
