"""The pages of a draft: each saves what is typed, complete or not, and leads on to the next."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode

from applications import expenditure_table, workflow
from applications.models import Programme
from applications.permissions import may_hand_in, may_withdraw
from applications.portal import drafts
from applications.portal.access import case_and_standing
from applications.portal.draft_forms import BasicsForm, DetailsForm, PartnersForm
from applications.portal.draft_step_forms import HandInForm, WithdrawForm
from applications.portal.drafts import draft_view
from applications.portal.expenditure_form import ExpenditureTableForm
from applications.states import UNDECIDED
from municipalities.models import Membership
from municipalities.search import AT_MOST, search

TEMPLATES = "applications/portal/draft"
DOWNLOADS = {
    "xlsx": (expenditure_table.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (expenditure_table.as_csv, "text/csv; charset=utf-8"),
}


@login_required
def new(request):
    if not request.user.memberships_today:
        raise Http404
    form = BasicsForm(_sent(request), application=None, user=request.user)
    if form.is_bound and form.is_valid():
        return redirect("portal:draft_partners", form.save().uuid)
    today = timezone.localdate()
    none = "" if form.fields["variant"].queryset else Programme.objects.why_nobody_applies_on(today)
    return render(request, f"{TEMPLATES}/new.html", {"form": form, "why_not": none})


@draft_view
def draft(request, application):
    """Where the draft was left."""
    return redirect(drafts.url_of(application, drafts.first_unfinished(application)))


@draft_view
def basics(request, application):
    return _edit(request, application, drafts.BASICS, BasicsForm)


@draft_view
def details(request, application):
    return _edit(request, application, drafts.DETAILS, DetailsForm)


@draft_view
def partners(request, application):
    form = PartnersForm(_sent(request), application=application, user=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        return _after_partners(request, application, form.cleaned_data)
    text = request.GET.get("suche", "")[:100]
    context = {
        "found": search(text, timezone.localdate()) if text else [],
        "text": text,
        "at_most": AT_MOST,
        "similar": drafts.similar(application, request.user),
    }
    form.fields["search"].initial = text
    return _page(request, application, drafts.PARTNERS, form, "partners", **context)


def _after_partners(request, application, answers):
    here = drafts.url_of(application, drafts.PARTNERS)
    if answers["add"]:
        messages.success(request, f"{answers['add']} ist aufgenommen.")
        return redirect(f"{here}#suche")
    if answers["remove"]:
        messages.success(request, f"{answers['remove'].municipality} ist nicht mehr beteiligt.")
        return redirect(f"{here}#suche")
    if "find" in request.POST:
        return redirect(f"{here}?{urlencode({'suche': answers['search']})}#treffer")
    return _go_on(request, application, drafts.PARTNERS)


@draft_view
def expenditure(request, application):
    if not drafts.asks_for_expenditure(application):
        raise Http404
    form = ExpenditureTableForm(_sent(request), request.FILES or None, application=application, user=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        if not form.cleaned_data["table"]:
            return _go_on(request, application, drafts.EXPENDITURE)
        messages.success(request, "Die Zahlen der Datei sind gespeichert. Bitte prüfen Sie die Tabelle.")
        return redirect(drafts.url_of(application, drafts.EXPENDITURE))
    return _page(request, application, drafts.EXPENDITURE, form, "expenditure")


@draft_view
def template_file(request, application, kind):
    """The table as it stands, to be filled in and sent back."""
    if kind not in DOWNLOADS:
        raise Http404
    write, content_type = DOWNLOADS[kind]
    rows = ExpenditureTableForm(application=application, user=request.user).stored_rows().values()
    headers = {"Content-Disposition": f'attachment; filename="Ausgaben-{application.file_number}.{kind}"'}
    return HttpResponse(write(list(rows)), content_type=content_type, headers=headers)


@draft_view
def hand_in(request, application):
    form, refusal = HandInForm(_sent(request)), may_hand_in(application, request.user)
    if form.is_bound and form.is_valid():
        try:
            workflow.take(application, "hand_in", by=request.user, seen=form.cleaned_data["seen"])
        except workflow.NotPermitted as not_permitted:
            raise PermissionDenied(str(not_permitted)) from None
        except workflow.StepRefused as step_refused:
            return _hand_in_page(request, application, refusal, problem=str(step_refused))
        return redirect("portal:handed_in", application.uuid)
    return _hand_in_page(request, application, refusal)


def _hand_in_page(request, application, refusal, problem=""):
    form = HandInForm(initial={"seen": application.revision})
    context = {
        "refusal": refusal,
        "problem": problem,
        "lacking": [
            (sentence, drafts.LABELS[slug], drafts.url_of(application, slug))
            for sentence, slug in drafts.missing(application)
        ],
        "goals": application.cooperation.goal_labels,
        "signatories": _signatories(application) if refusal else [],
    }
    return _page(request, application, drafts.HAND_IN, form, "hand_in", **context)


def _signatories(application):
    """Who may sign for the lead today."""
    today = timezone.localdate()
    found = Membership.objects.valid_on(today).filter(
        municipality=application.lead, role=Membership.Role.SIGNATORY, user__is_active=True
    )
    return [each.user for each in found.select_related("user")]


@login_required
def handed_in(request, uuid):
    """What happens next, right after the hand-in."""
    application, standing = case_and_standing(request, uuid)
    if not standing.leads or not application.is_handed_in:
        raise Http404
    return render(request, f"{TEMPLATES}/handed_in.html", {"application": application, "standing": standing})


@login_required
def withdraw(request, uuid):
    """A draft is discarded, an application withdrawn: the same step."""
    application = drafts.led_case(request, uuid)
    sent = workflow.checksum_of(request.POST)
    if request.method == "POST" and workflow.was_sent_before(application, "withdraw", by=request.user, sent=sent):
        return _withdrawn(request, application)
    if application.state not in UNDECIDED:
        raise Http404
    if refusal := may_withdraw(application, request.user):
        raise PermissionDenied(refusal)
    form = WithdrawForm(_sent(request), application=application)
    if form.is_bound and form.is_valid():
        try:
            workflow.take(application, "withdraw", by=request.user, sent=sent, **form.cleaned_data)
        except workflow.AlreadyTaken:
            return _withdrawn(request, application)
        except workflow.StepRefused as step_refused:
            form.add_error(None, str(step_refused))
        else:
            return _withdrawn(request, application)
    return render(request, f"{TEMPLATES}/withdraw.html", {"application": application, "form": form})


def _withdrawn(request, application):
    """The same where the form was sent twice: it is withdrawn, by this person."""
    messages.success(request, f"„{application.title}“ ist zurückgezogen.")
    return redirect("portal:start")


# ── What all pages share ──────────────────────────────────────────────────────────────────────────────────────────────


def _sent(request):
    return request.POST if request.method == "POST" else None


def _edit(request, application, slug, form_class):
    form = form_class(_sent(request), application=application, user=request.user)
    if form.is_bound and form.is_valid():
        form.save()
        return _go_on(request, application, slug)
    return _page(request, application, slug, form, "page")


def _go_on(request, application, slug):
    """To the next page; or, for a person who stops here, to the start page."""
    if "later" in request.POST:
        messages.success(
            request, f"Ihr Entwurf „{application.title}“ ist gespeichert. Sie können jederzeit weitermachen."
        )
        return redirect("portal:start")
    return redirect(drafts.url_of(application, drafts.following(application, slug)))


def _page(request, application, slug, form, template, **context):
    shared = {
        "application": application,
        "form": form,
        "pages": drafts.pages(application),
        "slug": slug,
        "label": drafts.LABELS[slug],
        "offers_withdrawal": application.is_signed_for_lead_by(request.user),
        "missing": [sentence for sentence, where in drafts.missing(application) if where == slug],
    }
    return render(request, f"{TEMPLATES}/{template}.html", shared | context)
