"""What a hearing waits for, and who does what after it, in words. Imports no models."""

from applications.letter_kinds import Intention
from applications.states import UNDECIDED, State
from ikz.german import day

SEND = (
    "Die Anhörung vom {dated_on} ist noch nicht als versandt festgehalten; bis dahin läuft die Frist zur Äußerung nicht. Die "
    "Sachbearbeitung versendet sie und hält den Versand beim Schreiben fest."
)
REPEAT = (
    "Die Anhörung vom {dated_on} ging erst am {sent_on} hinaus und ließ keine Zeit zur Äußerung bis zum {due_on}. Die "
    "Sachbearbeitung hört die federführende Kommune erneut an."
)
RUNS = (
    "Die federführende Kommune ist angehört und kann sich bis zum {due_on} äußern. Was sie vorträgt, hält die "
    "Sachbearbeitung bei der Anhörung fest."
)
ANSWERED = "Die federführende Kommune hat sich am {answered_on} geäußert."
UNANSWERED = "Die federführende Kommune hat sich bis zum {due_on} nicht geäußert."
# What may be done once the lead was heard.
BEFORE_THE_CHECK = (
    "Bewilligung: Sie entscheiden jetzt über die Ablehnung. Sachbearbeitung: Ist der Grund für sie entfallen, etwa weil die "
    "Äußerung überzeugt, beurteilen Sie neu und schließen Sie die Prüfung ab; dann wird über den Antrag entschieden."
)
AFTER_THE_CHECK = "Bewilligung: Sie können jetzt ablehnen oder, wenn der Grund dafür entfallen ist, bewilligen."
AFTER_THE_GRANT = "Bewilligung: Sie können jetzt widerrufen. Ist der Grund dafür entfallen, bleibt es beim Bescheid."


def _of_the_next_decision(application) -> list:
    """The hearings that count for what may be decided next to the lead's burden."""
    return application.hearings_on(Intention.REFUSE if application.state in UNDECIDED else Intention.REVOKE)


def what_holds_it_up(application) -> str:
    """The sentence of why no time runs though there is a hearing, and who changes that; else nothing."""
    hearings = _of_the_next_decision(application)
    if not hearings or hearings[-1].is_over or any(each.is_running for each in hearings):
        return ""
    return _said(SEND if hearings[-1].is_to_be_sent else REPEAT, hearings[-1])


def what_is_next(application) -> str:
    """Who may do what next about the hearing; empty where there is none."""
    hearings = _of_the_next_decision(application)
    if running := [each for each in hearings if each.is_running]:
        return _said(RUNS, running[-1])
    if hearings and hearings[-1].is_over:
        heard = next((each for each in reversed(hearings) if each.answered_on), hearings[-1])
        return f"{_said(ANSWERED if heard.answered_on else UNANSWERED, heard)} {_after_it(application)}"
    return what_holds_it_up(application)


def _after_it(application) -> str:
    if application.state not in UNDECIDED:
        return AFTER_THE_GRANT
    return AFTER_THE_CHECK if application.state == State.CHECKED else BEFORE_THE_CHECK


def _said(sentence, hearing) -> str:
    days = {
        "dated_on": hearing.notice.dated_on,
        "sent_on": hearing.sent_on,
        "due_on": hearing.due_on,
        "answered_on": hearing.answered_on,
    }
    return sentence.format(**{name: known and day(known) for name, known in days.items()})
