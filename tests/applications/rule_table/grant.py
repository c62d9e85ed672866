"""A granted case: before it is paid out, and before it is closed."""

from applications import grant_rules
from applications.checklist import Status
from tests.applications.situations import (
    accepted_report,
    dates,
    given,
    gone_to,
    objected_report,
    on,
    report,
    taken_over,
)

MET, MISSING = Status.MET, Status.MISSING

PAYMENT = [
    (grant_rules.notice_is_final, given(gone_to("approved"), *these), status, message)
    for these, status, message in [
        ([], MET, ""),  # the letter went out elsewhere, and the step asks for the day
        ([taken_over], MISSING, "Ein übernommener Altfall wurde schon vor diesem Verfahren ausgezahlt."),
        ([dates(waived_on=on("2020-01-01"))], MET, ""),
        (
            [dates(waived_on=on("2099-01-01"))],
            MISSING,
            "Nach den Fristangaben wird der Bescheid erst am 01.01.2099 bestandskräftig.",
        ),
        (
            [dates(waived_on=on("2020-01-01"), action_pending=True)],
            MISSING,
            "Solange eine Klage anhängig ist, wird nicht ausgezahlt.",
        ),
    ]
]
COMPLETION = [
    (grant_rules.report_accepted, given(gone_to("paid"), *these), status, message)
    for these, status, message in [
        (
            [],
            MISSING,
            "Der Verwendungsnachweis von Adorf liegt noch nicht vor. Kam er auf Papier, tragen Sie ihn bitte ein; bleibt er aus, kann "
            "die Zuwendung widerrufen werden.",
        ),
        (
            [report()],
            MISSING,
            "Der Verwendungsnachweis ist noch nicht geprüft. Die Sachbearbeitung prüft ihn und nimmt ihn an.",
        ),
        (
            [objected_report],
            MISSING,
            "Der Verwendungsnachweis ist beanstandet. Bitte fordern Sie ihn bei Adorf neu an.",
        ),
        ([accepted_report], MET, ""),
    ]
]

GRANT = [*PAYMENT, *COMPLETION]
