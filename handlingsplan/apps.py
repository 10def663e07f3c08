from django.apps import AppConfig


class HandlingsplanConfig(AppConfig):
    name = "handlingsplan"

    def ready(self) -> None:
        from handlingsplan import historiktriggers  # noqa: F401 — registers its check
