"""WSGI entry point: `gunicorn handlingsplan.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handlingsplan.settings")

application = get_wsgi_application()
