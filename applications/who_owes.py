"""From whom something is still missing, by name. Imports no models."""

from ikz.german import day, listing


def lead_name(application) -> str:
    return application.lead.display_name if application.lead else "der federführenden Kommune"


def asked(application, of_the_ministry: str, of_the_lead: str) -> str:
    """What is to be done, for whoever reads it: before the hand-in that is the lead itself."""
    return of_the_ministry.format(lead=lead_name(application)) if application.is_handed_in else of_the_lead


def what_corrections_wait_for(application, *, about="") -> str:
    """The sentence of what municipalities still owe, else of what the ministry has to look at; empty when all is settled.

    `about`: only the requests of which an item of this kind is not settled.
    """
    open_ones = [each for each in application.correction_list if each.is_open and (not about or each.asks_for(about))]
    if waiting := [each for each in open_ones if each.is_unanswered]:
        return f"Noch offen: {listing([_owed(each, application) for each in waiting])}."
    if open_ones:
        return f"Beantwortet, die Sachbearbeitung prüft: {listing([f'„{each.subject}“' for each in open_ones])}."
    return ""


def _owed(request, application) -> str:
    whose = listing(who_has_to_answer([request], application))
    return f"„{request.subject}“ (von {whose}, fällig am {day(request.due_on)})"


def who_has_to_answer(requests, application) -> list[str]:
    """The bodies that have not answered yet, each once; what is asked of no participant, the lead owes."""
    asked = [whom for request in requests if request.is_unanswered for whom in _participants_asked(request)]
    names = [each.municipality.display_name if each else lead_name(application) for each in asked]
    return list(dict.fromkeys(names))


def _participants_asked(request) -> list:
    """Of the items without answer; a request without items counts as one thing asked of the lead."""
    items = list(request.items.all())
    return [each.participant for each in items if each.state == "open"] if items else [None]
