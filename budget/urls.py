"""Editing of money and population."""

from django.urls import path, re_path

from budget.views import (
    budget,
    folkmangd,
    folkmangdsimport,
    fotnoter,
    kommentarer,
    modelldelar,
    modeller,
    rader,
    regler,
    scenarier,
    scenariobudget,
)

_BUDGET = "plan/<int:till_ar>/budget"
_RAD = f"{_BUDGET}/rad/<int:pk>"
_FOTNOT = f"{_BUDGET}/fotnot/<int:pk>"
_PROVA = "plan/<int:till_ar>/prova"
_SCENARIO = f"{_PROVA}/scenario/<int:pk>"
_MODELLER = "plan/<int:till_ar>/modeller"
_MODELL = f"{_MODELLER}/<int:pk>"
_GRUPP, _VILLKOR = f"{_MODELLER}/grupp/<int:pk>", f"{_MODELLER}/villkor/<int:pk>"
_NYCKEL, _UNDANTAG = f"{_MODELLER}/nyckel/<int:pk>", f"{_MODELLER}/undantag/<int:pk>"
_PUBLICERAD = f"{_BUDGET}/publicerad/<int:avser_ar>"

urlpatterns = [
    path(f"{_BUDGET}/redigera/", budget.budget_redigera, name="budget_redigera"),
    path(f"{_BUDGET}/rakna/", budget.budget_rakna, name="budget_rakna"),
    path(f"{_BUDGET}/kommentar/<str:cell>/", kommentarer.cellkommentar_redigera, name="cellkommentar_redigera"),
    path(f"{_BUDGET}/rad/ny/", rader.budgetrad_ny, name="budgetrad_ny"),
    path(f"{_RAD}/", rader.budgetrad_redigera, name="budgetrad_redigera"),
    path(f"{_RAD}/flytta/", rader.budgetrad_flytta, name="budgetrad_flytta"),
    path(f"{_RAD}/ta-bort/", rader.budgetrad_ta_bort, name="budgetrad_ta_bort"),
    path(f"{_RAD}/aterstall/", rader.budgetrad_aterstall, name="budgetrad_aterstall"),
    path(f"{_BUDGET}/fotnot/ny/", fotnoter.fotnot_ny, name="fotnot_ny"),
    path(f"{_FOTNOT}/", fotnoter.fotnot_redigera, name="fotnot_redigera"),
    path(f"{_FOTNOT}/flytta/", fotnoter.fotnot_flytta, name="fotnot_flytta"),
    path(f"{_FOTNOT}/ta-bort/", fotnoter.fotnot_ta_bort, name="fotnot_ta_bort"),
    path(f"{_FOTNOT}/aterstall/", fotnoter.fotnot_aterstall, name="fotnot_aterstall"),
    path("plan/<int:till_ar>/fordelning/regel/<int:budgetar>/", regler.regel_redigera, name="regel_redigera"),
    path(f"{_PUBLICERAD}/", regler.publicerad_redigera, name="publicerad_redigera"),
    path(f"{_PUBLICERAD}/ta-bort/", regler.publicerad_ta_bort, name="publicerad_ta_bort"),
    path(f"{_PROVA}/", scenarier.prova, name="prova"),
    path(f"{_PROVA}/scenario/nytt/", scenarier.scenario_nytt, name="scenario_nytt"),
    path(f"{_PROVA}/delat/<slug:delning>/", scenarier.scenario_delat, name="scenario_delat"),
    path(f"{_SCENARIO}/", scenarier.scenario, name="scenario"),
    path(f"{_SCENARIO}/spara/", scenarier.scenario_spara, name="scenario_spara"),
    path(f"{_SCENARIO}/namn/", scenarier.scenario_namn, name="scenario_namn"),
    path(f"{_SCENARIO}/dela/", scenarier.scenario_dela, name="scenario_dela"),
    path(f"{_SCENARIO}/sluta-dela/", scenarier.scenario_sluta_dela, name="scenario_sluta_dela"),
    path(f"{_SCENARIO}/ta-bort/", scenarier.scenario_ta_bort, name="scenario_ta_bort"),
    path(f"{_SCENARIO}/aterstall/", scenarier.scenario_aterstall, name="scenario_aterstall"),
    path(f"{_SCENARIO}/till-budget/", scenariobudget.scenario_till_budget, name="scenario_till_budget"),
    path(f"{_MODELLER}/", modeller.modeller, name="modeller"),
    path(f"{_MODELLER}/ny/", modeller.modell_ny, name="modell_ny"),
    path(f"{_MODELL}/", modeller.modell, name="modell"),
    path(f"{_MODELL}/redigera/", modeller.modell_redigera, name="modell_redigera"),
    path(f"{_MODELL}/rakna/", modeller.modell_rakna, name="modell_rakna"),
    path(f"{_MODELL}/ta-bort/", modeller.modell_ta_bort, name="modell_ta_bort"),
    path(f"{_MODELL}/aterstall/", modeller.modell_aterstall, name="modell_aterstall"),
    path(f"{_MODELL}/grupp/ny/", modelldelar.modellgrupp_ny, name="modellgrupp_ny"),
    path(f"{_GRUPP}/", modelldelar.modellgrupp_redigera, name="modellgrupp_redigera"),
    path(f"{_GRUPP}/flytta/", modelldelar.modellgrupp_flytta, name="modellgrupp_flytta"),
    path(f"{_GRUPP}/ta-bort/", modelldelar.modellgrupp_ta_bort, name="modellgrupp_ta_bort"),
    path(f"{_GRUPP}/aterstall/", modelldelar.modellgrupp_aterstall, name="modellgrupp_aterstall"),
    path(f"{_MODELL}/villkor/nytt/", modelldelar.modellvillkor_ny, name="modellvillkor_ny"),
    path(f"{_VILLKOR}/", modelldelar.modellvillkor_redigera, name="modellvillkor_redigera"),
    path(f"{_VILLKOR}/ta-bort/", modelldelar.modellvillkor_ta_bort, name="modellvillkor_ta_bort"),
    path(
        f"{_VILLKOR}/aterstall/",
        modelldelar.modellvillkor_aterstall,
        name="modellvillkor_aterstall",
    ),
    path(f"{_MODELLER}/nyckel/ny/", modelldelar.viktserie_ny, name="viktserie_ny"),
    path(f"{_NYCKEL}/", modelldelar.viktserie_redigera, name="viktserie_redigera"),
    path(f"{_NYCKEL}/ta-bort/", modelldelar.viktserie_ta_bort, name="viktserie_ta_bort"),
    path(f"{_NYCKEL}/aterstall/", modelldelar.viktserie_aterstall, name="viktserie_aterstall"),
    path(f"{_MODELLER}/undantag/nytt/", modelldelar.modellundantag_ny, name="modellundantag_ny"),
    path(f"{_UNDANTAG}/", modelldelar.modellundantag_redigera, name="modellundantag_redigera"),
    path(f"{_UNDANTAG}/ta-bort/", modelldelar.modellundantag_ta_bort, name="modellundantag_ta_bort"),
    path(
        f"{_UNDANTAG}/aterstall/",
        modelldelar.modellundantag_aterstall,
        name="modellundantag_aterstall",
    ),
    path("folkmangd/", folkmangd.folkmangd, name="folkmangd"),
    path("folkmangd/ny/", folkmangd.folkmangd_ny_dag, name="folkmangd_ny_dag"),
    path("folkmangd/importera/", folkmangdsimport.folkmangd_importera, name="folkmangd_importera"),
    re_path(
        r"^folkmangd/(?P<kod>[0-9]{2,4})/(?P<datum>[0-9]{4}-[0-9]{2}-[0-9]{2})/\Z",
        folkmangd.folkmangd_redigera,
        name="folkmangd_redigera",
    ),
]
