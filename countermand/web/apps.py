from django.apps import AppConfig


class WebConfig(AppConfig):
    """The back office: the door that people use."""

    name = "countermand.web"
    label = "web"

    def ready(self) -> None:
        """This will have the house hear of who comes in (django calls it once the tables are known)."""
        from countermand.web import till

        till.listen()
