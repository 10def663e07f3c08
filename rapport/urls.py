"""Reading: the overview, the document and everything made from its record."""

from django.urls import path

from rapport.views import andel, fakturering, fakturering_part, fordelning, halsa, historik, oversikt, pdf, plan

urlpatterns = [
    path("", oversikt.oversikt, name="oversikt"),
    path("halsa/", halsa.lever, name="halsa"),
    path("halsa/redo/", halsa.redo, name="halsa_redo"),
    path("plan/<int:till_ar>/", plan.plan, name="plan"),
    path("plan/<int:till_ar>/sok/", plan.sok, name="plan_sok"),
    path("plan/<int:till_ar>/budget/", plan.budget, name="budget"),
    path("plan/<int:till_ar>/historik/", historik.plan_historik, name="plan_historik"),
    path("plan/<int:till_ar>/historik/handelse/<int:nummer>/", historik.historik_handelse, name="historik_handelse"),
    path(
        "plan/<int:till_ar>/historik/handelse/<int:nummer>/aterstall/",
        historik.historik_aterstall,
        name="historik_aterstall",
    ),
    path("plan/<int:till_ar>/historik/cell/<str:cell>/", historik.cell_historik, name="cell_historik"),
    path("plan/<int:till_ar>/historik/<slug:sort>/<str:nyckel>/", historik.historik_del, name="historik_del"),
    path("plan/<int:till_ar>/plan.pdf", pdf.plan_pdf, name="plan_pdf"),
    path("plan/<int:till_ar>/dela/", plan.dela, name="plan_dela"),
    path("plan/<int:till_ar>/faststall/", plan.faststall, name="plan_faststall"),
    path("plan/<int:till_ar>/fordelning/", fordelning.fordelning, name="fordelning"),
    path("plan/<int:till_ar>/fordelning/fordelning.json", fordelning.som_json, name="fordelning_json"),
    path("plan/<int:till_ar>/fordelning/fordelning.csv", fordelning.som_csv, name="fordelning_csv"),
    path("plan/<int:till_ar>/fordelning/fordelning.xlsx", fordelning.som_xlsx, name="fordelning_xlsx"),
    path("plan/<int:till_ar>/fordelning/<int:budgetar>/omraden/", fordelning.omraden, name="fordelning_omraden"),
    path(
        "plan/<int:till_ar>/fordelning/<int:budgetar>/omraden/omraden.xlsx",
        fordelning.omraden_xlsx,
        name="fordelning_omraden_xlsx",
    ),
    path("plan/<int:till_ar>/huvudman/<str:kod>/", andel.huvudman_andel, name="huvudman_andel"),
    path("plan/<int:till_ar>/huvudman/<str:kod>/andel.pdf", andel.som_pdf, name="huvudman_andel_pdf"),
    path("plan/<int:till_ar>/huvudman/<str:kod>/andel.xlsx", andel.som_xlsx, name="huvudman_andel_xlsx"),
    path("plan/<int:till_ar>/fakturering/", fakturering.oversikt, name="fakturering"),
    path("plan/<int:till_ar>/fakturering/utfarda/", fakturering.utfarda, name="fakturering_utfarda"),
    path("plan/<int:till_ar>/fakturering/utstallare/", fakturering.utstallare, name="fakturering_utstallare"),
    path("plan/<int:till_ar>/fakturering/underlag.csv", fakturering.som_csv, name="fakturering_csv"),
    path("plan/<int:till_ar>/fakturering/underlag.xlsx", fakturering.som_xlsx, name="fakturering_xlsx"),
    path("plan/<int:till_ar>/fakturering/<int:nummer>/", fakturering.underlag, name="faktureringsunderlag"),
    path(
        "plan/<int:till_ar>/fakturering/<int:nummer>/kreditera/",
        fakturering.kreditera,
        name="faktureringsunderlag_kreditera",
    ),
    path("huvudman/<str:kod>/fakturering/", fakturering_part.part_oversikt, name="huvudman_fakturering"),
    path("huvudman/<str:kod>/fakturering/uppgifter/", fakturering_part.uppgifter, name="huvudman_fakturauppgifter"),
    path("huvudman/<str:kod>/fakturering/underlag.csv", fakturering_part.part_csv, name="huvudman_fakturering_csv"),
    path("huvudman/<str:kod>/fakturering/underlag.xlsx", fakturering_part.part_xlsx, name="huvudman_fakturering_xlsx"),
]
