"""The simplest valid objects; situations are traits and the functions below. Nothing is random."""

import hashlib
from datetime import date
from decimal import Decimal

import factory
from auditlog.context import disable_auditlog
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from applications import workflow
from applications.demo import pdf
from applications.legal_forms import LegalForm
from applications.models import (
    Agreement,
    Application,
    Budget,
    Cooperation,
    CorrectionRequest,
    FileNote,
    Judgement,
    Opinion,
    Participant,
    Resolution,
    Signature,
    StoredFile,
)
from applications.models.stored_file import Purpose, Scan
from applications.rules import JUDGED
from applications.supervision import Authority, proposed_opinions
from ikz.models import User
from municipalities.models import Kind, Municipality
from tests.date_factories import repaid
from tests.programme_factories import TaskFieldFactory, VariantFactory
from tests.report_factories import UsageReportFactory

PASSWORD, PDF = "ein langes Kennwort 1", pdf.page("Beschluss", ["Die Gemeindevertretung stimmt zu."])
NOT_NEEDED = {"requested_on": None, "received_on": None, "recommendation": "", "waived_reason": "Nicht berührt."}


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@ikz.example")
    first_name = "Kim"
    last_name = factory.Sequence(lambda n: f"Muster{n}")
    is_staff = True
    password = Password(PASSWORD)

    @factory.post_generation
    def roles(self, create, names):
        for name in names or []:
            self.groups.add(Group.objects.get(name=name))


def clerk(**fields):
    return UserFactory(roles=["Sachbearbeitung"], **fields)


def decider(**fields):
    return UserFactory(roles=["Bewilligung"], **fields)


def treasurer(**fields):
    return UserFactory(roles=["Haushalt"], **fields)


class MunicipalityFactory(DjangoModelFactory):
    """A Gemeinde in Kreis 06533 with a key of its own, unless told otherwise."""

    class Meta:
        model = Municipality

    class Params:
        darmstadt = factory.Trait(
            ags="06411000", ars="064110000000", name="Darmstadt, Wissenschaftsstadt", kind=Kind.INDEPENDENT_CITY
        )
        bergstrasse = factory.Trait(ags="06431", ars="06431", name="Bergstraße", kind=Kind.DISTRICT)
        zweckverband = factory.Trait(ags=None, ars="", name="Zweckverband Abwasser", kind=Kind.ASSOCIATION)
        dissolved = factory.Trait(valid_to=date(2022, 12, 31))

    ags = factory.Sequence(lambda n: f"06533{n % 1000:03d}")
    ars = factory.LazyAttribute(lambda body: f"{body.ags[:5]}0{body.ags[5:]}{body.ags[5:]}" if body.ags else "")
    name = factory.Sequence(lambda n: f"Ort {n}")
    kind = Kind.MUNICIPALITY
    population = 5000


class CooperationFactory(DjangoModelFactory):
    class Meta:
        model = Cooperation
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Gemeinsamer Bauhof {n}")
    task_field = factory.SubFactory(TaskFieldFactory)
    legal_form = LegalForm.PUBLIC_LAW_CONTRACT

    @factory.post_generation
    def participants(self, create, number):
        """So many participants, the first of them in the lead; or these municipalities."""
        bodies = (
            MunicipalityFactory.create_batch(3 if number is None else number)
            if not isinstance(number, list)
            else number
        )
        for body in bodies:
            ParticipantFactory(cooperation=self, municipality=body)
        if bodies and self.lead_id is None:
            self.lead = bodies[0]
            self.save()


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    cooperation = factory.SubFactory(CooperationFactory, participants=0)
    municipality = factory.SubFactory(MunicipalityFactory)


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Application
        skip_postgeneration_save = True

    cooperation = factory.SubFactory(CooperationFactory)
    variant = factory.SubFactory(VariantFactory)
    received_on = date(2026, 9, 1)
    by = factory.LazyFunction(clerk)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return model_class.objects.open_case(**fields)

    @factory.post_generation
    def complete(self, create, wanted):
        """Every fact that the check asks for."""
        if wanted:
            with disable_auditlog():
                complete_file(self)


class StoredFileFactory(DjangoModelFactory):
    class Meta:
        model = StoredFile

    purpose = Purpose.RESOLUTION
    file = factory.LazyFunction(lambda: ContentFile(PDF, name="beschluss.pdf"))
    original_name = "beschluss.pdf"
    sha256 = hashlib.sha256(PDF).hexdigest()
    size = len(PDF)
    pages = 1
    scan = Scan.CLEAN
    scanned_at = factory.LazyFunction(timezone.now)
    uploaded_by = factory.LazyFunction(clerk)


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = Resolution

    resolved_on = date(2026, 6, 1)
    number = "12/2026"
    file = factory.LazyAttribute(
        lambda resolution: StoredFileFactory(
            application=resolution.participant.case,
            participant=resolution.participant,
            uploaded_by=resolution.participant.case.clerk,
        )
    )


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    starts_on = date(2027, 1, 1)
    ends_on = date(2031, 12, 31)
    file = factory.LazyAttribute(
        lambda agreement: StoredFileFactory(
            application=agreement.cooperation.case,
            purpose=Purpose.AGREEMENT,
            uploaded_by=agreement.cooperation.case.clerk,
        )
    )

    @factory.post_generation
    def signed(self, create, wanted):
        if wanted in (None, True):
            participants = self.cooperation.participants.all()
            Signature.objects.bulk_create(
                SignatureFactory.build(agreement=self, participant=each) for each in participants
            )


class SignatureFactory(DjangoModelFactory):
    class Meta:
        model = Signature

    signatory_1 = "A. Erste, Bürgermeisterin"
    signatory_2 = "B. Zweiter, Erster Beigeordneter"
    signed_on = date(2026, 6, 1)


class OpinionFactory(DjangoModelFactory):
    class Meta:
        model = Opinion

    authority = Authority.REGIERUNGSPRAESIDIUM
    name = "Regierungspräsidium Gießen"
    requested_on = date(2026, 7, 1)
    received_on = date(2026, 8, 1)
    recommendation = "positive"


class CorrectionRequestFactory(DjangoModelFactory):
    class Meta:
        model = CorrectionRequest

    subject = "Beschluss mit Datum"
    due_on = date(2026, 10, 1)
    requested_by = factory.LazyFunction(clerk)


class FileNoteFactory(DjangoModelFactory):
    class Meta:
        model = FileNote

    text = "Telefonat mit der Kämmerei."
    by = factory.LazyFunction(clerk)


class BudgetFactory(DjangoModelFactory):
    class Meta:
        model = Budget
        django_get_or_create = ["year", "title"]

    year = factory.LazyFunction(lambda: timezone.localdate().year)
    title = ""
    allocated = Decimal(2000000)


def complete_file(application):
    """Bring every fact that the check asks for, as a case worker would find it in a perfect file."""
    cooperation, basis = application.cooperation, application.variant
    cooperation.participants.update(personnel_before=Decimal(100000), material_before=Decimal(20000))
    participants = cooperation.participants.select_related("municipality")
    for participant in participants:
        ResolutionFactory(participant=participant)
    number = len(participants)
    cooperation.personnel_after, cooperation.material_after = Decimal(80000) * number, Decimal(15000) * number
    if basis.requires_ozg_goal:
        cooperation.ozg_goals, cooperation.goals_description = ["online_services"], "Gemeinsame Online-Anträge."
    cooperation.save()
    if basis.requires_agreement:
        AgreementFactory(cooperation=cooperation)
    for each in proposed_opinions([each.municipality for each in participants]):
        asked = NOT_NEEDED if each.authority in (Authority.ASSOCIATION, Authority.FINANCE_MINISTRY) else {}
        OpinionFactory(application=application, authority=each.authority, name=each.name, **asked)
    judged = Application.objects.select_related("variant").get(pk=application.pk)
    reason = "Nach Aktenlage erfüllt."
    judgements = [
        Judgement(application=application, rule=rule, answer=True, reason=reason, by=application.clerk)
        for rule in JUDGED
    ]
    for each in judgements:
        each.note_facts(judged)
    Judgement.objects.bulk_create(judgements)


STEPS_TO = {
    "drafted": [],
    "resolutions_collected": ["collect_resolutions"],
    "agreement_signed": ["collect_resolutions", "sign_agreement"],
    "checked": ["collect_resolutions", "sign_agreement", "check_application"],
    "approved": ["collect_resolutions", "sign_agreement", "check_application", "approve"],
    "rejected": ["reject"],
    "withdrawn": ["withdraw"],
    "paid": ["collect_resolutions", "sign_agreement", "check_application", "approve", "pay"],
    "completed": ["collect_resolutions", "sign_agreement", "check_application", "approve", "pay", "complete"],
    "revoked": ["collect_resolutions", "sign_agreement", "check_application", "approve", "revoke"],
}


def answers_for(application, step):
    """Acceptable answers to a step's form."""
    today = timezone.localdate()
    return {
        "approve": {"amount": Decimal(75000), "year": today.year},
        "pay": {"final_on": today},
        "complete": {"reason": "Verwendung geprüft."},
        "reject": {"reason": "Voraussetzungen nicht erfüllt.", "no_hearing_reason": "Nach Lage der Akten."},
        "withdraw": {"reason": "Schreiben der federführenden Kommune."},
        "revoke": {"reason": "Zusammenarbeit beendet.", **repaid()},
        "revoke_part": {"amount": Decimal(1000), "reason": "Eine Kommune schied aus.", **repaid()},
        "amend": {"amount": Decimal(80000), "year": today.year, "reason": "Höhere Kosten."},
        "undo": {"reason": "Versehentlich."},
    }.get(step, {})


def case_in(state, **fields):
    """A complete case that went through the one door to this state, each step by its proper person."""
    with disable_auditlog():  # setting the scene is the slow part, and who changed which field before matters to nobody
        application = ApplicationFactory(complete=True, **fields)
        BudgetFactory()
        for step in STEPS_TO[state]:
            application = taken(application, step)
    return application


def taken(application, step):
    people = {"approve": decider, "reject": decider, "revoke": decider, "pay": treasurer}
    actor = people.get(step, lambda: application.clerk)()
    if step == "complete":
        UsageReportFactory(application=application, accepted_by=actor)
    return workflow.take(application, step, by=actor, **answers_for(application, step))
