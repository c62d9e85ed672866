"""What a municipality or an office owes in a case, as conditions in SQL: portal/todo.py says the same in sentences."""

from django.db.models import Exists, OuterRef, Q

from applications.models.bank_account import BankAccount
from applications.models.cooperation import Agreement, Participant, Resolution, Signature
from applications.models.correction import CorrectionItem
from applications.models.correspondence import Opinion
from applications.models.usage_report import UsageReport, Verdict
from applications.states import UNDER_PREPARATION, State


def owed_by(municipalities, offices) -> Q:
    """Of a case: something is owed by one of these. Whether they may see the case is another question."""
    leads = Q(cooperation__lead__in=municipalities)
    all_resolved = ~Exists(_participants().filter(~Exists(Resolution.objects.filter(participant=OuterRef("pk")))))
    is_time = Q(state=State.RESOLUTIONS_COLLECTED) | Q(state=State.DRAFTED) & all_resolved
    once_handed_in = (
        leads & is_time & lacks_agreement()
        | Q(state=State.DRAFTED) & _lacks_resolution(municipalities)
        | Q(state__in=UNDER_PREPARATION) & (_waits_for_answer(municipalities, leads) | _lacks_opinion(offices))
    )
    own_draft = Q(state__in=UNDER_PREPARATION, handed_in_at=None)
    return leads & (_lacks_report() | _lacks_account() | own_draft) | Q(handed_in_at__isnull=False) & once_handed_in


def lacks_agreement() -> Q:
    """CaseFacts.agreement_incomplete says the same in Python."""
    agreements = Agreement.objects.filter(cooperation=OuterRef("cooperation"), file__isnull=False)
    signed = Signature.objects.filter(participant=OuterRef("pk"), agreement__cooperation=OuterRef("cooperation"))
    return Q(variant__requires_agreement=True) & (~Exists(agreements) | Exists(_participants().filter(~Exists(signed))))


def _participants():
    return Participant.objects.active().filter(cooperation=OuterRef("cooperation"))


def _lacks_resolution(municipalities):
    brought = Resolution.objects.filter(participant=OuterRef("pk"), file__isnull=False)
    return Exists(_participants().filter(~Exists(brought), municipality__in=municipalities))


def _waits_for_answer(municipalities, leads):
    """What is asked of no participant, the lead owes."""
    items = CorrectionItem.objects.filter(state="open", request__application=OuterRef("pk"), request__closed_at=None)
    own = items.filter(participant__municipality__in=municipalities, participant__left_on=None)
    return Exists(own) | leads & Exists(items.filter(participant=None))


def _lacks_opinion(offices):
    asked = Opinion.objects.unsettled().filter(application=OuterRef("pk"), office__in=offices)
    return Exists(asked.filter(requested_on__isnull=False))


def _lacks_report():
    reports = UsageReport.objects.filter(application=OuterRef("pk")).exclude(verdict=Verdict.OBJECTED)
    return Q(state=State.PAID) & ~Exists(reports)


def _lacks_account():
    """Money of a case taken over was paid before this procedure."""
    accounts = BankAccount.objects.open().filter(municipality=OuterRef("cooperation__lead"))
    return Q(state=State.APPROVED, taken_over_at=None) & ~Exists(accounts)
