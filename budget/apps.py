from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "budget"

    def ready(self) -> None:
        from budget.models import avstamning
        from budget.models.faktura import NEKANDE
        from handlingsplan.historiktriggers import skydda

        skydda(
            "budget_faktureringsunderlag", "faktura_underlag", NEKANDE, "plan_id = NEW.plan_id AND nummer = NEW.nummer"
        )
        skydda("budget_delbetalning", "faktura_del", NEKANDE, "underlag_id = NEW.underlag_id AND nummer = NEW.nummer")
        skydda(
            "budget_avstamning", "avstamning", avstamning.NEKANDE, "plan_id = NEW.plan_id AND budgetar = NEW.budgetar"
        )
        skydda(
            "budget_avstamningsandel",
            "avstamningsandel",
            avstamning.NEKANDE,
            "avstamning_id = NEW.avstamning_id AND huvudman_id = NEW.huvudman_id",
        )
