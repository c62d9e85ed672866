"""Words for situations: each change brings a complete case into one, so that a table of rules reads like a list."""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from string import ascii_uppercase

from auditlog.context import disable_auditlog
from django.utils import timezone

from applications import corrections, workflow
from applications.models import Application, CorrectionRequest, Judgement, Opinion
from municipalities.models import Kind
from tests.date_factories import DateFactsFactory
from tests.factories import (
    STEPS_TO,
    ApplicationFactory,
    BudgetFactory,
    CooperationFactory,
    CorrectionRequestFactory,
    MunicipalityFactory,
    OpinionFactory,
    ParticipantFactory,
    StoredFileFactory,
    answers_for,
    clerk,
    decider,
    taken,
)
from tests.programme_factories import TaskFieldFactory, VariantFactory
from tests.report_factories import UsageReportFactory


@dataclass(frozen=True)
class Given:
    changes: tuple = ()
    participants: int = 3
    variant: str = "standard"
    complete: bool = True
    parameters: dict = field(default_factory=dict, hash=False)

    @property
    def before(self):
        """The case that is changed, as tests may stand on it: see tests/ground.py."""
        return replace(self, changes=())

    def __call__(self):
        return self.application().pk

    def application(self, ground=None):
        """The case in this situation, as the one door would load it; made of one that exists, or of a new one."""
        with disable_auditlog():  # who changed which field does not matter to a rule, and costs half the time
            application = ground or self._complete_case()
            for change in self.changes:
                change(application)
        return Application.objects.with_case().get(pk=application.pk)

    def _complete_case(self):
        cooperation = CooperationFactory(title="Gemeinsamer Bauhof", participants=bodies(self.participants))
        traits = {} if self.variant == "standard" else {self.variant: True}
        return ApplicationFactory(
            cooperation=cooperation,
            variant=VariantFactory(**traits, label=self.variant, **self.parameters),
            by=clerk(first_name="Kim", last_name="Muster"),
            complete=self.complete,
        )


def given(*changes, **facts):
    return Given(changes, **facts)


def bodies(number):
    """Adorf, Bdorf, …"""
    return [MunicipalityFactory(name=f"{ascii_uppercase[n]}dorf") for n in range(number)]


def on(text):
    return date.fromisoformat(text) if text else None


def _change(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def _participant(application, name):
    return application.cooperation.participants.get(municipality__name=name)


def case(**fields):
    return lambda application: _change(application, **fields)


def cooperation(**fields):
    return lambda application: _change(application.cooperation, **fields)


def body(name, **fields):
    return lambda application: _change(_participant(application, name).municipality, **fields)


def replaced_by(name, successor):
    """Merged into another body at the end of 2025."""
    return lambda application: _change(
        _participant(application, name).municipality,
        valid_to=date(2025, 12, 31),
        successor=MunicipalityFactory(name=successor),
    )


def foreign_lead(application):
    _change(application.cooperation, lead=MunicipalityFactory(name="Fremdheim"))


def participant(name, **fields):
    return lambda application: _change(_participant(application, name), **fields)


def resolution(name, **fields):
    return lambda application: _change(_participant(application, name).resolution, **fields)


def no_resolution(name):
    return lambda application: _participant(application, name).resolution.delete()


def resolution_file(name, scan):
    return lambda application: _change(_participant(application, name).resolution.file, scan=scan)


def agreement(**fields):
    return lambda application: _change(application.cooperation.agreement, **fields)


def no_agreement(application):
    application.cooperation.agreement.delete()


def agreement_file(scan):
    return lambda application: _change(application.cooperation.agreement.file, scan=scan)


def term(start, end=None, **fields):
    """No end: unlimited."""
    return agreement(starts_on=on(start), ends_on=on(end), is_unlimited=end is None, **fields)


def signature(name, **fields):
    return lambda application: _change(_participant(application, name).signatures.get(), **fields)


def no_signature(name):
    return lambda application: _participant(application, name).signatures.all().delete()


def expenditure(before, after):
    """Before: one (personnel, material) per participant; after: one pair for all."""

    def change(application):
        for each, (personnel, material) in zip(application.cooperation.participants.all(), before, strict=True):
            _change(each, personnel_before=_amount(personnel), material_before=_amount(material))
        _change(application.cooperation, personnel_after=_amount(after[0]), material_after=_amount(after[1]))

    return change


def _amount(text):
    return None if text is None else Decimal(text)


def judged(rule, *answers):
    """The only answers to a judged rule, in this order; none: not judged."""

    def change(application):
        Judgement.objects.filter(application=application, rule=rule.name).delete()
        for answer, reason in answers:
            Judgement.objects.create(
                application=application, rule=rule.name, answer=answer, reason=reason, by=application.clerk
            )

    return change


def of_one_kreis(application):
    kreis = MunicipalityFactory(ags="06533", ars="06533", name="Limburg-Weilburg", kind=Kind.DISTRICT)
    for each in application.cooperation.participants.all():
        _change(each.municipality, district=kreis)


def noted_nothing(application):
    """Judged before it was noted what a judgement rests on."""
    Judgement.objects.filter(application=application).update(facts={})


def new_task_field(application):
    _change(application.cooperation, task_field=TaskFieldFactory(code="archiv"))


def opinions(*opinions_):
    """The only opinions: each (name, fields)."""

    def change(application):
        Opinion.objects.filter(application=application).delete()
        for name, fields in opinions_:
            OpinionFactory(application=application, name=name, **fields)

    return change


def opinion_file(scan):
    """The opinion of the supervisory office is in, with a PDF in this state."""

    def change(application):
        opinion = Opinion.objects.get(application=application, name=RP)
        file = StoredFileFactory(application=application, purpose="opinion")
        _change(file, scan=scan)
        _change(opinion, file=file)

    return change


RP = "Regierungspräsidium Gießen"
WAITING = {"received_on": None, "recommendation": ""}


def waived(reason):
    return {**WAITING, "waived_reason": reason}


def correction(subject, due_on):
    return lambda application: CorrectionRequestFactory(application=application, subject=subject, due_on=on(due_on))


def asked_about(kind, state="open", of=None):
    """A request with one item about this, of the participant of that name; submitted where the state says so."""

    def change(application):
        request = CorrectionRequestFactory(application=application, subject="Siegel", due_on=on("2026-10-01"))
        participant = _participant(application, of) if of else None
        item = request.items.create(kind=kind, text="Siegel", participant=participant)
        if state == "submitted":
            corrections.submit(item, by=application.clerk)

    return change


def corrections_closed(application):
    for request in CorrectionRequest.objects.filter(application=application):
        request.close(by=application.clerk, note="Liegt vor.")


def other_case(*names, task_field="bauhof", ended_by=None, is_handed_in=True):
    """Another case with these of our participants and one of its own; withdrawn or rejected by that step."""

    def change(application):
        common = [_participant(application, name).municipality for name in names]
        other = ApplicationFactory(
            cooperation=CooperationFactory(
                task_field=TaskFieldFactory(code=task_field), participants=[*common, MunicipalityFactory()]
            ),
            variant=application.variant,
            by=application.clerk,
            is_handed_in=is_handed_in,
        )
        if ended_by:
            by = decider() if ended_by == "reject" else other.clerk
            workflow.take(other, ended_by, by=by, **answers_for(other, ended_by))

    return change


def case_before_the_merger(*names):
    """An earlier case of the bodies that merged into these of our participants, two of them into each."""

    def change(application):
        merged = [_merged_into(_participant(application, name).municipality) for name in names for _ in range(2)]
        ApplicationFactory(
            cooperation=CooperationFactory(participants=merged), variant=application.variant, by=application.clerk
        )

    return change


def case_after_the_merger(*names):
    """A later case of what these of our participants merged into, in two steps; the first two into the same body."""

    def change(application):
        first, second, *others = [_participant(application, name).municipality for name in names]
        heir = MunicipalityFactory()
        between = [_merged_into(heir), heir]
        for body, next_body in zip((first, second), between, strict=True):
            _change(body, valid_to=date(2024, 12, 31), successor=next_body)
        ApplicationFactory(
            cooperation=CooperationFactory(participants=[heir, *others, MunicipalityFactory()]),
            variant=application.variant,
            by=application.clerk,
        )

    return change


def _merged_into(successor):
    return MunicipalityFactory(valid_to=date(2025, 12, 31), successor=successor)


def joins(*names):
    def change(application):
        for name in names:
            _change(_participant(application, name), joins=True)

    return change


def added(*names):
    """Further participants, without any papers."""

    def change(application):
        for name in names:
            ParticipantFactory(cooperation=application.cooperation, municipality=MunicipalityFactory(name=name))

    return change


def no_participants(application):
    application.cooperation.participants.all().delete()


def gone_to(state):
    """Through the one door, each step by its proper person."""

    def change(application):
        BudgetFactory()
        for step in STEPS_TO[state]:
            application = taken(application, step)

    return change


def taken_over(application):
    Application.objects.filter(pk=application.pk).update(taken_over_by=decider(), taken_over_at=timezone.now())


def dates(**facts):
    return lambda application: DateFactsFactory(application=application, **facts)


def report(**fields):
    return lambda application: UsageReportFactory(application=application, **fields)


def objected_report(application):
    judged = {"judged_by": application.clerk, "judged_at": timezone.now()}
    UsageReportFactory(application=application, verdict="objected", note="Belege fehlen.", **judged)


def accepted_report(application):
    UsageReportFactory(application=application, accepted_by=application.clerk)
