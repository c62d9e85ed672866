"""Who hears what: one row per event. The texts lie in templates/applications/mails/, the subject in their first line.

Imports no models.
"""

from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    LEAD = "lead"  # the people of the federführende Kommune
    PARTNERS = "partners"  # the people of all other participants
    ASKED = "asked"  # the people of the participant that the event names, or of the lead
    OFFICE = "office"  # the people of the supervisory office that the event names
    UPLOADER = "uploader"  # the person who brought the file that the event names
    CLERK = "clerk"  # who is in charge, or every clerk while nobody is


@dataclass(frozen=True)
class Event:
    label: str
    audiences: tuple[Audience, ...]


# Steps are events of the same name; the others are told by the doing module that causes them.
EVENTS = {
    "hand_in": Event("Antrag eingereicht", (Audience.LEAD, Audience.PARTNERS, Audience.CLERK)),
    "collect_resolutions": Event("Beschlüsse vollständig", (Audience.LEAD, Audience.PARTNERS)),
    "sign_agreement": Event("Vereinbarung vollständig", (Audience.LEAD,)),
    "check_application": Event("Prüfung abgeschlossen", (Audience.LEAD,)),
    "approve": Event("Bewilligt", (Audience.LEAD, Audience.PARTNERS)),
    "reject": Event("Abgelehnt", (Audience.LEAD, Audience.PARTNERS)),
    "withdraw": Event("Antrag zurückgezogen", (Audience.LEAD, Audience.PARTNERS, Audience.CLERK)),
    "pay": Event("Ausgezahlt", (Audience.LEAD,)),
    "complete": Event("Abgeschlossen", (Audience.LEAD, Audience.PARTNERS)),
    "revoke": Event("Widerrufen", (Audience.LEAD, Audience.PARTNERS)),
    "undo": Event("Schritt zurückgenommen", (Audience.LEAD,)),
    "document_received": Event("Unterlage eingegangen", (Audience.CLERK,)),
    "document_infected": Event("Vom Virenscanner beanstandet", (Audience.UPLOADER, Audience.CLERK)),
    "opinion_requested": Event("Stellungnahme erbeten", (Audience.OFFICE,)),
    "opinion_received": Event("Stellungnahme eingegangen", (Audience.CLERK,)),
    "correction_requested": Event("Nachforderung", (Audience.ASKED,)),
    "correction_submitted": Event("Nachforderung beantwortet", (Audience.CLERK,)),
    "correction_refused": Event("Nachforderung noch offen", (Audience.ASKED,)),
    "correction_closed": Event("Nachforderung erledigt", (Audience.ASKED,)),
    "correction_due": Event("Erinnerung an eine Nachforderung", (Audience.ASKED,)),
    "amend": Event("Betrag geändert", (Audience.LEAD, Audience.PARTNERS)),
    "revoke_part": Event("Teilweise widerrufen", (Audience.LEAD, Audience.PARTNERS)),
    "report_received": Event("Verwendungsnachweis eingegangen", (Audience.CLERK,)),
    "report_objected": Event("Verwendungsnachweis beanstandet", (Audience.LEAD,)),
    "account_entered": Event("Neue Bankverbindung", (Audience.LEAD,)),
    "report_due": Event("Verwendungsnachweis fällig", (Audience.LEAD,)),
}
