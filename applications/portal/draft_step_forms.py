"""What the lead is asked when it hands its draft in, or gives it up."""

from django import forms

from applications.step_forms import ReasonForm
from ikz.kern_forms import KernForm


class HandInForm(KernForm, forms.Form):
    """Nothing is asked; `seen` is the revision that the person looked at."""

    seen = forms.CharField(widget=forms.HiddenInput)


class WithdrawForm(KernForm, ReasonForm):
    def first_values(self):
        return {} if self.application.is_handed_in else {"reason": "Der Entwurf wird nicht weiterverfolgt."}
