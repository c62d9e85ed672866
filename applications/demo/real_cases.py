"""Published grants as decided cases, with their real participants, and the formula's amount beside the real one."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from applications import base_data, workflow
from applications.demo import moments
from applications.demo.marks import case_uuid, missing
from applications.demo.prerequisites import bodies_by_key, task_fields, variant_on
from applications.models import Application, Cooperation, Participant
from ikz import clock
from municipalities.models import Kind, Municipality

FREE = "frei:"  # marks a body that the register does not hold
DEVIATES = "abweichend festgesetzt, siehe Quelle"
UNKNOWN_DAY = (
    "Eingangsdatum nicht veröffentlicht: Als Tag des Eingangs und der Entscheidung steht der 1. Januar des Jahres."
)
ESTIMATED_YEAR = "Das Jahr ist aus der Quelle erschlossen."
UNKNOWN_YEAR = (
    "Eingangsdatum und Jahr nicht veröffentlicht: Als Tag der Entscheidung steht ersatzweise der Tag vor der Übernahme."
)


def records():
    return base_data.rows("real_cases.csv")


def load(loader):
    """Take over what is missing. Returns sentences about what the sources do not say."""
    waiting = missing(records())
    published = [record for record in waiting if record["amount_eur"]]
    if not published:
        return []
    log = [f"{each['key']}: Betrag nicht veröffentlicht, nicht geladen." for each in waiting if not each["amount_eur"]]
    bodies = bodies_by_key({key for each in published for key in _listed(each["participants"]) if key.isdigit()})
    fields = task_fields()
    with clock.at(moments.morning_of(moments.INTRODUCED)):
        for record in published:
            log += _load_case(record, bodies, fields, loader)
    return log


def _listed(cell):
    return cell.split(";") if cell else []


def _load_case(record, bodies, fields, loader):
    participants, log = _participants(record, bodies)
    received_on = date(int(record["year"]), 1, 1) if record["year"] else None
    decided_on = received_on or clock.today() - timedelta(days=1)
    cooperation = _cooperation(record, fields, participants)
    application = Application.objects.open_case(
        uuid=case_uuid(record["key"]),
        cooperation=cooperation,
        variant=variant_on(record["variant"], decided_on),
        received_on=received_on,
        clerk=None,
        by=loader,
        note=_note(record),
    )
    amount = Decimal(record["amount_eur"])
    workflow.take(application, "take_over", by=loader, amount=amount, decided_on=decided_on, reason=_reason(record))
    return log if record["year"] else [*log, f"{record['key']}: Jahr nicht veröffentlicht, in der Notiz gesagt."]


def _cooperation(record, fields, participants):
    cooperation = Cooperation.objects.create(
        title=record["title"],
        task_field=fields[record["task_field"]],
        legal_form=record["legal_form"],
        lead=participants.get(record["lead"]),
        brigades=int(record["units"]) if record["variant"] == "fire_brigade" else None,
    )
    joining = _listed(record["joining"])
    for key, body in participants.items():
        Participant.objects.create(cooperation=cooperation, municipality=body, joins=key in joining)
    return cooperation


def _participants(record, bodies):
    """Bodies by key, and a sentence for each that the register does not hold."""
    found, log = {}, []
    for key in _listed(record["participants"]):
        if not key.startswith(FREE):
            found[key] = bodies[key]
            continue
        name = key.removeprefix(FREE)
        log.append(f"{record['key']}: „{name}“ steht nicht im Register und bleibt frei.")
        number = name.split()[0]
        found |= _unnamed(record, int(number)) if number.isdigit() else {key: _free_body(name, record)}
    return found, log


def _unnamed(record, number):
    """So many bodies that the source counts but does not name. None of them is known to be in the lead."""
    names = [f"Nicht genannte Kommune {n} von {number} ({record['title']})" for n in range(1, number + 1)]
    return {name: _free_body(name, record) for name in names}


def _free_body(name, record):
    kind = Kind.ASSOCIATION if "verband" in name.lower() else Kind.OTHER_BODY
    note = f"Aus einem veröffentlichten Förderfall, nicht im amtlichen Register. Quelle: {record['source']}"
    body, _created = Municipality.objects.get_or_create(name=name, ags=None, defaults={"kind": kind, "note": note})
    return body


def _note(record):
    estimated = ESTIMATED_YEAR if record["year_certain"] == "no" else ""
    day = f"{UNKNOWN_DAY} {estimated}".strip() if record["year"] else UNKNOWN_YEAR
    return "\n".join(filter(None, [record["note"], day, f"Quelle: {record['source']}"]))


def _reason(record):
    """Where the amount comes from; where it deviates, why, as far as the source says it."""
    if not record["deviation_reason"]:
        return f"Quelle: {record['source']}"
    why = record["deviation_reason"].removeprefix(DEVIATES).removeprefix(": ")
    return f"{DEVIATES}: {record['source']}" + (f" ({why})" if why else "")


@dataclass(frozen=True)
class Comparison:
    """One published grant beside the computed proposal; the proposal is None where the variant has no formula."""

    title: str
    year: str
    variant: str
    units: int
    proposed: Decimal | None
    granted: Decimal
    reason: str

    @property
    def is_equal(self):
        return self.proposed == self.granted


def comparison():
    """All published cases that are loaded, in the order of the file."""
    by_uuid = {case_uuid(record["key"]): record for record in records()}
    cases = {each.uuid: each for each in Application.objects.with_case().filter(uuid__in=by_uuid)}
    return [_compared(record, cases[uuid]) for uuid, record in by_uuid.items() if uuid in cases]


def _compared(record, application):
    decision = application.decision
    return Comparison(
        title=application.title,
        year=record["year"],
        variant=application.variant.code,
        units=application.units,
        proposed=decision.proposed_amount,
        granted=decision.amount,
        reason=decision.reason,
    )
