"""Thousands of cases in a few statements, to see how the application bears its load. Nothing in them is random.

A case has 2.5 participants, 6 documents (rows without content) and 20 entries of history on average. Three in twenty are
before their decision, as in an office of long standing; most of the others lie up to 15 years back.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection, reset_queries, transaction
from django.utils import timezone

from applications import grants
from applications.demo.prerequisites import DemoRefused, task_fields
from applications.generated import documents, history, people, records
from applications.models import (
    Application,
    Budget,
    CaseNumber,
    Cooperation,
    Decision,
    Entry,
    Participant,
    Programme,
)
from applications.models.stamps import STAMPS
from applications.states import COLLECTING, ENDED, GRANTED, State
from ikz.german import counted

SIZES = [2, 2, 2, 3, 2, 2, 5, 2, 3, 2]
STATES = [
    *[State.COMPLETED] * 11,
    *[State.REJECTED] * 2,
    State.WITHDRAWN,
    State.REVOKED,
    State.PAID,
    State.APPROVED,
    State.CHECKED,
    State.AGREEMENT_SIGNED,
]
BEGINNINGS = COLLECTING[::-1]  # the last one of each turn of STATES, by turns
VARIANTS = ["standard", "standard", "ozg", "standard", "fire_brigade"]
RUNNING_DAYS, YEARS = 400, 15
LEAST_AGE = history.ENTRIES + 1
BATCH = 500
NOON = time(12)
ALLOCATED = Decimal(2_000_000_000)


def fill_up_to(total: int, today: date):
    """Create cases until there are so many; whoever calls it knows that they belong here."""
    factory = _Batches(people.for_cases(total), today)
    for start in range(Application.objects.count(), total, BATCH):
        with transaction.atomic():
            factory.create(range(start, min(start + BATCH, total)))
        reset_queries()  # with DEBUG on, every statement is kept in memory
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum would in time; until then the database guesses


def refuse():
    """Raises DemoRefused where generated cases do not belong."""
    if not settings.DEBUG:
        raise DemoRefused(
            "Erzeugte Fälle gehören nie in den Betrieb. Wenn dies ein Rechner zum Ausprobieren ist, rufen Sie den Befehl "
            "mit IKZ_DEBUG=on auf."
        )
    foreign = Application.objects.exclude(handed_in_by__email__endswith=f"@{people.DOMAIN}").count()
    if foreign:
        raise DemoRefused(
            f"Hier {'steht' if foreign == 1 else 'stehen'} {counted(foreign, 'Fall', 'Fälle')} anderer Herkunft. Bitte "
            f"benutzen Sie eine leere Datenbank."
        )


class _Batches:
    """Cases with all their rows; what they share is read once."""

    def __init__(self, people, today):
        self.people, self.today = people, today
        self.fields = list(task_fields().values())
        self.versions = list(Programme.objects.released().order_by("valid_from").prefetch_related("variants"))
        self.budgets = {}

    def create(self, numbers):
        cases = self._create_cases(numbers)
        participants = self._create_participants(numbers, cases)
        files = documents.create_documents(cases, participants)
        documents.create_contracts(cases, participants, files)
        Decision.objects.bulk_create(
            self._decision(case, len(participants[case.cooperation_id])) for case in cases if case.state in GRANTED
        )
        records.create(cases, self.people.offices)
        Entry.objects.bulk_create(
            (entry for case in cases for entry in history.chain(case, self._actors(case), _begun(case))), 1000
        )

    # ── The case ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _create_cases(self, numbers):
        groups = Cooperation.objects.bulk_create(self._cooperation(number) for number in numbers)
        cases = [self._case(number, group) for number, group in zip(numbers, groups, strict=True)]
        for case, name in zip(cases, self._file_numbers(cases), strict=True):
            case.file_number = name
        return Application.objects.bulk_create(cases)

    def _file_numbers(self, cases):
        last = Counter(dict(CaseNumber.objects.values_list("year", "last")))
        for case in cases:
            last[case.received_on.year] += 1
            yield f"IKZ-{case.received_on.year}-{last[case.received_on.year]:04d}"
        for year, number in last.items():
            CaseNumber.objects.update_or_create(year=year, defaults={"last": number})

    def _cooperation(self, number):
        bodies = self._bodies(number)
        return Cooperation(
            title=f"Gemeinsame Aufgabe {number} von {bodies[0].name} und {bodies[1].name}"[:200],
            task_field=self.fields[number % len(self.fields)],
            legal_form="delegating_agreement",
            lead=bodies[0],
            purpose="Die Beteiligten erledigen die Aufgabe künftig gemeinsam und teilen sich die Ausgaben.",
            brigades=2,
            personnel_after=Decimal(80000) * len(bodies),
            material_after=Decimal(15000) * len(bodies),
        )

    def _bodies(self, number):
        """Neighbours in the register."""
        size, municipalities = SIZES[number % len(SIZES)], self.people.municipalities
        return [municipalities[(number * 7 + position) % len(municipalities)] for position in range(size)]

    def _case(self, number, cooperation):
        state, received = _state(number), _received(number, self.today)
        case = Application(
            cooperation=cooperation,
            variant=self._variant(number, received),
            received_on=received,
            clerk=_nth(self.people.clerks, number),
            state=state,
            few_participants_reason="Weitere Kommunen sind nicht benachbart.",
            handed_in_by=_nth(self.people.clerks, number),
            handed_in_at=_noon(received),
        )
        case.state_since = _begun(case) + timedelta(days=history.ENTRIES - 1)
        for stamp in _stamps(state):
            setattr(case, f"{stamp}_at", case.state_since)
            setattr(case, f"{stamp}_by", self._actors(case).get(STEP_OF[stamp], case.clerk))
        return case

    def _variant(self, number, received):
        """Of the version in force on the day; before the first one, of the first."""
        version = ([each for each in self.versions if each.valid_from <= received] or self.versions[:1])[-1]
        variants = {each.code: each for each in version.variants.all()}
        return variants.get(VARIANTS[number % len(VARIANTS)], variants["standard"])

    def _actors(self, case):
        number = case.received_on.toordinal()
        decider, treasurer = _nth(self.people.deciders, number), _nth(self.people.treasurers, number)
        return {"approve": decider, "reject": decider, "revoke": decider, "pay": treasurer}

    # ── Participants and documents ────────────────────────────────────────────────────────────────────────────────────

    def _create_participants(self, numbers, cases):
        """Participants by the key of their group."""
        found = {case.cooperation_id: [] for case in cases}
        rows = [
            Participant(
                cooperation=case.cooperation,
                municipality=body,
                personnel_before=Decimal(100000),
                material_before=Decimal(20000),
            )
            for number, case in zip(numbers, cases, strict=True)
            for body in self._bodies(number)
        ]
        for each in Participant.objects.bulk_create(rows):
            found[each.cooperation_id].append(each)
        return found

    def _decision(self, case, participants):
        units = case.cooperation.brigades if case.variant.unit == "brigade" else participants
        total = grants.propose(case.variant, units).total
        return Decision(
            application=case,
            budget=self._budget(case.approved_at.year),
            amount=total or Decimal(75000),
            proposed_amount=total,
            reason="" if total else "Im Einzelfall festgesetzt.",
            decided_by=case.approved_by,
            decided_at=case.approved_at,
        )

    def _budget(self, year):
        if year not in self.budgets:
            self.budgets[year], _created = Budget.objects.get_or_create(
                year=year, title="Erzeugt", defaults={"allocated": ALLOCATED}
            )
        return self.budgets[year]


STEP_OF = {
    "checked": "check_application",
    "approved": "approve",
    "rejected": "reject",
    "withdrawn": "withdraw",
    "paid": "pay",
    "completed": "complete",
    "revoked": "revoke",
}


def _nth(people, number):
    return people[number % len(people)]


def _state(number):
    turn, position = divmod(number, len(STATES) + 1)
    return STATES[position] if position < len(STATES) else BEGINNINGS[turn % len(BEGINNINGS)]


def _received(number, today):
    """The open ones lately, the others over the years before."""
    if _state(number) in ENDED:
        return today - timedelta(days=RUNNING_DAYS + number * 37 % (YEARS * 365))
    return today - timedelta(days=LEAST_AGE + number * 37 % (RUNNING_DAYS - LEAST_AGE))


def _noon(day):
    return timezone.make_aware(datetime.combine(day, NOON))


def _begun(case):
    return case.handed_in_at


def _stamps(state):
    stamps = {name for name, (must, _may) in STAMPS.items() if state in must}
    return stamps | ({"checked"} if state in (*GRANTED, State.REJECTED) else set())
