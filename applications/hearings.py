"""What a hearing waits for, in words for the page of its case. Imports no models."""

from applications.letter_kinds import Intention
from applications.states import UNDECIDED
from ikz.german import day

SEND = (
    "Die Anhörung vom {dated_on} ist noch nicht als versandt festgehalten; bis dahin läuft die Frist zur Äußerung nicht. Die "
    "Sachbearbeitung versendet sie und hält den Versand beim Schreiben fest."
)
REPEAT = (
    "Die Anhörung vom {dated_on} ging erst am {sent_on} hinaus und ließ keine Zeit zur Äußerung bis zum {due_on}. Die "
    "Sachbearbeitung hört die federführende Kommune erneut an."
)


def of_the_next_decision(application) -> list:
    """The hearings that count for what may be decided next to the lead's burden."""
    return application.hearings_on(Intention.REFUSE if application.state in UNDECIDED else Intention.REVOKE)


def what_is_next(application) -> str:
    """The sentence of who does what about the hearing next; empty where there is none to wait for."""
    hearings = of_the_next_decision(application)
    if not hearings or hearings[-1].is_over or any(each.is_running for each in hearings):
        return ""
    return _said(SEND if hearings[-1].is_to_be_sent else REPEAT, hearings[-1])


def _said(sentence, hearing) -> str:
    return sentence.format(
        dated_on=day(hearing.notice.dated_on),
        sent_on=hearing.sent_on and day(hearing.sent_on),
        due_on=day(hearing.due_on),
    )
