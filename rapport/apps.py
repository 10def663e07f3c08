from django.apps import AppConfig


class RapportConfig(AppConfig):
    name = "rapport"

    def ready(self) -> None:
        from handlingsplan.historiktriggers import skydda
        from rapport.models import NEKANDE

        skydda("rapport_planversion", "planversion", NEKANDE, "plan_id = NEW.plan_id AND nummer = NEW.nummer")
