"""The forms of the library in KERN's markup, with German labels and hints and without placeholders."""

from functools import partial

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html

from ikz import second_factor
from ikz.kern_forms import KernForm

EMAIL = {"login": "E-Mail-Adresse", "email": "E-Mail-Adresse"}
NEW_PASSWORD = {"password1": "Neues Passwort", "password2": "Neues Passwort (noch einmal)"}
CODE_HINT = "Die 6 Ziffern, die Ihre Authenticator-App jetzt zeigt, oder einer Ihrer Ersatzcodes."


class AccountForm(KernForm):
    """A mixin: labels by field; a field without a hint of ours has none, but a new password is explained."""

    labels = {}
    hints = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = password_validators_help_text_html() if name == "password1" else self.hints.get(name, "")


class SignInForm(AccountForm, account.LoginForm):
    labels = {**EMAIL, "password": "Passwort"}

    @property
    def notice(self):
        """What whoever tries the application out must not take for its way of working."""
        return "" if settings.IKZ_REQUIRE_SECOND_FACTOR else second_factor.OFF


class RequestPasswordForm(AccountForm, account.ResetPasswordForm):
    labels = EMAIL

    def save(self, request, **kwargs):
        """Only a known account gets a mail: writing and sending it takes time, so it waits until the answer is out."""
        request.afterwards.append(partial(super().save, request, **kwargs))
        return self.cleaned_data["email"]


class NewPasswordForm(AccountForm, account.ResetPasswordKeyForm):
    labels = NEW_PASSWORD


class ChangePasswordForm(AccountForm, account.ChangePasswordForm):
    labels = {"oldpassword": "Bisheriges Passwort", **NEW_PASSWORD}


class ConfirmByPasswordForm(AccountForm, account.ReauthenticateForm):
    labels = {"password": "Passwort"}


class _CodeForm(AccountForm):
    labels = {"code": "Bestätigungscode"}
    hints = {"code": CODE_HINT}


class SecondFactorForm(_CodeForm, factor.AuthenticateForm):
    pass


class ConfirmByCodeForm(_CodeForm, factor.ReauthenticateForm):
    pass


class SetUpSecondFactorForm(_CodeForm, ActivateTOTPForm):
    hints = {"code": "Die 6 Ziffern, die Ihre Authenticator-App jetzt zeigt."}


class RemoveSecondFactorForm(AccountForm, DeactivateTOTPForm):
    pass


class NewRecoveryCodesForm(AccountForm, GenerateRecoveryCodesForm):
    pass
