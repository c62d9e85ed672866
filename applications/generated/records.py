"""What was asked, judged and told around generated cases."""

from datetime import timedelta
from decimal import Decimal

from applications.models import CorrectionRequest, DateFacts, Judgement, Message, Office, Opinion, UsageReport
from applications.models.correspondence import Recommendation
from applications.models.usage_report import Verdict
from applications.rules import JUDGED
from applications.states import COLLECTING, GRANTED, UNDER_PREPARATION, State
from applications.supervision import Authority


def create(cases, offices):
    granted = [case for case in cases if case.state in GRANTED]
    DateFacts.objects.bulk_create(
        DateFacts(
            application=case,
            posted_on=case.state_since.date(),
            report_on=case.state_since.date() + timedelta(days=730),
        )
        for case in granted
    )
    UsageReport.objects.bulk_create(_report(case) for case in granted if case.state == State.COMPLETED)
    CorrectionRequest.objects.bulk_create(_request(case) for case in cases[::7])
    awaited = set([case for case in cases if case.state == State.AGREEMENT_SIGNED][1::2])
    Opinion.objects.bulk_create(
        _opinion(case, offices[position % len(offices)], is_here=case.state not in COLLECTING and case not in awaited)
        for position, case in enumerate(cases)
    )
    others = [_office(authority) for authority in Authority if authority != Authority.REGIERUNGSPRAESIDIUM]
    Opinion.objects.bulk_create(
        _waived(case, office) for case in cases if case.state not in COLLECTING for office in others
    )
    Judgement.objects.bulk_create(
        Judgement(application=case, rule=rule, answer=True, reason="Nach Aktenlage erfüllt.", by=case.clerk)
        for case in cases
        if case.state not in COLLECTING
        for rule in JUDGED
    )
    Message.objects.bulk_create(
        Message(
            application=case,
            recipient=case.clerk,
            event="hand_in",
            key=f"generated:{case.pk}",
            subject="Ein Antrag ist eingegangen",
            text=f"Der Antrag {case.file_number} ist eingegangen.",
        )
        for case in cases
    )


def _report(case):
    return UsageReport(
        application=case,
        submitted_on=case.state_since.date(),
        text="Die Aufgabe wird gemeinsam erledigt.",
        spent=Decimal(50000),
        personnel_after=Decimal(160000),
        material_after=Decimal(30000),
        verdict=Verdict.ACCEPTED,
        judged_by=case.clerk,
        judged_at=case.state_since,
    )


def _request(case):
    """Answered long ago where the case is past its check."""
    is_over = case.state not in UNDER_PREPARATION
    return CorrectionRequest(
        application=case,
        subject="Beschluss",
        due_on=case.received_on + timedelta(days=28),
        requested_by=case.clerk,
        requested_at=case.handed_in_at,
        closed_by=case.clerk if is_over else None,
        closed_at=case.state_since if is_over else None,
    )


def _office(authority):
    return Office.objects.get_or_create(authority=authority, name=authority.label)[0]


def _waived(case, office):
    """Whoever else may belong to the chain of opinions of this case is not needed."""
    return Opinion(
        application=case, authority=office.authority, name=office.name, office=office, waived_reason="Nicht berührt."
    )


def _opinion(case, office, *, is_here):
    return Opinion(
        application=case,
        authority=Authority.REGIERUNGSPRAESIDIUM,
        name=office.name,
        office=office,
        requested_on=case.received_on,
        due_on=case.received_on + timedelta(days=28),
        received_on=case.received_on + timedelta(days=14) if is_here else None,
        recommendation=Recommendation.POSITIVE if is_here else "",
    )
