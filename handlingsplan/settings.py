"""All settings, read from top to bottom.

Without any environment the application runs on SQLite for a person on one machine. `DATABASE_URL`,
`SECRET_KEY` and `ALLOWED_HOSTS` make it a production installation; docs/drift.md describes each variable.
"""

import os
from pathlib import Path

import dj_database_url
import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

# Lets Django's generic classes be written as the type checker reads them: forms.ModelForm[Handlingsplan].
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent


def _env_bool(namn: str, forval: bool) -> bool:
    """Read a yes/no variable; anything but the usual words is refused rather than guessed."""
    varde = os.environ.get(namn, "").strip().lower()
    if varde in {"", "1", "true", "ja", "0", "false", "nej"}:
        return forval if not varde else varde in {"1", "true", "ja"}
    raise ImproperlyConfigured(f"{namn} ska vara 1 eller 0, inte {varde!r}.")


SECRET_KEY = os.environ.get("SECRET_KEY", "")

# A database address or a secret key means production: the security settings are on and both are demanded.
# Without either this is one person's machine: SQLite, localhost only.
DEBUG = _env_bool("DEBUG", not SECRET_KEY and not os.environ.get("DATABASE_URL"))
PRODUKTION = not DEBUG

if not SECRET_KEY:
    if PRODUKTION:
        raise ImproperlyConfigured("SECRET_KEY saknas. Sätt den i miljön (se docs/drift.md) eller DEBUG=1 lokalt.")
    SECRET_KEY = "endast-for-utveckling-och-demo-aldrig-i-drift-0123456789"

# Seals the history. Apart from SECRET_KEY, so that changing that one does not break the chains.
HISTORIKNYCKEL = os.environ.get("HISTORIKNYCKEL", "")
if not HISTORIKNYCKEL:
    if PRODUKTION:
        raise ImproperlyConfigured("HISTORIKNYCKEL saknas. Sätt den i miljön (se docs/drift.md) eller DEBUG=1 lokalt.")
    HISTORIKNYCKEL = "endast-for-utveckling-och-demo-historik-9876543210"

ALLOWED_HOSTS = [namn for namn in os.environ.get("ALLOWED_HOSTS", "").split(",") if namn]
if DEBUG and not ALLOWED_HOSTS:
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [f"https://{namn}" for namn in ALLOWED_HOSTS if namn[0] not in ".*["] if PRODUKTION else []

INSTALLED_APPS = [
    "handlingsplan",
    "insatsomraden",
    "budget",
    "rapport",
    "allauth",
    "allauth.account",
    "django_htmx",
    "django_prose_editor",
    "djmoney",
    "import_export",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "handlingsplan.middleware.sakra_huvuden",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "handlingsplan.urls"
WSGI_APPLICATION = "handlingsplan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "handlingsplan.context.sidhuvud",
            ],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{BASE_DIR / 'handlingsplan.sqlite3'}", conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue instead of failing at commit, readers never wait, and foreign keys hold.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEFAULT_CURRENCY = "SEK"
CURRENCIES = ("SEK",)
IMPORT_EXPORT_USE_TRANSACTIONS = True

# --- Users ---------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "handlingsplan.Anvandare"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "namn")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "handlingsplan.losenord.UpprepatOrdValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "oversikt"
ACCOUNT_ADAPTER = "handlingsplan.konton.Kontoadapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Limited by account only: behind a proxy all parties share one address, and a header can be forged. What allauth
# otherwise counts by address is not counted. The limit passes by itself, so nobody can lock another out for good.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "8/10m/key",
    "reset_password": "5/10m/key",
    "reset_password_from_key": "",
    "signup": "",
}
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
# Not in a cookie of its own: that one is not __Host-, and what is said quotes the plan.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "handlingsplan.views.fel.sida_403_csrf"

# --- Security --------------------------------------------------------------------------------------------------
_SJALV = [CSP.SELF]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    # Django writes the nonce only where a template has asked for it: on the pages with the rich text editor.
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": _SJALV,
    "img-src": _SJALV,
    "font-src": _SJALV,
    "connect-src": _SJALV,
    "form-action": _SJALV,
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUKTION:
    SECURE_SSL_REDIRECT = _env_bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^halsa/"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    if _env_bool("BAKOM_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# A population file of a whole country is 2 MB; nothing larger than this has a place here.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
FORMAT_MODULE_PATH = ["handlingsplan.formats"]

# --- Static files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "handlingsplan.typsnitt.Typsnittsfinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUKTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Mail ------------------------------------------------------------------------------------------------------
# No mail server: messages are written to the log, and an administrator hands out one-time links instead.
_POSTSERVER = {
    "host": os.environ.get("EMAIL_HOST", ""),
    "port": int(os.environ.get("EMAIL_PORT", "587")),
    "username": os.environ.get("EMAIL_HOST_USER", ""),
    "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),
    "use_tls": _env_bool("EMAIL_USE_TLS", True),
    "timeout": 20,
}
HAR_EPOST = bool(_POSTSERVER["host"])
# Without a mail server nothing is sent, so in production there is then no mailer to hide a letter in a log.
MAILERS = {}
if HAR_EPOST:
    MAILERS["default"] = {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": _POSTSERVER}
elif DEBUG:
    MAILERS["default"] = {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "handlingsplan@localhost")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Handlingsplan: "

# --- PDF ---------------------------------------------------------------------------------------------------------
PDF_TIDSGRANS = 60  # seconds
PDF_MINNESGRANS = 2 * 1024**3  # bytes of address space

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"rad": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"konsol": {"class": "logging.StreamHandler", "formatter": "rad"}},
    "root": {"handlers": ["konsol"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
