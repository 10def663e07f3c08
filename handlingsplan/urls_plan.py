"""Plans, parties, accounts and help."""

from django.urls import path, re_path

from handlingsplan.views import anvandare, hjalp, huvudman, narvaro, planer

urlpatterns = [
    path("planer/", planer.lista, name="planer"),
    path("plan/ny/", planer.ny, name="plan_ny"),
    path("plan/<int:till_ar>/redigera/<slug:delen>/", planer.redigera_del, name="plan_redigera"),
    path("plan/<int:till_ar>/ta-bort/", planer.ta_bort, name="plan_ta_bort"),
    path("plan/<int:till_ar>/narvaro/", narvaro.plan_narvaro, name="plan_narvaro"),
    path("huvudman/", huvudman.lista, name="huvudman_lista"),
    path("huvudman/ny/", huvudman.ny, name="huvudman_ny"),
    path("huvudman/flera/", huvudman.flera, name="huvudman_flera"),
    re_path(r"^huvudman/(?P<kod>[0-9]{2,4})/redigera/$", huvudman.redigera, name="huvudman_redigera"),
    re_path(r"^huvudman/(?P<kod>[0-9]{2,4})/ta-bort/$", huvudman.ta_bort, name="huvudman_ta_bort"),
    path("anvandare/", anvandare.lista, name="anvandare_lista"),
    path("anvandare/ny/", anvandare.ny, name="anvandare_ny"),
    path("anvandare/<int:pk>/", anvandare.redigera, name="anvandare_redigera"),
    path("anvandare/<int:pk>/roll/", anvandare.roll_ny, name="roll_ny"),
    path("anvandare/<int:pk>/roll/<int:roll_pk>/ta-bort/", anvandare.roll_ta_bort, name="roll_ta_bort"),
    path("anvandare/<int:pk>/stang/", anvandare.stang, name="anvandare_stang"),
    path("anvandare/<int:pk>/oppna/", anvandare.oppna, name="anvandare_oppna"),
    path("anvandare/<int:pk>/engangslank/", anvandare.engangslank, name="anvandare_engangslank"),
    path("hjalp/", hjalp.hjalp, name="hjalp"),
    path("tillganglighet/", hjalp.tillganglighet, name="tillganglighet"),
]
