"""The forms around invitations: inviting somebody, and becoming somebody with an account."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError

from applications.models import Invitation
from ikz.kern_forms import KernForm
from ikz.models import User
from municipalities.models import Membership


class InvitationForm(KernForm, forms.ModelForm):
    """Invites for one of the municipalities whose people the person manages."""

    role = forms.ChoiceField(
        label="Rolle",
        choices=Membership.Role.choices,
        initial=Membership.Role.CLERK,
        widget=forms.RadioSelect,
        help_text="Nur wer zeichnungsbefugt ist, reicht Anträge ein und zieht sie zurück.",
    )

    class Meta:
        model = Invitation
        fields = ["municipality", "email", "role", "is_administrator"]

    def __init__(self, *args, municipalities, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        field = self.fields["municipality"]
        field.queryset, field.required, field.empty_label = municipalities, True, None
        if len(municipalities) == 1:
            self.instance.municipality = municipalities[0]
            del self.fields["municipality"]

    def _get_validation_exclusions(self):
        """The only municipality is no field of the form, but takes part in the constraints."""
        return super()._get_validation_exclusions() - {"municipality"}


class NewAccountForm(KernForm, forms.Form):
    """Name and password of somebody who was invited; the address is that of the invitation."""

    first_name = forms.CharField(label="Vorname", max_length=150)
    last_name = forms.CharField(label="Nachname", max_length=150)
    password1 = forms.CharField(
        label="Passwort",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=password_validators_help_text_html(),
    )
    password2 = forms.CharField(
        label="Passwort (noch einmal)",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["first_name"].widget.attrs["autocomplete"] = "given-name"
        self.fields["last_name"].widget.attrs["autocomplete"] = "family-name"

    def clean(self):
        given = super().clean()
        password = given.get("password1")
        if password and given.get("password2") and password != given["password2"]:
            self.add_error("password2", "Die beiden Passwörter sind verschieden. Bitte geben Sie zweimal dasselbe ein.")
        elif password:
            self._check(password)
        return given

    def _check(self, password):
        try:
            validate_password(password, User(email=self.email, **self._names()))
        except ValidationError as weak:
            self.add_error("password1", weak)

    def _names(self):
        return {name: self.cleaned_data.get(name, "") for name in ("first_name", "last_name")}

    def save(self):
        return User.objects.create_user(self.email, self.cleaned_data["password1"], **self._names())


class EndAccessForm(KernForm, forms.Form):
    """Asks again before nobody manages the people of a municipality any more."""

    sure = forms.BooleanField(
        label="Danach verwaltet niemand mehr die Personen dieser Kommune. Ich möchte den Zugang trotzdem beenden.",
        error_messages={"required": "Bitte bestätigen Sie das, oder bestimmen Sie zuerst jemand anderen."},
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        if not membership.is_last_administrator:
            del self.fields["sure"]
