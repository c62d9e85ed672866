"""The second factor: secrets are encrypted in the database, and who works in the ministry, or everybody, must have one."""

from base64 import urlsafe_b64encode

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac

from ikz import session_store
from ikz.accounts import TOO_MANY_ATTEMPTS

OFF = (
    "Der zweite Faktor ist auf diesem Rechner ausgeschaltet. Sobald die Anwendung andere Rechner bedient, ist er für das "
    "Ministerium Pflicht."
)
SEALED = {"secret", "seed"}  # of the app, of the recovery codes

# Where somebody may go who still has to set up a second factor.
OPEN_WITHOUT = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_logout",
    "barrierefreiheit",
    "datenschutz",
    "impressum",
}


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts with a key that follows from the secret key. Former secret keys still read what they have written."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Der Code stimmt nicht oder ist abgelaufen. Bitte geben Sie den Code ein, den Ihre App jetzt zeigt.",
        "rate_limited": TOO_MANY_ATTEMPTS,
        "cannot_delete_authenticator": "Ihr Konto braucht einen zweiten Faktor. Er lässt sich nicht entfernen.",
        "cannot_generate_recovery_codes": "Ersatzcodes gibt es erst, wenn ein zweiter Faktor eingerichtet ist.",
    }

    def get_totp_issuer(self):
        return "IKZ-Förderportal"

    def can_delete_authenticator(self, authenticator):
        return not is_required(authenticator.user)

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        """Raises cryptography.fernet.InvalidToken where neither the secret key nor a fallback fits."""
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher():
    return MultiFernet([Fernet(_key(secret)) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _key(secret):
    digest = salted_hmac("ikz.second_factor", "encryption", secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(digest)


def seal_anew() -> int:
    """Encrypt all secrets with the secret key of today, so that former keys may go. Returns how many.

    Raises cryptography.fernet.InvalidToken where no key fits; then nothing is changed.
    """
    adapter = SecondFactorAdapter()
    with transaction.atomic():
        sealed = list(Authenticator.objects.select_for_update())
        for each in sealed:
            for name in SEALED & each.data.keys():
                each.data[name] = adapter.encrypt(adapter.decrypt(each.data[name]))
            each.save(update_fields=["data"])
    return len(sealed)


def end_other_sessions(sender, request, user, **kwargs):
    """To be told of every change of a second factor."""
    session_store.end(user, but=request.session.session_key)


def is_required(user) -> bool:
    if settings.IKZ_REQUIRE_SECOND_FACTOR_OF_ALL:
        return user.is_authenticated
    return user.is_staff and settings.IKZ_REQUIRE_SECOND_FACTOR


class SecondFactorMiddleware:
    """Leads whoever must have a second factor and has none from every page to the one where it is set up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not is_required(request.user) or request.resolver_match.view_name in OPEN_WITHOUT:
            return None
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return None
        messages.warning(request, "Bitte richten Sie zuerst einen zweiten Faktor ein. Danach geht es weiter.")
        return redirect("mfa_activate_totp")
