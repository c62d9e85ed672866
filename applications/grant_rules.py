"""What has to be so before a granted case is paid out and closed. How a rule speaks: checklist.py. Imports no models."""

from applications.checklist import Checklist, rule
from applications.who_owes import lead_name
from ikz import clock
from ikz.german import day


@rule("Der Bescheid ist bestandskräftig", source="VV Nr. 7 zu § 44 LHO")
def notice_is_final(application):
    """As far as the file tells: where the letter went out elsewhere, the step asks for the day."""
    if application.taken_over_at:
        return "Ein übernommener Altfall wurde schon vor diesem Verfahren ausgezahlt."
    if application.is_action_pending:
        return "Solange eine Klage anhängig ist, wird nicht ausgezahlt."
    if final_on := application.final_on:
        is_ahead = final_on > clock.today()
        return f"Nach den Fristangaben wird der Bescheid erst am {day(final_on)} bestandskräftig." if is_ahead else None
    if application.has_notice:
        return (
            "Der Versand des Bescheids ist noch nicht festgehalten. Die Sachbearbeitung hält ihn beim Schreiben fest."
        )


@rule("Der Verwendungsnachweis ist angenommen", source="VV Nr. 11 zu § 44 LHO")
def report_accepted(application):
    report = application.usage_report
    if report is None:
        return (
            f"Der Verwendungsnachweis von {lead_name(application)} liegt noch nicht vor. Kam er auf Papier, tragen Sie ihn "
            "bitte ein; bleibt er aus, kann die Zuwendung widerrufen werden."
        )
    if report.is_objected:
        return f"Der Verwendungsnachweis ist beanstandet. Bitte fordern Sie ihn bei {lead_name(application)} neu an."
    if not report.is_accepted:
        return "Der Verwendungsnachweis ist noch nicht geprüft. Die Sachbearbeitung prüft ihn und nimmt ihn an."


PAYMENT = Checklist([notice_is_final])
COMPLETION = Checklist([report_accepted])
