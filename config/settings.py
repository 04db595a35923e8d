"""Django settings: everything comes from the environment, nothing from a file of secrets."""

import os
import sys
from pathlib import Path
from typing import Any

import dj_database_url

ROOT = Path(__file__).resolve().parent.parent
TESTING = "pytest" in sys.modules

PUBLIC_URL = os.environ.get("COUNTERMAND_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
_public_host = PUBLIC_URL.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
HTTPS = PUBLIC_URL.startswith("https://")

DEBUG = os.environ.get("COUNTERMAND_DEBUG") == "1"
SECRET_KEY = os.environ.get("COUNTERMAND_SECRET_KEY", "")
if not SECRET_KEY:
    if not (TESTING or DEBUG or "makemigrations" in sys.argv or "mypy" in sys.modules):
        # A guessable key signs sessions: better not to start than to start open.
        raise SystemExit("COUNTERMAND_SECRET_KEY is not set: start with `countermand up`, or set it.")
    SECRET_KEY = "only-for-tests"  # noqa: S105

_hosts = os.environ.get("COUNTERMAND_ALLOWED_HOSTS", "")
ALLOWED_HOSTS = [h for h in _hosts.split(",") if h] or [_public_host, "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "countermand.web",  # before allauth: our pages for signing in stand in place of its own
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
    "lucide",
    "countermand.events",
    "countermand.merchants",
    "countermand.access",
    "countermand.channels",
    "countermand.stock",
    "countermand.orders",
    "countermand.payments",
    "countermand.payments.providers.sandbox",
    "countermand.refunds",
    "countermand.correspondence",
    "countermand.cancellations",
    "countermand.performance",
    "countermand.procedure",
    "countermand.offers",
    "countermand.approvals",
    "countermand.documents",
    "countermand.vouchers",
    "countermand.acceptance",
    "countermand.verification",
    "countermand.overdue",
    "countermand.returns",
    "countermand.threads",
    "countermand.buyer_requests",
    "countermand.marketplace",
    "countermand.payouts",
    "countermand.webhooks",
    "countermand.bulk",
    "countermand.saved_views",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.api_lane",
    "django.middleware.gzip.GZipMiddleware",  # pages only; it and the CSRF token's mask keep BREACH out
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.content_security_policy",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

_database: dict[str, Any] = {
    **dj_database_url.parse(
        os.environ.get("DATABASE_URL", "postgresql://countermand@127.0.0.1:5432/countermand")
    ),
    "ENGINE": "config.database",
    "CONN_MAX_AGE": 0,
    "DISABLE_SERVER_SIDE_CURSORS": False,
}
# A verb that waits longer than this for a lock answers "in progress" (docs/api.md, docs/decisions/0000).
_wait = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
# A connection keeps its plans, and those of the foreign keys' checks, while a young shop's tables grow: a plan that
# reads a whole table is right only while that is small. Planning a cancel anew each time costs PostgreSQL as much
# as running it (docs/decisions/0004). Who reads whole tables on purpose says so (`sql.whole_tables`).
_plans = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
_options: dict[str, Any] = _database.setdefault("OPTIONS", {})
_options["options"] = f"{_wait} {_plans}"
# Only the statements of `countermand.sql` are prepared, by name; the ORM's are planned with their values.
_options["prepare_threshold"] = 1_000_000
if not TESTING:
    _options["pool"] = {
        "min_size": 1,
        "max_size": int(os.environ.get("COUNTERMAND_POOL", "10")),
        # A server that starts again is waited for; one that is away is told of (503) before a caller gives up.
        "timeout": 5,
        # The pool's own tries double their pauses up to this; then the next caller begins anew, without a pause.
        "reconnect_timeout": 4,
    }
DATABASES = {"default": _database}

AUTH_USER_MODEL = "merchants.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "countermand.merchants.sign_in.Backend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "countermand.merchants.sign_in.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Addresses come from the shop itself (invitations, the console): there is nothing left to verify.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # half a minute of a telephone that goes slow
ACCOUNT_LOGOUT_ON_GET = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
# Proxies in front, each of which adds whom it heard to X-Forwarded-For. Without the right number all the world would
# seem to sign in from one address, and be locked out together; with one too many, anybody could make theirs up.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("COUNTERMAND_PROXIES", "0"))
AXES_CLIENT_IP_CALLABLE = "countermand.merchants.sign_in.address_of"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ROOT / "countermand" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("COUNTERMAND_STATIC") or None
# Found in the packages themselves: no collecting step stands between a clone and a page.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# Mail: the file folder of `up` (read on the mailbox page), or a real server through these variables.
EMAIL_HOST = os.environ.get("COUNTERMAND_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("COUNTERMAND_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("COUNTERMAND_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("COUNTERMAND_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("COUNTERMAND_SMTP_TLS") == "1"
EMAIL_TIMEOUT = 20
# Where buyers' answers arrive: reply+<token>@this domain, handed to `countermand inbound-mail` or posted, signed.
INBOUND_DOMAIN = os.environ.get("COUNTERMAND_INBOUND_DOMAIN", "").strip().lower()
DEFAULT_FROM_EMAIL = os.environ.get("COUNTERMAND_FROM", "desk@countermand.invalid")

# Webhooks to this very machine: for trying them out and for tests. Never where strangers may sign in.
FETCH_LOOPBACK = os.environ.get("COUNTERMAND_FETCH_LOOPBACK") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "config.logs.Discreet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "axes": {"level": "ERROR"},
        "countermand": {"level": "INFO"},
        # A scanner that makes names up: answered with 400, and no traceback each time.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
