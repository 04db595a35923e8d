from django.apps import AppConfig


class SavedViewsConfig(AppConfig):
    name = "countermand.saved_views"
    label = "saved_views"
