"""What the ministry asked for: what it says, where it is done, and an answer in words where nothing is to be changed."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from applications import corrections
from applications.models import Application
from applications.portal import records
from applications.portal.access import case_and_standing, led_case
from applications.portal.record_forms import CommonDataForm
from applications.unlocks import lead_participant, unlocked_fields, unsettled_items
from ikz.kern_forms import KernForm

# What an item opens → the page where it is done, and whether that is one participant's.
PAGES = {
    "resolution": ("portal:resolution", True),
    "expenditure": ("portal:expenditure", True),
    "other": ("portal:other_documents", True),
    "agreement": ("portal:agreement", False),
    "common_data": ("portal:common_data", False),
    "expenditure_after": ("portal:expenditure_after", False),
}


class AnswerForm(KernForm, forms.Form):
    answer = forms.CharField(
        label="Ihre Antwort",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Bitte schreiben Sie Ihre Antwort."},
    )


@login_required
def correction(request, uuid, pk):
    application, standing = case_and_standing(request, uuid)
    item = _asked_item(application, standing, pk)
    form = AnswerForm(request.POST or None)
    if form.is_valid() and _submit(application, standing, pk, form, request.user):
        messages.success(request, "Ihre Antwort ist beim Ministerium. Danke.")
        return redirect("portal:case", application.uuid)
    return render(
        request,
        "applications/portal/correction.html",
        {"application": application, "item": item, "form": form, "page": _page_of(item, application)},
    )


def _submit(application, standing, pk, form, user) -> bool:
    """Hand the answer in under the lock; what speaks against it becomes an error of the form."""
    with transaction.atomic():
        locked_case = Application.objects.locked(application.pk)
        item = _asked_item(locked_case, standing, pk)
        try:
            corrections.submit(item, by=user, answer=form.cleaned_data["answer"])
        except corrections.NotPossible as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


def _asked_item(application, standing, pk):
    """The unsettled item of that key that asks the person's side. Raises Http404."""
    for item in unsettled_items(application):
        if item.pk == pk and standing.is_asked(item):
            return item
    raise Http404


def _page_of(item, application) -> str:
    name, of_participant = PAGES[item.kind]
    keys = [item.participant_id or lead_participant(application)] if of_participant else []
    return reverse(name, args=[application.uuid, *keys])


@login_required
def common_data(request, uuid):
    application = led_case(request, uuid)
    return records.edit(
        request,
        application,
        lambda case, data, files: CommonDataForm(data, instance=case.cooperation, only=unlocked_fields(case)),
        kind="common_data",
        template="applications/portal/common_data.html",
        what="Angaben zum Vorhaben",
    )
