"""What of allauth is offered: signing in and out, passwords, the second factor. Everything else does not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from ikz.accounts import answering_first, with_new_session_key
from ikz.session_pages import sessions

urlpatterns = [
    path("", login_required(factor.index), name="mfa_index"),
    path("anmelden/", account.login, name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("bestaetigen/", with_new_session_key(account.reauthenticate), name="account_reauthenticate"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/vergessen/", answering_first(account.password_reset), name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    path("passwort/neu/fertig/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("sitzungen/", login_required(sessions), name="account_sessions"),
    path("zweiter-faktor/", factor.authenticate, name="mfa_authenticate"),
    path(
        "zweiter-faktor/bestaetigen/",
        with_new_session_key(login_required(factor.reauthenticate)),
        name="mfa_reauthenticate",
    ),
    path("zweiter-faktor/einrichten/", login_required(totp.activate_totp), name="mfa_activate_totp"),
    path("zweiter-faktor/entfernen/", login_required(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("ersatzcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "ersatzcodes/neu/", login_required(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"
    ),
    path("ersatzcodes/herunterladen/", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
