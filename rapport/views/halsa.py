"""Health checks for whoever runs the service. They need no log-in and tell nothing of the content."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from rapport.pdf import motor_finns


@login_not_required
def lever(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def redo(request: HttpRequest) -> JsonResponse:
    """Database and migrations are in place; 503 where they are not. Also says whether PDFs can be made."""
    try:
        verkstallare = MigrationExecutor(connection)
        migrerad = not verkstallare.migration_plan(verkstallare.loader.graph.leaf_nodes())
        databas = "ok"
    except (DatabaseError, InterfaceError):
        migrerad, databas = False, "svarar inte"
    svar = {
        "status": "ok" if migrerad else "inte redo",
        "databas": databas,
        "migreringar": "ok" if migrerad else "saknas",
        "pdf": "ok" if motor_finns() else "saknas",
    }
    return JsonResponse(svar, status=200 if migrerad else 503)
