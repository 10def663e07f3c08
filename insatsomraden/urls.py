"""Editing of areas, goals and activities."""

from django.urls import path

from insatsomraden.views import aktivitet, mal, omrade

_PLAN = "plan/<int:till_ar>"
_OMRADE = f"{_PLAN}/omrade/<int:pk>"
_MAL = f"{_PLAN}/mal/<int:pk>"
_AKTIVITET = f"{_PLAN}/aktivitet/<int:pk>"

urlpatterns = [
    path(f"{_PLAN}/omrade/nytt/", omrade.omrade_nytt, name="omrade_nytt"),
    path(f"{_OMRADE}/flytta/", omrade.omrade_flytta, name="omrade_flytta"),
    path(f"{_OMRADE}/lage/", omrade.omrade_lage, name="omrade_lage"),
    path(f"{_OMRADE}/mal/", mal.mal_lista, name="mal_lista"),
    path(f"{_OMRADE}/mal/nytt/", mal.mal_nytt, name="mal_nytt"),
    path(f"{_OMRADE}/aktivitetslista/<int:avser_ar>/", aktivitet.aktivitet_lista, name="aktivitet_lista"),
    path(f"{_OMRADE}/aktivitetslista/<int:avser_ar>/ny/", aktivitet.aktivitet_ny, name="aktivitet_ny"),
    path(f"{_OMRADE}/<slug:slag>/<int:avser_ar>/", omrade.arstext_redigera, name="arstext_redigera"),
    path(f"{_OMRADE}/<slug:delen>/", omrade.omrade_redigera, name="omrade_redigera"),
    path(f"{_MAL}/redigera/", mal.mal_redigera, name="mal_redigera"),
    path(f"{_MAL}/flytta/", mal.mal_flytta, name="mal_flytta"),
    path(f"{_MAL}/ta-bort/", mal.mal_ta_bort, name="mal_ta_bort"),
    path(f"{_MAL}/aterstall/", mal.mal_aterstall, name="mal_aterstall"),
    path(f"{_AKTIVITET}/redigera/", aktivitet.aktivitet_redigera, name="aktivitet_redigera"),
    path(f"{_AKTIVITET}/flytta/", aktivitet.aktivitet_flytta, name="aktivitet_flytta"),
    path(f"{_AKTIVITET}/ta-bort/", aktivitet.aktivitet_ta_bort, name="aktivitet_ta_bort"),
    path(f"{_AKTIVITET}/aterstall/", aktivitet.aktivitet_aterstall, name="aktivitet_aterstall"),
]
