"""Settings of the test suite: those of production, over plain HTTP, on the database that the worker is named after.

`tests/conftest.py` starts one worker per database ("sqlite", "postgresql"). A run without workers (`--pdb`,
`--collect-only`, an editor's own runner) uses SQLite.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DATABAS = os.environ.get("PYTEST_XDIST_WORKER", "sqlite")

# The run's own folder: the first process that comes here makes and removes it, the workers inherit it. SQLite lies
# there in a file, not in memory, so that the live server's threads share the database.
if "TESTKATALOG" not in os.environ:
    os.environ["TESTKATALOG"] = tempfile.mkdtemp(prefix="handlingsplan-test-")
    atexit.register(shutil.rmtree, os.environ["TESTKATALOG"], ignore_errors=True)
TESTKATALOG = Path(os.environ["TESTKATALOG"])

if DATABAS == "sqlite":
    os.environ["DATABASE_URL"] = f"sqlite:///{TESTKATALOG / 'handlingsplan.sqlite3'}"
elif DATABAS == "postgresql":
    os.environ["DATABASE_URL"] = os.environ["TEST_POSTGRESQL_URL"]
else:
    raise RuntimeError(f"Ingen testdatabas heter {DATABAS!r}: kör python3 dev.py test, utan -n.")
os.environ["SECRET_KEY"] = "bara-for-tester-0123456789-abcdefghijklmnopqrstuvwxyz"
os.environ["HISTORIKNYCKEL"] = "bara-for-tester-historik-0123456789"
os.environ["DEBUG"] = "0"
os.environ["ALLOWED_HOSTS"] = "localhost,testserver"
os.environ["SECURE_SSL_REDIRECT"] = "0"
for _namn in ("BAKOM_PROXY", "EMAIL_HOST"):
    os.environ.pop(_namn, None)

from handlingsplan.settings import *  # noqa: E402, F403
from handlingsplan.settings import DATABASES, STORAGES  # noqa: E402

if DATABAS == "sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(TESTKATALOG / "test.sqlite3")}

# Browsers send Secure and __Host- cookies over TLS only, and the live server has none.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"

# A deliberately slow hash for each log-in of each test would be most of the suite's time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files are served from where they lie; their names are not hashed, so no collectstatic is needed before a test.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = TESTKATALOG / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)
# Tests that say HAR_EPOST find their letters in django.core.mail.outbox.
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
