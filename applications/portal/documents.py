"""The pages on which participants, the lead and the offices bring their documents and figures."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.views.decorators.http import require_safe

from applications.models import Agreement, Resolution, StoredFile, UsageReport
from applications.models.stored_file import Purpose
from applications.portal import records
from applications.portal.access import case_and_standing, led_case, own_participant
from applications.portal.papers import papers
from applications.portal.record_forms import (
    AgreementForm,
    ExpenditureAfterForm,
    ExpenditureForm,
    OpinionForm,
    OtherDocumentsForm,
    ResolutionForm,
    UsageReportForm,
)
from applications.versions import versions, versions_of_opinion

BROUGHT_BY_LEAD = (
    "Die Vereinbarung und die Tage der Unterschriften trägt die federführende Kommune ein. Bitte wenden Sie sich an sie, "
    "wenn etwas nicht stimmt."
)
NOT_ASKED = "Das Ministerium hat auf diese Stellungnahme verzichtet. Sie müssen nichts tun."


@login_required
def resolution(request, uuid, pk):
    application, standing = case_and_standing(request, uuid)
    participant = own_participant(standing, pk)

    def form_of(case, data, files):
        own = _same(participant, case)
        record = own.resolution_or_none or Resolution(participant=own)
        return ResolutionForm(data, files, instance=record, by=request.user)

    present = participant.resolution_or_none
    return records.edit(
        request,
        application,
        form_of,
        kind="resolution",
        participant=participant,
        template="applications/portal/document.html",
        what=f"Beschluss von {participant.municipality.display_name}",
        organ=participant.municipality.organs.resolves,
        versions=versions(
            application, Purpose.RESOLUTION, participant=participant, current=present.file if present else None
        ),
    )


@login_required
def expenditure(request, uuid, pk):
    application, standing = case_and_standing(request, uuid)
    participant = own_participant(standing, pk)
    return records.edit(
        request,
        application,
        lambda case, data, files: ExpenditureForm(data, instance=_same(participant, case)),
        kind="expenditure",
        participant=participant,
        template="applications/portal/expenditure.html",
        what=f"Ausgaben von {participant.municipality.display_name}",
    )


@login_required
def expenditure_after(request, uuid):
    application = led_case(request, uuid)
    return records.edit(
        request,
        application,
        lambda case, data, files: ExpenditureAfterForm(data, instance=case.cooperation),
        kind="expenditure_after",
        template="applications/portal/expenditure.html",
        what="Ausgaben aller Beteiligten nachher",
    )


@login_required
def agreement(request, uuid):
    application, standing = case_and_standing(request, uuid)
    if not application.variant.requires_agreement:
        raise Http404
    if not standing.leads:
        return _agreement_to_read(request, application)

    def form_of(case, data, files):
        record = case.agreement or Agreement(cooperation=case.cooperation)
        return AgreementForm(data, files, instance=record, by=request.user, participants=case.participants)

    present = application.agreement
    return records.edit(
        request,
        application,
        form_of,
        kind="agreement",
        template="applications/portal/document.html",
        what="Vereinbarung",
        versions=versions(application, Purpose.AGREEMENT, current=present.file if present else None),
    )


@require_safe
def _agreement_to_read(request, application):
    """For whoever signs it or gives an opinion, and does not lead: which one is in use, and the former versions."""
    if application.agreement is None:
        raise Http404
    form = AgreementForm(None, None, instance=application.agreement, by=None, participants=application.participants)
    found = versions(application, Purpose.AGREEMENT, current=application.agreement.file)
    return records.look(request, application, form, BROUGHT_BY_LEAD, "Vereinbarung", versions=found)


@login_required
def opinion(request, uuid, pk):
    application, standing = case_and_standing(request, uuid)
    asked = next((each for each in standing.opinions if each.pk == pk), None)
    if asked is None:
        raise Http404
    if asked.waived_reason:
        raise PermissionDenied(NOT_ASKED)

    def form_of(case, data, files):
        record = next((each for each in case.opinion_list if each.pk == pk), None)
        if record is None or record.requested_on is None or record.waived_reason:
            raise PermissionDenied(NOT_ASKED)
        return OpinionForm(data, files, instance=record, by=request.user)

    return records.edit(
        request,
        application,
        form_of,
        kind="opinion",
        template="applications/portal/opinion.html",
        what=str(asked),
        versions=versions_of_opinion(asked),
        **papers(application, standing),
    )


@login_required
def usage_report(request, uuid):
    application = led_case(request, uuid)

    def form_of(case, data, files):
        record = case.usage_report or UsageReport(application=case)
        return UsageReportForm(data, files, instance=record, by=request.user)

    present = application.usage_report
    return records.edit(
        request,
        application,
        form_of,
        kind="report",
        template="applications/portal/document.html",
        what="Verwendungsnachweis",
        versions=versions(application, Purpose.REPORT, current=present.file if present else None),
    )


@login_required
def other_documents(request, uuid, pk):
    application, standing = case_and_standing(request, uuid)
    participant = own_participant(standing, pk)
    present = StoredFile.objects.filter(application=application, participant=participant, purpose=Purpose.OTHER)
    return records.edit(
        request,
        application,
        lambda case, data, files: OtherDocumentsForm(
            data, files, by=request.user, application=case, participant=_same(participant, case)
        ),
        kind="other",
        participant=participant,
        template="applications/portal/other_documents.html",
        what=f"Unterlagen von {participant.municipality.display_name}",
        present=present,
    )


def _same(participant, case):
    """The participant as the case knows it: read after the lock, with all that belongs to it. Raises PermissionDenied."""
    for each in case.participants:
        if each.pk == participant.pk:
            return each
    raise PermissionDenied(
        f"{participant.municipality.display_name} ist inzwischen aus der Zusammenarbeit ausgeschieden. Ihre Eingaben wurden "
        f"nicht gespeichert. Bitte wenden Sie sich an das Ministerium, wenn das nicht stimmt."
    )
