"""Where a clerk enters what a criterion misses: straight to the form, or the card of the page where there is a choice."""

from dataclasses import dataclass

from django.urls import reverse

from applications import owed_documents
from applications.supervision import opinions_to_ask_for


@dataclass(frozen=True)
class Remedy:
    """A link, and what is done there."""

    url: str
    words: str


def remedies(application) -> dict[str, list[Remedy]]:
    """By the name of the rule. Rules that a person judges lead to their judgement instead."""
    corrections = [Remedy("#nachforderungen", "Zu den Nachforderungen")]
    return {
        "participants_exist": [
            _group(application, "Beteiligte ändern")
            if application.received_on
            else _case(application, "Eingangsdatum eintragen")
        ],
        "lead_takes_part": [_group(application, "Federführung oder Beteiligte ändern")],
        "enough_participants": _more_participants(application),
        "resolutions_present": [_resolution(application)],
        "earlier_case_named": [_case(application, "Früheren Fall angeben")],
        "agreement_signed": [
            *_legal_form(application),
            _agreement(application, "Vereinbarung und Unterschriften bearbeiten"),
        ],
        "term_long_enough": [_agreement(application, "Laufzeit und Kündigung eintragen")],
        "supervisory_acts_done": _supervisory_acts(application),
        "saving_reached": [_group(application, "Ausgaben eintragen oder ändern")],
        "ozg_goal_chosen": [_group(application, "OZG-Ziele eintragen")],
        "opinions_received": [_opinion(application)],
        "corrections_closed": corrections,
        "resolution_corrections_closed": corrections,
        "agreement_corrections_closed": corrections,
    }


def _link(name: str, words: str, *keys, query="") -> Remedy:
    return Remedy(reverse(f"admin:applications_{name}", args=keys) + query, words)


def _group(application, words):
    return _link("cooperation_change", words, application.cooperation.pk)


def _case(application, words):
    return _link("application_edit", words, application.pk)


def _more_participants(application):
    variant, fewer = application.variant, application.variant.min_participants_with_reason
    if variant.unit == "brigade":
        return [_group(application, "Zahl der Wehren eintragen")]
    found = [_group(application, "Beteiligte ändern")]
    if fewer and len(application.participants) >= fewer:
        found.append(_case(application, "Ausnahme begründen"))
    return found


def _resolution(application):
    """The one that is missing or not as it should be; of several, one is chosen in the table."""
    rows = owed_documents.rows(application)
    lacking = [
        row.participant for row in rows if any(each.kind == "resolution" and each.tone != "done" for each in row.cells)
    ]
    if not rows:
        return _group(application, "Beteiligte eintragen")
    if len(lacking) != 1:
        return Remedy("#beteiligte", "Zu den Beschlüssen")
    [participant] = lacking
    name = participant.municipality.display_name
    if participant.resolution_or_none:
        return _link("resolution_change", f"Beschluss von {name} ändern", participant.resolution_or_none.pk)
    return _link("resolution_add", f"Beschluss von {name} eintragen", query=f"?parent={participant.pk}")


def _legal_form(application):
    if application.agreement is None or application.cooperation.legal_form in application.variant.legal_forms:
        return []
    return [_group(application, "Rechtsform wählen")]


def _agreement(application, words):
    if application.agreement:
        return _link("agreement_change", words, application.agreement.pk)
    return _link("agreement_add", "Vereinbarung eintragen", query=f"?parent={application.cooperation.pk}")


def _supervisory_acts(application):
    if not application.cooperation.legal_form:
        return [_group(application, "Rechtsform wählen")]
    return [_agreement(application, "Genehmigung, Bekanntmachung oder Anzeige eintragen")]


def _opinion(application):
    """The one that is awaited, once all are asked; else the card, where they are asked."""
    opinions = application.opinion_list
    awaited = [each for each in opinions if not each.is_settled]
    if len(awaited) == 1 and not opinions_to_ask_for(application.municipalities, opinions):
        return _link("opinion_change", f"Stellungnahme eintragen: {awaited[0].name}", awaited[0].pk)
    return Remedy("#stellungnahmen", "Zu den Stellungnahmen")
