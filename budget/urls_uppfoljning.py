"""After the plan is adopted: outturn, and the reconciliation of each year."""

from django.urls import path

from budget.views import avstamning, utfall, utfallsimport

_UTFALL = "plan/<int:till_ar>/utfall"
_AVSTAMNING = "plan/<int:till_ar>/avstamning/<int:budgetar>"

urlpatterns = [
    path(f"{_UTFALL}/", utfall.utfall, name="utfall"),
    path(f"{_UTFALL}/utfall.xlsx", utfall.utfall_xlsx, name="utfall_xlsx"),
    path(f"{_UTFALL}/las-in/", utfallsimport.utfall_las_in, name="utfall_las_in"),
    path(f"{_AVSTAMNING}/", avstamning.avstamning, name="avstamning"),
    path(f"{_AVSTAMNING}/avstamning.xlsx", avstamning.avstamning_xlsx, name="avstamning_xlsx"),
    path(f"{_AVSTAMNING}/regel/", avstamning.avstamningsregel_redigera, name="avstamningsregel_redigera"),
    path(f"{_AVSTAMNING}/faststall/", avstamning.avstamning_faststall, name="avstamning_faststall"),
]
