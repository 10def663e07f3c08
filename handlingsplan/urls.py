"""All addresses. The upper floors are named as strings; paths are part of the interface and stay Swedish."""

from allauth.account import views as konto
from django.urls import include, path, re_path

from handlingsplan.konton import glomt_losenord

urlpatterns = [
    path("", include("rapport.urls")),
    path("", include("rapport.urls_excel")),
    path("", include("budget.urls")),
    path("", include("budget.urls_uppfoljning")),
    path("", include("insatsomraden.urls")),
    path("", include("handlingsplan.urls_plan")),
    path("logga-in/", konto.login, name="account_login"),
    path("logga-ut/", konto.logout, name="account_logout"),
    path("konto/stangt/", konto.account_inactive, name="account_inactive"),
    path("losenord/andra/", konto.password_change, name="account_change_password"),
    path("losenord/valj/", konto.password_set, name="account_set_password"),
    path("losenord/glomt/", glomt_losenord, name="account_reset_password"),
    path("losenord/glomt/skickat/", konto.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^losenord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        konto.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("losenord/nytt/klart/", konto.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("skapa-konto/", konto.signup, name="account_signup"),
]

handler400 = "handlingsplan.views.fel.sida_400"
handler403 = "handlingsplan.views.fel.sida_403"
handler404 = "handlingsplan.views.fel.sida_404"
handler500 = "handlingsplan.views.fel.sida_500"
