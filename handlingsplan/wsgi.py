"""WSGI entry point: `gunicorn handlingsplan.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handlingsplan.settings")

application = get_wsgi_application()

from handlingsplan.historiktriggers import varna_vid_start  # noqa: E402 — needs the settings

varna_vid_start()
