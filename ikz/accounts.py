"""Login through allauth: accounts are made by invitation, never by signing up, and no answer tells which there are."""

import logging
from functools import wraps

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.urls import reverse

logger = logging.getLogger("ikz.security_log")  # where the other lines on sign-ins are

NOT_SIGNED_IN = (
    "Die Anmeldung ist nicht gelungen. Bitte prüfen Sie E-Mail-Adresse und Passwort. Hilft das nicht, setzen Sie Ihr "
    "Passwort neu oder wenden Sie sich an die Person, die bei Ihnen die Zugänge verwaltet."
)
TOO_MANY_ATTEMPTS = (
    "Das waren zu viele Versuche. Bitte warten Sie fünf Minuten und versuchen Sie es dann noch einmal. Hilft das nicht, "
    "setzen Sie Ihr Passwort neu."
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NOT_SIGNED_IN,
        "too_many_login_attempts": TOO_MANY_ATTEMPTS,
        "rate_limited": TOO_MANY_ATTEMPTS,
        "enter_current_password": "Das bisherige Passwort stimmt nicht. Bitte geben Sie es noch einmal ein.",
        "incorrect_password": "Das Passwort stimmt nicht. Bitte geben Sie es noch einmal ein.",
    }

    def is_open_for_signup(self, request):
        return False

    def validation_error(self, code, *args):
        """Every refusal comes by here, and those of guesses are told to the log: of passwords and of codes."""
        if code == "too_many_login_attempts":
            logger.warning("sign-in held back", extra={"facts": {}})
        return super().validation_error(code, *args)

    def pre_authenticate(self, request, **credentials):
        """Counts the attempt before it is made; authenticate() of the library takes it back where it succeeds."""
        super().pre_authenticate(request, **credentials)
        anywhere = ratelimit.consume(
            request, app="allauth.account", action="login_failed_anywhere", key=_login(credentials)
        )
        if not anywhere:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage.extend(anywhere.usage)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """The account from this address. The library's own would also count anew for each host name and port."""
        return f"{_login(credentials)} {ratelimit.get_ip(request)}"

    def authenticate(self, request, **credentials):
        """A disabled account is refused like a wrong password; the library would lead it to a page of its own."""
        user = super().authenticate(request, **credentials)
        return user if user and user.is_active else None

    def get_reset_password_from_key_url(self, key):
        """Mails lead to the address of the settings, whatever host the browser named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.IKZ_PUBLIC_URL + path.replace("UID-KEY", key)

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": REAUTHENTICATION[method["id"]]} for method in methods]


def _login(credentials):
    return credentials.get("email", "").lower()


REAUTHENTICATION = {
    "reauthenticate": "Mit dem Passwort bestätigen",
    "mfa_reauthenticate": "Mit einem Bestätigungscode bestätigen",
}


def send_link_for_a_password(user):
    """By mail to the person: nobody chooses a password for somebody else. The link works as that of a forgotten password."""
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    link = get_adapter().get_reset_password_from_key_url(f"{user_pk_to_url_str(user)}-{token}")
    get_adapter().send_mail("account/email/password_link", user.email, {"password_reset_url": link})
    logger.info("link for a password sent", extra={"facts": {"account": user.pk}})


def with_new_session_key(view):
    """Whoever confirmed who they are goes on under a new key; a copy of the former one opens nothing."""

    @wraps(view)
    def renewing(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code == 302 and request.user.is_authenticated:
            request.session.cycle_key()
        return response

    return renewing


def answering_first(view):
    """What a form of this view leaves in `request.afterwards` is done when the answer is out, so that its time tells nothing.

    An error in it is the server's to log; the person has the answer already.
    """

    @wraps(view)
    def answering(request, *args, **kwargs):
        request.afterwards = []
        response = view(request, *args, **kwargs)
        close = response.close  # the server calls it when everything was sent

        def act_and_close():
            try:
                with context.request_context(request):
                    for act in request.afterwards:
                        act()
            finally:
                close()

        response.close = act_and_close
        return response

    return answering
