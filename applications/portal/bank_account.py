"""Where the lead wants to be paid. The ministry confirms it; nobody reads the whole IBAN here again."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import redirect, render

from applications.models import BankAccount, Message
from applications.portal.access import led_case
from ikz.kern_forms import KernForm


class BankAccountForm(KernForm, forms.ModelForm):
    class Meta:
        model = BankAccount
        fields = ["holder", "iban"]
        help_texts = {
            "holder": "So, wie ihn die Bank führt, zum Beispiel: Gemeindekasse Musterstadt.",
            "iban": "22 Stellen, beginnt mit DE.",
        }


@login_required
def bank_account(request, uuid):
    application = led_case(request, uuid)
    form = BankAccountForm(request.POST or None)
    if form.is_valid():
        form.instance.municipality = application.lead
        with transaction.atomic():
            account = BankAccount.objects.enter(form.instance, by=request.user)
            key = f"account:{account.pk}"  # the colleagues hear of it, in case it was none of them
            Message.objects.announce(application, "account_entered", key=key, by=request.user, what=str(account))
        messages.success(
            request, "Bankverbindung gespeichert. Danke. Das Ministerium bestätigt sie vor der Auszahlung."
        )
        return redirect("portal:case", application.uuid)
    facts = {"application": application, "form": form, "accounts": application.lead.bank_accounts.open()}
    return render(request, "applications/portal/bank_account.html", facts)
