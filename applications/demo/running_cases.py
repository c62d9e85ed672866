"""Running demonstration cases: every state and every kind of obstacle, each moved through the one door by proper people."""

import hashlib
from datetime import date, timedelta
from decimal import Decimal

from auditlog.context import set_actor
from django.core.files.base import ContentFile
from django.utils.text import slugify

from applications import base_data, workflow
from applications.demo import moments, pdf
from applications.demo.marks import case_uuid, missing
from applications.demo.prerequisites import bodies_by_key, task_fields, variant_on
from applications.models import (
    Agreement,
    Application,
    Cooperation,
    CorrectionRequest,
    DateFacts,
    FileNote,
    Judgement,
    Opinion,
    Participant,
    Resolution,
    Signature,
    StoredFile,
    UsageReport,
)
from applications.models.correction import ItemState
from applications.models.stored_file import Purpose, Scan
from ikz import clock
from ikz.german import day, listing

CHECKERS = {"clerk": "sachbearbeitung", "both_roles": "sachbearbeitung2"}
TO_CHECKED = ("collect_resolutions", "sign_agreement", "check_application")
STEPS_TO = {
    "drafted": (),
    "resolutions_collected": TO_CHECKED[:1],
    "agreement_signed": TO_CHECKED[:2],
    "checked": TO_CHECKED,
    "approved": (*TO_CHECKED, "approve"),
    "rejected": (*TO_CHECKED, "reject"),
    "withdrawn": (*TO_CHECKED[:1], "withdraw"),
    "paid": (*TO_CHECKED, "approve", "pay"),
    "completed": (*TO_CHECKED, "approve", "pay", "complete"),
    "revoked": (*TO_CHECKED, "approve", "revoke"),
}
ACTORS = {"approve": "bewilligung", "reject": "bewilligung", "revoke": "bewilligung", "pay": "haushalt"}
BUDGET_YEAR = 2026  # the year in which the running cases happen
NOT_NEEDED = "Es wird von den Angaben des Antrags nicht zu Ungunsten der Beteiligten abgewichen."
TIME_TO_ANSWER = timedelta(weeks=4)
NO_EFFECT = "Dieses Dokument dient nur der Vorführung und hat keine rechtliche Wirkung."


def load(people, loader):
    """Load what is missing and return how many cases that were."""
    waiting = sorted(missing(base_data.records("demo_cases.json")), key=lambda record: record["received_on"])
    bodies, fields = bodies_by_key({key for record in waiting for key in _keys(record)}), task_fields()
    for record in waiting:
        clerk = people[CHECKERS[record["checked_by"]]]
        opened_at = moments.morning_of(_day(record["received_on"]))
        with set_actor(clerk), clock.at(opened_at):
            application = _open(record, bodies, fields, clerk=clerk, loader=loader)
            _bring_facts(application, record, clerk)
            _move(application, record, clerk, people)
    return len(waiting)


def _keys(record):
    return [record["lead"], *(each["ags"] for each in record["participants"])]


def _move(application, record, clerk, people):
    moment = clock.now()
    for step in STEPS_TO[record["target_state"]]:
        actor = people[ACTORS[step]] if step in ACTORS else clerk
        facts = [_day(text) for text in moments.facts_of_step(step, record)]
        moment = moments.of_step(step, moment, facts)
        with clock.at(moment):
            if step == "complete":
                _report(application, clerk)
            application = workflow.take(application, step, by=actor, **_answers(step, record, application))
    with clock.at(moment):
        _date_facts(application)


def _report(application, clerk):
    """What the lead reports is what it promised."""
    cooperation = application.cooperation
    report = UsageReport(
        application=application,
        submitted_on=clock.today(),
        text="Die Zusammenarbeit läuft wie vereinbart; die Zuwendung ist für ihren Zweck ausgegeben.",
        spent=application.decision.amount,
        personnel_after=cooperation.personnel_after or 0,
        material_after=cooperation.material_after or 0,
        verdict="accepted",
    )
    report.judge(clerk)
    report.save()


def _date_facts(application):
    """The notice is posted on the day of the decision; who was paid had waived remedies, and reports two years later."""
    if application.is_decided:
        decided_on, paid_at = application.decided_on, application.paid_at
        DateFacts.objects.create(
            application=application,
            posted_on=decided_on,
            waived_on=clock.day_of(paid_at) if paid_at else None,
            report_on=date(decided_on.year + 2, 6, 30) if paid_at else None,
        )


def _answers(step, record, application):
    match step:
        case "approve":
            amount = _amount(record["granted_amount"]) or application.proposal.total
            return {
                "amount": amount,
                "year": record.get("budget_year", BUDGET_YEAR),
                "reason": record["granted_reason"],
            }
        case "pay":
            return {"final_on": clock.today()}
        case "complete":
            return {"reason": "Der Abschlussbericht liegt vor; die Verwendung der Mittel ist geprüft."}
        case "reject" | "revoke":
            known = {"known_on": clock.today()} if step == "revoke" else {}
            return {"reason": record["exit_reason"], "no_hearing_reason": NOT_NEEDED, **known}
        case "withdraw":
            return {"reason": record["exit_reason"]}
    return {}


def _day(text):
    return date.fromisoformat(text) if text else None


def _amount(text):
    return Decimal(text) if text is not None else None


# ── The case and its group ────────────────────────────────────────────────────────────────────────────────────────────


def _open(record, bodies, fields, *, clerk, loader):
    received_on = _day(record["received_on"])
    return Application.objects.open_case(
        uuid=case_uuid(record["key"]),
        cooperation=_cooperation(record, bodies, fields),
        variant=variant_on(record["variant"], received_on or date(BUDGET_YEAR, 1, 1)),
        received_on=received_on,
        few_participants_reason=record["few_partners_reason"],
        earlier_case=_earlier_case(record),
        note=record["comment"],
        clerk=clerk,
        by=loader,
    )


def _cooperation(record, bodies, fields):
    cooperation = Cooperation.objects.create(
        title=record["title"],
        task_field=fields[record["task_field"]],
        legal_form=record["legal_form"],
        lead=bodies[record["lead"]],
        starts_on=_day(record["starts_on"]),
        purpose=record["purpose"],
        ozg_goals=record["ozg_goals"],
        goals_description=record["goals_description"],
        brigades=record["brigades"],
        personnel_after=_amount(record["personnel_after"]),
        material_after=_amount(record["material_after"]),
    )
    for each in record["participants"]:
        Participant.objects.create(
            cooperation=cooperation,
            municipality=bodies[each["ags"]],
            joins=each.get("joins", False),
            personnel_before=_amount(each["personnel_before"]),
            material_before=_amount(each["material_before"]),
        )
    return cooperation


def _earlier_case(record):
    return Application.objects.get(uuid=case_uuid(record["earlier_case"])) if record["earlier_case"] else None


# ── What the case worker finds in the file ────────────────────────────────────────────────────────────────────────────


def _bring_facts(application, record, clerk):
    participants = {
        each.municipality.ags: each
        for each in application.cooperation.participants.select_related("municipality__district")
    }
    opened_at = clock.now()
    for each in record["participants"]:
        if each["resolution"]:
            _resolution(application, participants[each["ags"]], each["resolution"])
    if record["agreement"]:
        _agreement(application, participants, record["agreement"])
    for each in record["opinions"]:
        with clock.at(moments.later(opened_at, _day(each["received_on"] or each["requested_on"]))):
            _opinion(application, each)
    for each in record["corrections"]:
        # Asked for in good time before it falls due.
        with clock.at(moments.later(opened_at, _day(each["due_on"]) - TIME_TO_ANSWER)):
            _correction(application, participants, each)
    with clock.at(moments.later(opened_at, _last_paper(record))):
        for each in record["judgements"]:
            Judgement.objects.create(application=application, by=clerk, **each)
        for text in record["notes"]:
            FileNote.objects.create(application=application, text=text, by=clerk)


def _last_paper(record):
    """The day on which the last opinion arrived: then a clerk judges."""
    return max(filter(None, (_day(each["received_on"]) for each in record["opinions"])), default=None)


def _resolution(application, participant, facts):
    body, resolved_on = participant.municipality, _day(facts["resolved_on"])
    decided = "stimmt der Zusammenarbeit zu" if facts["positive"] else "lehnt die Zusammenarbeit ab"
    wording = f"{body.organs.resolves} {body.display_name}: Das Gremium {decided} („{application.title}“)."
    votes = f"{facts['votes_for']} Ja, {facts['votes_against']} Nein, {facts['abstentions']} Enthaltungen"
    sitting = f"Sitzung am {day(resolved_on)}, Beschluss Nr. {facts['number']}. Abstimmung: {votes}."
    title = f"Beschluss {body.display_name}"
    Resolution.objects.create(
        participant=participant,
        resolved_on=resolved_on,
        number=facts["number"],
        is_positive=facts["positive"],
        votes_for=facts["votes_for"],
        votes_against=facts["votes_against"],
        abstentions=facts["abstentions"],
        is_public=facts["public"],
        wording=wording,
        file=_stored(application, Purpose.RESOLUTION, title, [sitting, wording], participant)
        if facts["file"]
        else None,
    )


def _agreement(application, participants, facts):
    names = [each.municipality.display_name for each in participants.values()]
    term = f"bis {day(_day(facts['ends_on']))}" if facts["ends_on"] else "auf unbestimmte Zeit"
    text = f"Die Vereinbarung über „{application.title}“ gilt ab {day(_day(facts['starts_on']))} {term}."
    title = f"Vereinbarung {application.title}"
    agreement = Agreement.objects.create(
        cooperation=application.cooperation,
        starts_on=_day(facts["starts_on"]),
        ends_on=_day(facts["ends_on"]),
        is_unlimited=facts["ends_on"] is None,
        termination_terms_confirmed=facts["termination_terms_confirmed"],
        notified_on=_day(facts["notified_on"]),
        file=_stored(application, Purpose.AGREEMENT, title, [f"Zwischen {listing(names)}.", text])
        if facts["file"]
        else None,
        **_supervisory_acts(facts),
    )
    for each in facts["signatures"]:
        Signature.objects.create(
            agreement=agreement,
            participant=participants[each["ags"]],
            signatory_1=each["signatory_1"],
            signatory_2=each["signatory_2"],
            signed_on=_day(each["signed_on"]),
        )


def _supervisory_acts(facts):
    acts = {}
    if approval := facts["approval"]:
        acts |= {
            "approval_authority": approval["authority"],
            "approved_on": _day(approval["approved_on"]),
            "approval_file_number": approval["file_number"],
        }
    if publication := facts["publication"]:
        acts |= {"published_in": publication["where"], "published_on": _day(publication["published_on"])}
    return acts


def _opinion(application, facts):
    received_on = _day(facts["received_on"])
    title = f"Stellungnahme {facts['name']}"
    Opinion.objects.create(
        application=application,
        authority=facts["authority"],
        name=facts["name"],
        requested_on=_day(facts["requested_on"]),
        due_on=_day(facts["requested_on"]) + TIME_TO_ANSWER if facts["requested_on"] else None,
        received_on=received_on,
        recommendation=facts["recommendation"] or "",
        text=facts["text"],
        waived_reason=facts["waived_reason"] or "",
        file=_stored(application, Purpose.OPINION, title, [f"Eingang am {day(received_on)}.", facts["text"]])
        if received_on
        else None,
    )


def _correction(application, participants, facts):
    due_on, clerk = _day(facts["due_on"]), application.clerk
    request = CorrectionRequest.objects.create(
        application=application, subject=listing(facts["items"]), text=facts["text"], due_on=due_on, requested_by=clerk
    )
    items = [request.items.create(participant=participants.get(facts["participant"]), text=t) for t in facts["items"]]
    if not facts["open"]:
        with clock.at(moments.later(clock.now(), due_on)):
            for item in items:
                item.settle(ItemState.ACCEPTED, by=clerk)
            request.close(by=clerk)


def _stored(application, purpose, title, paragraphs, participant=None):
    """The one place where a demonstration document comes into being."""
    content = pdf.page(title, [*paragraphs, NO_EFFECT])
    return StoredFile.objects.create(
        application=application,
        participant=participant,
        purpose=purpose,
        file=ContentFile(content, name=f"{slugify(title)[:60]}.pdf"),
        original_name=f"{title[:190]}.pdf",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        pages=1,
        scan=Scan.UNSCANNED,
        uploaded_by=application.clerk,
    )
