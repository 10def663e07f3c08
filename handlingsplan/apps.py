from django.apps import AppConfig
from django.db.models import fields


class HandlingsplanConfig(AppConfig):
    name = "handlingsplan"

    def ready(self) -> None:
        from handlingsplan import historiktriggers  # noqa: F401 — registers its check

        # What a field without a value says in a list of choices. Django has no Swedish for it and documents this way.
        fields.BLANK_CHOICE_LABEL = "inte angivet"
