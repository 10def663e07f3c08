from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "budget"

    def ready(self) -> None:
        from budget.models.faktura import NEKANDE
        from handlingsplan.historiktriggers import skydda

        skydda(
            "budget_faktureringsunderlag", "faktura_underlag", NEKANDE, "plan_id = NEW.plan_id AND nummer = NEW.nummer"
        )
        skydda("budget_delbetalning", "faktura_del", NEKANDE, "underlag_id = NEW.underlag_id AND nummer = NEW.nummer")
