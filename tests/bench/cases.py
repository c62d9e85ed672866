"""Thousands of cases in a few statements: every state in turn, 2 to 26 participants, as in 20 years of real cases."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from applications.models import (
    Application,
    Cooperation,
    CorrectionRequest,
    Decision,
    Opinion,
    Participant,
    Resolution,
)
from applications.models.states import GRANTED, STAMPS, State
from municipalities.models import Kind, Municipality
from tests.bench.bare import Bare, copy_of
from tests.factories import TaskFieldFactory, VariantFactory, clerk
from tests.municipal_people import OfficeFactory

SIZES = [2, 3, 3, 4, 5, 3, 8, 2, 26, 4]
STATES = list(State)
FIRST_DAY = date(2016, 1, 1)
BATCH = 1000
NOON = time(12)


class Office:
    """What all cases share."""

    def __init__(self):
        self.office = OfficeFactory()
        self.people = [clerk() for _ in range(4)]
        self.variants = [VariantFactory(), VariantFactory(ozg=True), VariantFactory(fire_brigade=True)]
        self.fields = [TaskFieldFactory(code=f"field-{number}") for number in range(12)]
        self.municipalities = self._register()

    def _register(self):
        kreise = [
            Municipality.objects.create(ags=f"06{4 + n % 3}{30 + n}", name=f"Kreis {n}", kind=Kind.DISTRICT)
            for n in range(21)
        ]
        bodies = [
            Municipality(
                ags=f"{kreise[n % 21].ags}{n:03d}", name=f"Ort {n}", kind=Kind.MUNICIPALITY, district=kreise[n % 21]
            )
            for n in range(421)
        ]
        return kreise + Municipality.objects.bulk_create(bodies)

    def fill_up_to(self, total):
        """Create cases until there are so many."""
        first = Application.objects.count()
        for start in range(first, total, BATCH):
            self._create(range(start, min(start + BATCH, total)))

    def _create(self, numbers):
        groups = Cooperation.objects.bulk_create(self._cooperation(number) for number in numbers)
        participants = Participant.objects.bulk_create(
            Participant(cooperation=group, municipality=body, personnel_before=100000, material_before=20000)
            for number, group in zip(numbers, groups, strict=True)
            for body in self._bodies(number)
        )
        Resolution.objects.bulk_create(Resolution(participant=each) for each in participants if each.pk % 3)
        cases = Application.objects.bulk_create(
            self._case(number, group) for number, group in zip(numbers, groups, strict=True)
        )
        self._create_records(cases)
        rows = Application.objects.filter(pk__in=[case.pk for case in cases]).select_related(
            "cooperation__lead__district"
        )
        Bare.objects.bulk_create(
            copy_of(case) for case in rows.with_turn().with_amount().with_participant_count().order_by("pk")
        )

    def _bodies(self, number):
        size = SIZES[number % len(SIZES)]
        return [self.municipalities[(number * 7 + k) % len(self.municipalities)] for k in range(size)]

    def _cooperation(self, number):
        return Cooperation(
            title=f"Gemeinsame Aufgabe Nummer {number} mehrerer Gemeinden",
            task_field=self.fields[number % len(self.fields)],
            lead=self._bodies(number)[0],
            brigades=2,
            personnel_after=80000,
            material_after=15000,
        )

    def _case(self, number, cooperation):
        state = STATES[number % len(STATES)]
        received = FIRST_DAY + timedelta(days=number % 3650)
        moment = timezone.make_aware(datetime.combine(received, NOON))
        stamps = {name for name, (must, _may) in STAMPS.items() if state in must}
        stamps |= {"checked"} if state in GRANTED else set()
        stamped = {
            key: value
            for name in stamps
            for key, value in ((f"{name}_by", self._person(number, name)), (f"{name}_at", moment))
        }
        return Application(
            file_number=f"IKZ-{received.year}-{number:05d}",
            cooperation=cooperation,
            variant=self.variants[number % len(self.variants)],
            received_on=received,
            clerk=self.people[number % 4],
            state=state,
            state_since=moment,
            handed_in_by=self.people[number % 4],
            handed_in_at=moment,
            **stamped,
        )

    def _person(self, number, name):
        """Whoever checked neither decides nor pays, and whoever approved does not pay."""
        return self.people[(number + {"checked": 0, "paid": 2}.get(name, 1)) % 4]

    def _create_records(self, cases):
        Decision.objects.bulk_create(
            Decision(
                application=case,
                amount=Decimal(75000),
                proposed_amount=Decimal(75000),
                decided_by=case.approved_by,
                decided_at=case.approved_at,
            )
            for case in cases
            if case.state in GRANTED
        )
        CorrectionRequest.objects.bulk_create(
            CorrectionRequest(application=case, subject="Beschluss", due_on=case.received_on, requested_by=case.clerk)
            for case in cases[::7]
        )
        Opinion.objects.bulk_create(
            Opinion(application=case, authority=self.office.authority, name=self.office.name, office=self.office)
            for case in cases[::5]
        )
