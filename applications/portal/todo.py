"""What a municipality or an office has to do next in a case: sentences, and where each is done."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from applications.states import COLLECTING, State
from applications.turns import Turn
from applications.unlocks import waiting_items
from ikz import clock
from ikz.german import day, listing


@dataclass(frozen=True)
class Todo:
    """One thing that the person's side owes. `url` is the page where it is done."""

    text: str
    url: str
    label: str
    due_on: date | None = None

    @property
    def deadline(self) -> str:
        """By when, or since when it is too late; empty where there is no day."""
        if self.due_on is None:
            return ""
        is_over = self.due_on < clock.today()
        return f"Die Frist war am {day(self.due_on)}." if is_over else f"Frist: {day(self.due_on)}."


def todos(application, standing) -> list[Todo]:
    """What this side owes now, the earliest due first. Empty when the others are at turn."""
    if application.state == State.PAID:
        return _usage_report(application) if standing.leads else []
    if application.state == State.APPROVED:
        return _bank_account(application) if standing.leads else []
    if not application.is_open_for_changes:
        return []
    if not application.is_handed_in:
        return [_finish_draft(application)] if standing.leads else []
    found = [
        *_corrections(application, standing),
        *_missing_resolutions(application, standing),
        *_missing_agreement(application, standing),
        *_open_opinions(application, standing),
    ]
    return sorted(found, key=lambda each: each.due_on or date.max)


def next_sentence(application, standing, owed: list[Todo]) -> str:
    """One sentence in plain language: what happens next, and by whom."""
    if owed:
        return owed[0].text
    if application.is_handed_in and application.sql_turn == Turn.PARTICIPANTS and standing.leads:
        missing = [each.municipality.display_name for each in application.bodies_without_resolution]
        if application.state == State.DRAFTED and missing:
            return f"Es fehlen noch Beschlüsse: {listing(missing)}.{_then_the_agreement(application)}"
    if application.sql_turn == Turn.LEAD and standing.leads:  # it owes nothing here, so the ministry hears it
        return (
            "Das Ministerium hört Sie an, bevor es entscheidet. Bis wann und wohin Sie sich äußern, sagt das Schreiben."
        )
    if application.sql_turn == Turn.CLERK and application.state in AFTER_THE_DECISION:
        return AFTER_THE_DECISION[application.state]
    return WAITING[application.sql_turn]


AFTER_THE_DECISION = {
    State.APPROVED: "Der Antrag ist bewilligt. Das Ministerium schickt den Bescheid. Sie müssen nichts tun.",
    State.PAID: "Das Ministerium prüft den Verwendungsnachweis. Sie müssen nichts tun.",
}
WAITING = {
    Turn.PARTICIPANTS: "Andere Beteiligte müssen noch Unterlagen einreichen. Sie müssen nichts tun.",
    Turn.LEAD: "Die federführende Kommune ist am Zug. Sie müssen nichts tun.",
    Turn.AUTHORITY: "Es stehen noch Stellungnahmen aus. Sie müssen nichts tun.",
    Turn.CLERK: "Das Ministerium prüft den Antrag. Sie müssen nichts tun.",
    Turn.DECIDER: "Das Ministerium entscheidet über den Antrag. Sie müssen nichts tun.",
    Turn.TREASURER: "Der Antrag ist bewilligt. Die Auszahlung folgt, sobald der Bescheid bestandskräftig ist.",
    Turn.NOBODY: "Das Verfahren ist abgeschlossen. Sie müssen nichts tun.",
}


def _finish_draft(application):
    return Todo(
        "Ihr Entwurf ist noch nicht eingereicht. Bitte vervollständigen Sie ihn.",
        reverse("portal:draft", args=[application.uuid]),
        "Weiter bearbeiten",
    )


def _bank_account(application):
    if application.taken_over_at or application.lead_has_account:
        return []
    return [
        Todo(
            "Der Antrag ist bewilligt. Bitte geben Sie an, auf welches Konto ausgezahlt werden soll.",
            reverse("portal:bank_account", args=[application.uuid]),
            "Bankverbindung angeben",
        )
    ]


def _usage_report(application):
    """Owed from the payment on; an objection asks for it again."""
    report = application.usage_report
    if report and not report.is_objected:
        return []
    text = f"Das genügt noch nicht: {report.note}" if report else "Bitte reichen Sie den Verwendungsnachweis ein."
    return [
        Todo(
            text,
            reverse("portal:usage_report", args=[application.uuid]),
            "Verwendungsnachweis einreichen",
            application.report_due_on,
        )
    ]


def _corrections(application, standing):
    for item in waiting_items(application):
        if standing.is_asked(item):
            yield Todo(
                f"{'Das genügt noch nicht' if item.refusal else 'Das Ministerium bittet Sie'}: {item.text}",
                reverse("portal:correction", args=[application.uuid, item.pk]),
                "Jetzt erledigen",
                item.request.due_on,
            )


def _missing_resolutions(application, standing):
    if application.state != State.DRAFTED:
        return
    for participant in standing.own:
        resolution = participant.resolution_or_none
        if resolution is None or resolution.file_id is None:
            yield Todo(
                f"Bitte laden Sie den Beschluss von {participant.municipality.display_name} hoch "
                f"({participant.municipality.organs.resolves}).",
                reverse("portal:resolution", args=[application.uuid, participant.pk]),
                "Beschluss hochladen",
            )


def _then_the_agreement(application) -> str:
    if not application.agreement_incomplete:
        return ""
    return " Erst danach wird die Vereinbarung unterschrieben; laden Sie sie dann hier hoch."


def _missing_agreement(application, standing):
    """Nobody signs before its resolution (rules.agreement_signed): until all are there, it is not asked for."""
    resolved = application.state != State.DRAFTED or not application.participants_without_resolution
    is_time = application.state in COLLECTING and resolved
    if is_time and standing.leads and application.agreement_incomplete:
        yield Todo(
            "Bitte laden Sie die unterschriebene Vereinbarung hoch.",
            reverse("portal:agreement", args=[application.uuid]),
            "Vereinbarung hochladen",
        )


def _open_opinions(application, standing):
    for opinion in standing.opinions:
        if not opinion.is_settled:
            yield Todo(
                f"Bitte geben Sie Ihre Stellungnahme ab ({opinion.name}).",
                reverse("portal:opinion", args=[application.uuid, opinion.pk]),
                "Stellung nehmen",
                opinion.due_on,
            )
