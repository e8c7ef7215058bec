"""Frame: every setting is read here, once, from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from ropo_portal import bells, entrance
from ropo_portal.demo import cast
from ropo_portal.ui import logs

ROOT = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(ROOT / ".env")

# production | development | demo | test: only production insists on real keys.
MODE = env.str("ROPO_MODE", default="production")
DEMO = MODE == "demo"
PRODUCTION = MODE == "production"
if MODE not in {"production", "development", "demo", "test"}:
    message = f"ROPO_MODE is {MODE!r}; use production, development, demo or test."
    raise ImproperlyConfigured(message)


def _key(name: str, stand_in: str) -> str:
    """Return a secret: required in production, a well-known stand-in elsewhere."""
    return str(env.str(name) if PRODUCTION else env.str(name, default=stand_in))


DEBUG = env.bool("DEBUG", default=MODE == "development")
SECRET_KEY = _key("SECRET_KEY", "not-secret-" + "x" * 50)
# "k2:base64,k1:base64": the first key writes, all of them read.
ENCRYPTION_KEYS = _key("ENCRYPTION_KEYS", "dev:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
SEARCH_KEY = _key("SEARCH_KEY", "not-secret-search-key-not-secret")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "lucide",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "ropo_portal.ui",
    "ropo_portal.history",
    "ropo_portal.accounts",
    "ropo_portal.rules",
    "ropo_portal.documents",
    "ropo_portal.submissions",
    "ropo_portal.parties",
    "ropo_portal.invoices",
    "ropo_portal.collection",
    "ropo_portal.worklist",
    "ropo_portal.imports",
    "ropo_portal.finding",
    "ropo_portal.training",
    "ropo_portal.sandbox",
    "ropo_portal.demo",
]

_CSP_MIDDLEWARE = (
    "django.middleware.csp.ContentSecurityPolicyMiddleware"
    if django.VERSION >= (6, 0)
    else "ropo_portal.ui.middleware.ContentSecurityPolicyMiddleware"
)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages shrink to a fifth; random padding and masked tokens keep their length from telling secrets.
    "django.middleware.gzip.GZipMiddleware",
    "ropo_portal.ui.middleware.RequestContextMiddleware",
    _CSP_MIDDLEWARE,
    "ropo_portal.ui.middleware.SecurityHeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ropo_portal.accounts.middleware.ScopeMiddleware",
    "ropo_portal.accounts.middleware.SecondFactorMiddleware",
    "ropo_portal.ui.middleware.PreferencesMiddleware",
    "ropo_portal.worklist.middleware.WorkMiddleware",
    "ropo_portal.finding.middleware.DefaultViewMiddleware",
]

ROOT_URLCONF = "ropo_portal.urls"
WSGI_APPLICATION = "ropo_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ropo_portal.ui.context_processors.frame",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{ROOT / 'var' / 'portal.sqlite3'}"),
}
_database = DATABASES["default"]
_database["ATOMIC_REQUESTS"] = False
if _database["ENGINE"].endswith("sqlite3"):
    _database.setdefault("OPTIONS", {}).update(
        {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    )
else:
    _database["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# --- Sign-in --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
vars().update(entrance.SETTINGS)
# Whoever has a role, and support, needs a second step at sign-in before anything else opens.
REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=PRODUCTION)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
_PASSWORDS = {"MinimumLength": {"min_length": 12}, "CommonPassword": {}, "UserAttributeSimilarity": {}}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator", "OPTIONS": options}
    for name, options in _PASSWORDS.items()
]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_mail = environ.Env.email_url_config(env.str("EMAIL_URL", default="consolemail://"))
if _mail["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
    _mail["EMAIL_TIMEOUT"] = 20.0
if django.VERSION >= (6, 1):
    _words = {"host": "HOST", "port": "PORT", "username": "HOST_USER", "password": "HOST_PASSWORD",
              "use_tls": "USE_TLS", "use_ssl": "USE_SSL", "timeout": "TIMEOUT"}  # fmt: skip
    _options = {option: _mail.get(f"EMAIL_{word}") for option, word in _words.items()}
    _options = {option: value for option, value in _options.items() if value}
    MAILERS = {"default": {"BACKEND": _mail["EMAIL_BACKEND"], "OPTIONS": _options}}
else:
    vars().update(_mail)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
# Under which address people open the portal, for links in mail; without it they carry paths only.
PORTAL_URL = env.str("PORTAL_URL", default="")

# --- Browser side ---------------------------------------------------------------------------------
_NONE = ("default-src", "base-uri", "object-src", "frame-ancestors")
_SELF = ("script-src", "style-src", "font-src", "connect-src", "frame-src", "form-action", "manifest-src")
SECURE_CSP = {name: ["'none'"] for name in _NONE} | {name: ["'self'"] for name in _SELF}
SECURE_CSP["img-src"] = ["'self'", "data:"]
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
# How many proxies of our own stand in front: as many addresses of X-Forwarded-For are believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "ropo_session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "ropo_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
X_FRAME_OPTIONS = "DENY"

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(ROOT / "static_root")))
STATICFILES_DIRS = [ROOT / "static"]
_STATIC = "ropo_portal.ui.staticfiles.BundledStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": _STATIC
        if MODE in {"production", "demo"}
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
if DEMO:
    vars().update(cast.SETTINGS)
# Files are looked up as they are asked for where nobody collects them beforehand.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = MODE in {"development", "test"}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fi", _("Finnish")), ("sv", _("Swedish")), ("nb", _("Norwegian"))]
LANGUAGE_COOKIE_NAME = "ropo_language"
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = CELERY_TIMEZONE = "Europe/Helsinki"
USE_TZ = True

# --- Sending --------------------------------------------------------------------------------------
SANDBOX_URL = env.str("SANDBOX_URL", default="http://127.0.0.1:8078")
SANDBOX_CONTROL_LINK = env.bool("SANDBOX_CONTROL_LINK", default=not PRODUCTION)
# Endpoint paths that differ from the documented ones, "preview=/jobs/preview,localprint=/jobs/localprint".
ROPO_PATHS = env.dict("ROPO_PATHS", default={})
ROPO_CA_BUNDLE = env.str("ROPO_CA_BUNDLE", default="")
# Seconds. The one total deadline of a registering call, connect to last byte.
SEND_DEADLINE = env.float("SEND_DEADLINE", default=90.0)
# Seconds after the deadline before the sweeper calls a silent attempt unconfirmed.
SWEEP_GRACE = env.float("SWEEP_GRACE", default=45.0)
# Seconds between sweeps.
SWEEP_INTERVAL = env.float("SWEEP_INTERVAL", default=10.0)
# Seconds after the last activity at which an unconfirmed submission is looked up.
LOOK_UP_SCHEDULE = [
    float(step)
    for step in env.list(
        "LOOK_UP_SCHEDULE", default=["120", "600", "3600", "14400", "86400", "172800", "259200"]
    )
]
# Seconds for which a look-up belongs to the worker that took it; if that worker dies, another takes it then.
LOOK_UP_PROMISE = env.float("LOOK_UP_PROMISE", default=600.0)
# Seconds a queued submission may grow old before a person must look at it again.
QUEUE_DEADLINE = env.float("QUEUE_DEADLINE", default=86_400.0)
# How many times a submission may fail before its first byte until it is set aside.
NOT_SENT_LIMIT = env.int("NOT_SENT_LIMIT", default=50)
# Seconds between two polls of Ropo's news, and between two rounds of looking where claims stand.
POLL_INTERVAL = env.float("POLL_INTERVAL", default=600.0)
REFRESH_INTERVAL = env.float("REFRESH_INTERVAL", default=3600.0)
# Seconds before a claim is looked at again although Ropo keeps telling of it.
REFRESH_REST = env.float("REFRESH_REST", default=1800.0)
# How many claims one such round looks at.
REFRESH_LIMIT = env.int("REFRESH_LIMIT", default=100)
# Bytes of one pushed batch of events; nothing larger is read.
EVENT_SIZE_LIMIT = env.int("EVENT_SIZE_LIMIT", default=5_000_000)
# Minutes a clerk keeps what she took from the work list; hours after which a kind of work is older than allowed.
WORK_CLAIM_MINUTES = env.int("WORK_CLAIM_MINUTES", default=30)
WORK_HOURS = env.dict("WORK_HOURS", default={})
# Seconds the oldest due submission may wait before /health/ answers 503.
HEALTH_QUEUE_LIMIT = env.int("HEALTH_QUEUE_LIMIT", default=3600)

# Bytes of one file of invoices, and days for which its lines can be looked at after the end.
IMPORT_SIZE_LIMIT = env.int("IMPORT_SIZE_LIMIT", default=100_000_000)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=30)

# Test mode only: a folder whose files name the points at which a worker kills itself.
KILL_FOLDER = env.str("KILL_FOLDER", default="") if MODE == "test" else ""

# --- Celery ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
CELERY_BELL_FOLDER = env.str("CELERY_BELL_FOLDER", default="") or str(ROOT / "var" / "bell")
CELERY_BROKER_TRANSPORT_OPTIONS = bells.options(CELERY_BROKER_URL, Path(CELERY_BELL_FOLDER))
CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum" if CELERY_BROKER_URL.startswith("amqp") else "classic"
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="ropo_portal")
# Only a hard limit: a signal between two bytecodes of a send would blur what happened.
CELERY_TASK_TIME_LIMIT = SEND_DEADLINE + 60
# Early: a bell that is lost or comes twice changes nothing, and poison must not come back for ever.
CELERY_TASK_ACKS_LATE = False


def _beat(task: str, when: object, expires: float, room: str = "submissions") -> dict[str, Any]:
    return {"task": f"{room}.{task}", "schedule": when, "options": {"expires": expires}}


CELERY_BEAT_SCHEDULE = {
    "sweep": _beat("sweep", timedelta(seconds=SWEEP_INTERVAL), max(SWEEP_INTERVAL * 3, 5)),
    "poll": _beat("poll", timedelta(seconds=POLL_INTERVAL), POLL_INTERVAL),
    "replay": _beat("replay", crontab(hour=2, minute=30), 3600),
    "refresh": _beat("refresh", timedelta(seconds=REFRESH_INTERVAL), REFRESH_INTERVAL),
    "imports": _beat("sweep", timedelta(minutes=1), 60, "imports"),
    "notices": _beat("notices", timedelta(minutes=5), 300, "worklist"),
}
CELERY_BEAT_SCHEDULE_FILENAME = env.str("CELERY_BEAT_FILE", default=str(ROOT / "var" / "beat"))

# --- Log ------------------------------------------------------------------------------------------
LOGGING = logs.configuration(env.str("LOG_LEVEL", default="WARNING" if DEMO else "INFO"))
