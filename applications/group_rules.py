"""The rules on who takes part. How a rule speaks: checklist.py. Imports no models."""

from applications.checklist import met, not_required, rule
from applications.who_owes import asked
from ikz.german import counted, day


@rule("Alle Beteiligten sind bestehende hessische Körperschaften", source="Rahmenvereinbarung Nr. 2")
def participants_exist(application):
    if application.received_on is None:
        return "Das Eingangsdatum fehlt. Die Sachbearbeitung trägt es ein."
    sentences = [_why_not_a_body(each, application.received_on) for each in application.municipalities]
    return " ".join(filter(None, sentences))


def _why_not_a_body(municipality, received_on) -> str:
    if not municipality.is_hessian:
        return f"{municipality} liegt nicht in Hessen. Bitte nehmen Sie die Körperschaft aus dem Antrag."
    if municipality.exists_on(received_on):
        return ""
    if municipality.successor_id:
        return (
            f"{municipality} bestand am {day(received_on)} nicht mehr. Bitte ersetzen Sie sie durch die Nachfolgerin "
            f"{municipality.successor.display_name}."
        )
    return f"{municipality} bestand am {day(received_on)} nicht. Bitte prüfen Sie die Auswahl."


@rule("Die federführende Kommune ist beteiligt", source="Rahmenvereinbarung Nr. 2")
def lead_takes_part(application):
    lead = application.lead
    if lead is None:
        return "Die federführende Kommune steht noch nicht fest. Die Beteiligten bestimmen sie, die Sachbearbeitung trägt sie ein."
    if lead not in application.municipalities:
        return f"{lead} ist federführend, aber nicht beteiligt. Bitte nehmen Sie sie als Beteiligte auf."


@rule("Genügend Beteiligte", source="Fördervoraussetzungen; Rahmenvereinbarung")
def enough_participants(application):
    variant, participants, units = application.variant, len(application.municipalities), application.units
    if variant.unit != "municipality" and units < variant.min_units:
        return _too_few_units(application, variant, units)
    if participants >= variant.min_participants:
        return met(f"{counted(participants, 'Körperschaft ist', 'Körperschaften sind')} beteiligt.")
    exception = variant.min_participants_with_reason
    if exception and participants >= exception:
        if application.few_participants_reason.strip():
            return met(f"Ausnahme mit Begründung: {application.few_participants_reason.strip()}")
        ask = asked(application, "Bitte klären Sie mit {lead}, wer noch teilnimmt,", "Bitte nehmen Sie weitere auf")
        return (
            f"Es sind {participants} Körperschaften beteiligt, verlangt sind {variant.min_participants}. {ask} oder begründen "
            f"Sie schriftlich, warum {participants} genügen."
        )
    least = exception or variant.min_participants
    ask = asked(
        application, "Bitte klären Sie mit {lead}, wer noch teilnimmt.", "Bitte nehmen Sie weitere Beteiligte auf."
    )
    return (
        f"Bisher {_are(participants)} {counted(participants, 'Körperschaft', 'Körperschaften')} beteiligt, verlangt "
        f"{_are(least)} mindestens {least}. {ask}"
    )


def _are(number: int) -> str:
    return "ist" if number == 1 else "sind"


def _too_few_units(application, variant, units: int) -> str:
    if variant.unit == "brigade":
        ask = asked(
            application,
            "Bitte erfragen Sie die Zahl der Wehren bei {lead}.",
            "Bitte tragen Sie die Zahl der Wehren ein.",
        )
        return (
            f"Angegeben {_are(units)} {counted(units, 'Ortsteilfeuerwehr', 'Ortsteilfeuerwehren')}, verlangt "
            f"{_are(variant.min_units)} mindestens {variant.min_units}. {ask}"
        )
    ask = asked(application, "Bitte klären Sie mit {lead}, wer beitritt.", "Bitte kennzeichnen Sie, wer beitritt.")
    return (
        f"Als beitretend gekennzeichnet {_are(units)} {counted(units, 'Kommune', 'Kommunen')}, verlangt "
        f"{_are(variant.min_units)} mindestens {variant.min_units}. {ask}"
    )


@rule("Der frühere Fall ist angegeben", source="Förderhöhe (Beitritt)")
def earlier_case_named(application):
    if application.variant.unit != "joining_municipality":
        return not_required()
    if not application.has_earlier_case:
        return asked(
            application,
            "Bitte erfragen Sie bei {lead}, welcher Kooperation beigetreten wird, und geben Sie deren Fall an.",
            "Bitte geben Sie den Fall der Kooperation an, der beigetreten wird.",
        )
