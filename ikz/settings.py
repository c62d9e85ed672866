"""The only settings file. What differs between places comes from the environment, here and nowhere else.

The defaults run on a laptop; docs/settings.md lists all. What cannot be read stops the start here, what must not go
together does so in ikz/checks_of_settings.py.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from applications.audited_fields import AUDITED
from applications.pdf_check import CHOOSABLE
from ikz.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ)

VAR_DIR = env.folder("IKZ_VAR_DIR", default=str(BASE_DIR / "var"))

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.hosts("IKZ_HOSTS", default=LOOPBACK)
IS_LAPTOP = set(ALLOWED_HOSTS) <= set(LOOPBACK)  # serves only the own machine
DEBUG = env.switch("IKZ_DEBUG", default=False)


def _secret_key() -> str:
    if key := env.secret("IKZ_SECRET_KEY"):
        return key
    if not IS_LAPTOP:
        raise ImproperlyConfigured(
            "IKZ_SECRET_KEY fehlt: Wer andere Rechner als den eigenen bedient (IKZ_HOSTS), muss einen geheimen "
            "Schlüssel setzen, auch als Datei in IKZ_SECRET_KEY_FILE."
        )
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.secrets_of("IKZ_SECRET_KEY_FALLBACKS")

INSTALLED_APPS = [
    # Ours stand before the admin, so that our templates win, and before all whose commands we refuse.
    "ikz.apps.IkzConfig",
    "municipalities.apps.MunicipalitiesConfig",
    "applications.apps.ApplicationsConfig",
    "auditlog",
    "post_office",
    "import_export",
    "csp",
    "whitenoise.runserver_nostatic",
    "ikz.apps.AdminConfig",
    # After the admin, whose words („Sichern“) would otherwise be theirs in some places and not in others.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "ikz.request_log.RequestLogMiddleware",
    "ikz.response_headers.ResponseHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "ikz.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "ikz.store_away.StoreAwayMiddleware",  # before the look at the CSRF token, which reads uploads
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ikz.idle_sessions.IdleSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "ikz.second_factor.SecondFactorMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
]

ROOT_URLCONF = "ikz.urls"
WSGI_APPLICATION = "ikz.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ikz.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue up instead of failing; IMMEDIATE takes the lock when a transaction begins (docs/decisions/0003).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
# Outside a transaction, rows read bit by bit and the choices of forms come from a cursor that lasts as long as a connection.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.switch("IKZ_DATABASE_POOLED", default=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "ikz.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "ikz.passwords.WordsOfTheHouse"},
    {"NAME": "ikz.passwords.GuessableNumbers"},
]
# A list of the house, one password a line; Django's own knows few of twelve characters and more.
IKZ_COMMON_PASSWORDS = env.text("IKZ_COMMON_PASSWORDS")
if IKZ_COMMON_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "ikz.passwords.ListOfTheHouse", "OPTIONS": {"path": IKZ_COMMON_PASSWORDS}})
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:start"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_ADAPTER = "ikz.accounts.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# The library's own generator would keep a second list of addresses, under which people could sign in for ever.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "ikz.account_forms.SignInForm",
    "reset_password": "ikz.account_forms.RequestPasswordForm",
    "reset_password_from_key": "ikz.account_forms.NewPasswordForm",
    "change_password": "ikz.account_forms.ChangePasswordForm",
    "reauthenticate": "ikz.account_forms.ConfirmByPasswordForm",
}
# Failed logins (docs/security.md): for each internet address, for an account from one address, and for an account, known
# or not, from anywhere. The last is so high that strangers hardly shut anybody out.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key,15/h/key", "login_failed_anywhere": "50/h/key"}
BEHIND_PROXY = env.switch("IKZ_BEHIND_PROXY", default=False)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

MFA_ADAPTER = "ikz.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are proved by the invitation
MFA_FORMS = {
    "authenticate": "ikz.account_forms.SecondFactorForm",
    "reauthenticate": "ikz.account_forms.ConfirmByCodeForm",
    "activate_totp": "ikz.account_forms.SetUpSecondFactorForm",
    "deactivate_totp": "ikz.account_forms.RemoveSecondFactorForm",
    "generate_recovery_codes": "ikz.account_forms.NewRecoveryCodesForm",
}
# Ministry staff must have a second factor; not on a machine that serves only itself.
IKZ_REQUIRE_SECOND_FACTOR = env.switch("IKZ_REQUIRE_SECOND_FACTOR", default=not IS_LAPTOP)
IKZ_REQUIRE_SECOND_FACTOR_OF_ALL = env.switch("IKZ_REQUIRE_SECOND_FACTOR_OF_ALL", default=False)

# Shared by all server processes, because they count failed logins together (ikz/models.py: CacheEntry).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "ikz_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "ikz.formats"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("IKZ_STATIC_DIR", default=str(VAR_DIR / "static")))
MEDIA_ROOT = VAR_DIR / "documents"
FILE_UPLOAD_TEMP_DIR = VAR_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "ikz.uploads.FileUploadHandler"]
# Documents lie in a folder, or in an S3 store where one is named; both stay reachable for manage.py move_documents.
IKZ_S3 = {
    "bucket": env.word(
        "IKZ_S3_BUCKET",
        pattern=r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",  # as S3 has it
        expected="ein Name aus 3 bis 63 Kleinbuchstaben, Ziffern, Punkten und Bindestrichen",
    ),
    "endpoint": env.web_address("IKZ_S3_ENDPOINT"),
    "region": env.word("IKZ_S3_REGION", pattern=r"[A-Za-z0-9_-]+", expected="eine Region wie „eu-central-1“"),
    "path_style": env.switch("IKZ_S3_PATH_STYLE", default=False),
    "encryption": env.choice("IKZ_S3_ENCRYPTION", default="", among=["", "AES256", "aws:kms"]),
    "key": env.secret("IKZ_S3_KEY"),
    "secret": env.secret("IKZ_S3_SECRET"),
}
IKZ_DOCUMENTS = env.choice("IKZ_DOCUMENTS", default="s3" if IKZ_S3["bucket"] else "folder", among=["folder", "s3"])
DOCUMENT_STORES = {"folder": {"BACKEND": "ikz.storage.DocumentFolder", "OPTIONS": {"file_permissions_mode": 0o640}}}
if IKZ_S3["bucket"]:
    DOCUMENT_STORES["s3"] = {"BACKEND": "ikz.document_bucket.DocumentBucket", "OPTIONS": IKZ_S3}
elif IKZ_DOCUMENTS == "s3":
    raise ImproperlyConfigured("IKZ_DOCUMENTS=s3 braucht IKZ_S3_BUCKET. Bitte nennen Sie den Bucket für die Dokumente.")
STORAGES = {
    **DOCUMENT_STORES,
    "default": DOCUMENT_STORES[IKZ_DOCUMENTS],
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are masks with data URLs
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "ikz.session_store"
SESSION_COOKIE_AGE = env.number("IKZ_SESSION_MINUTES", default=60, least=5, most=720) * 60  # see ikz/idle_sessions.py
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "ikz.views.csrf_failure"

HTTPS = env.switch("IKZ_HTTPS", default=False)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^-/"]  # who asks for health stands beside the process (ikz/health.py)
# Browsers take cookies of such a name from this host alone, and over HTTPS alone.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "ikz.message_cookie.MessageStorage"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # the browsers' preload lists are for whoever owns the whole domain

# Who changed which field of which record.
AUDITLOG_LOGENTRY_MODEL = "applications.FieldChange"
AUDITLOG_INCLUDE_TRACKING_MODELS = AUDITED

# Mails are rows first (ikz/outbox.py). Without a mail server they are written as files.
EMAIL_BACKEND = "ikz.outbox.OutboxBackend"
EMAIL_FILE_PATH = VAR_DIR / "mails"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender("IKZ_MAIL_FROM", default="ikz-portal@localhost")
IKZ_MAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
if given := env.mail_server("IKZ_SMTP_URL"):
    IKZ_MAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = given["EMAIL_HOST"], given["EMAIL_PORT"] or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = given["EMAIL_HOST_USER"] or "", given["EMAIL_HOST_PASSWORD"] or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = given.get("EMAIL_USE_TLS", False), given.get("EMAIL_USE_SSL", False)
# Sent after the transaction by the web process; where a worker runs, it sends, and scans anew what somebody asks for.
IKZ_MAIL_AT_ONCE = env.switch("IKZ_MAIL_AT_ONCE", default=True)
# From this hour on a worker does what is done once a day.
IKZ_DAILY_HOUR = env.number("IKZ_DAILY_HOUR", default=4, least=0, most=23)
# The address that mails lead to.
IKZ_PUBLIC_URL = env.web_address("IKZ_PUBLIC_URL", default="http://127.0.0.1:8000")

# Where ClamAV's clamd listens: "unix:/run/clamav/clamd.ctl" or "127.0.0.1:3310"; empty: no scanner.
IKZ_CLAMD = env.text("IKZ_CLAMD")
IKZ_CLAMD_SECONDS = env.number("IKZ_CLAMD_SECONDS", default=30, least=1, most=300)
IKZ_MAX_UPLOAD_BYTES = env.number("IKZ_MAX_UPLOAD_MB", default=25, least=1, most=500) * 1024 * 1024
# What lies in the store without a row is removed after so long by manage.py tidy_uploads.
IKZ_TIDY_AFTER_SECONDS = env.number("IKZ_TIDY_AFTER_MINUTES", default=60, least=1, most=10_080) * 60
# Reasons that refuse a PDF (applications/pdf_check.py), for houses whose programs write sloppy ones.
IKZ_PDF_REFUSE = env.several("IKZ_PDF_REFUSE", default=sorted(CHOOSABLE), among=sorted(CHOOSABLE))
# Steps that need a clean file accept one that nobody scanned while no virus scanner is configured.
IKZ_ACCEPT_UNSCANNED = env.switch("IKZ_ACCEPT_UNSCANNED", default=IS_LAPTOP)

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True

IKZ_LOG = env.choice("IKZ_LOG", default="text", among=["text", "json"])
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "ikz.request_log.JsonFormatter"},
        "text": {"()": "ikz.request_log.TextFormatter", "format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": IKZ_LOG}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # One line for each request. At a laptop the server writes its own, and Django tells of what it refused.
    "loggers": {
        "ikz.request_log": {"level": "INFO" if IKZ_LOG == "json" else "WARNING"},
        "ikz.security_log": {"level": "INFO" if IKZ_LOG == "json" else "WARNING"},
        "applications.management.commands": {"level": "INFO"},  # what they say beside their errors
        "django.request": {"level": "ERROR" if IKZ_LOG == "json" else "WARNING"},
        # What a client did wrong is no fault of the program: the answer 400 says it.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
    },
}

# Where a house watches its programs from one place (docs/operations.md).
IKZ_SENTRY_DSN = env.secret("IKZ_SENTRY_DSN")
IKZ_OTLP_URL = env.web_address("IKZ_OTLP_URL")
if IKZ_OTLP_URL:
    MIDDLEWARE.insert(MIDDLEWARE.index("ikz.request_log.RequestLogMiddleware") + 1, "ikz.traces.TraceMiddleware")
IKZ_METRICS_TOKEN = env.secret("IKZ_METRICS_TOKEN")
if IKZ_METRICS_TOKEN:
    BEFORE, AFTER = (f"django_prometheus.middleware.Prometheus{each}Middleware" for each in ("Before", "After"))
    MIDDLEWARE = [BEFORE, "ikz.metrics.MetricsMiddleware", *MIDDLEWARE, AFTER]

env.refuse_unknown()
