from django.apps import AppConfig


class InsatsomradenConfig(AppConfig):
    name = "insatsomraden"
