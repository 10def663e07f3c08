from django.apps import AppConfig


class RapportConfig(AppConfig):
    name = "rapport"
