"""Who takes part: rules 1 to 4."""

from datetime import date

from applications import rules
from applications.checklist import Status
from tests.applications.situations import (
    added,
    body,
    case,
    cooperation,
    foreign_lead,
    given,
    joins,
    no_participants,
    no_resolution,
    replaced_by,
    resolution,
    resolution_file,
)

MET, MISSING, NOT_REQUIRED = Status.MET, Status.MISSING, Status.NOT_REQUIRED
RECEIVED = date(2026, 9, 1)  # the factory's day of receipt


def bare(*changes, **facts):
    return given(*changes, complete=False, **facts)


def earlier_case(application):
    case(earlier_case=bare().application())(application)


EXIST = [
    (rules.participants_exist, bare(), MET, ""),
    (
        rules.participants_exist,
        bare(case(received_on=None)),
        MISSING,
        "Das Eingangsdatum fehlt. Die Sachbearbeitung trägt es ein.",
    ),
    (
        rules.participants_exist,
        bare(body("Bdorf", ags="07111000")),
        MISSING,
        "Bdorf liegt nicht in Hessen. Bitte nehmen Sie die Körperschaft aus dem Antrag.",
    ),
    (rules.participants_exist, bare(body("Bdorf", ags=None, kind="association")), MET, ""),
    (
        rules.participants_exist,
        bare(replaced_by("Adorf", "Neustadt")),
        MISSING,
        "Adorf bestand am 01.09.2026 nicht mehr. Bitte ersetzen Sie sie durch die Nachfolgerin Neustadt.",
    ),
    (
        rules.participants_exist,
        bare(body("Adorf", valid_from=date(2026, 9, 2))),
        MISSING,
        "Adorf bestand am 01.09.2026 nicht. Bitte prüfen Sie die Auswahl.",
    ),
    (rules.participants_exist, bare(body("Adorf", valid_from=RECEIVED, valid_to=RECEIVED)), MET, ""),
    (
        rules.participants_exist,
        bare(body("Adorf", valid_to=date(2026, 8, 31)), body("Cdorf", ags="09162000")),
        MISSING,
        "Adorf bestand am 01.09.2026 nicht. Bitte prüfen Sie die Auswahl. "
        "Cdorf liegt nicht in Hessen. Bitte nehmen Sie die Körperschaft aus dem Antrag.",
    ),
]

LEAD = [
    (rules.lead_takes_part, bare(), MET, ""),
    (
        rules.lead_takes_part,
        bare(cooperation(lead=None)),
        MISSING,
        "Die federführende Kommune steht noch nicht fest. Die Beteiligten bestimmen sie, die Sachbearbeitung trägt sie ein.",
    ),
    (
        rules.lead_takes_part,
        bare(foreign_lead),
        MISSING,
        "Fremdheim ist federführend, aber nicht beteiligt. Bitte nehmen Sie sie als Beteiligte auf.",
    ),
]

MORE_OF_NOBODY = "Bitte klären Sie mit der federführenden Kommune, wer noch teilnimmt."
MORE = "Bitte klären Sie mit Adorf, wer noch teilnimmt."
ENOUGH = [
    *(
        (rules.enough_participants, bare(variant=variant, participants=number), status, message)
        for variant, number, status, message in [
            (
                "standard",
                0,
                MISSING,
                f"Bisher sind 0 Körperschaften beteiligt, verlangt sind mindestens 2. {MORE_OF_NOBODY}",
            ),
            ("standard", 1, MISSING, f"Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. {MORE}"),
            (
                "standard",
                2,
                MISSING,
                "Es sind 2 Körperschaften beteiligt, verlangt sind 3. Bitte klären Sie mit Adorf, wer noch teilnimmt, oder "
                "begründen Sie schriftlich, warum 2 genügen.",
            ),
            ("standard", 3, MET, "3 Körperschaften sind beteiligt."),
            ("standard", 4, MET, "4 Körperschaften sind beteiligt."),
            ("standard", 26, MET, "26 Körperschaften sind beteiligt."),
            ("ozg", 1, MISSING, f"Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. {MORE}"),
            ("ozg", 2, MET, "2 Körperschaften sind beteiligt."),
            ("ozg", 3, MET, "3 Körperschaften sind beteiligt."),
            ("ozg", 4, MET, "4 Körperschaften sind beteiligt."),
            ("ozg", 26, MET, "26 Körperschaften sind beteiligt."),
            ("gvv", 1, MISSING, f"Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. {MORE}"),
            ("gvv", 2, MET, "2 Körperschaften sind beteiligt."),
            ("gvv", 3, MET, "3 Körperschaften sind beteiligt."),
            ("gvv", 4, MET, "4 Körperschaften sind beteiligt."),
            ("gvv", 26, MET, "26 Körperschaften sind beteiligt."),
            ("preparation", 1, MISSING, f"Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. {MORE}"),
            ("preparation", 2, MET, "2 Körperschaften sind beteiligt."),
            ("preparation", 3, MET, "3 Körperschaften sind beteiligt."),
            ("preparation", 4, MET, "4 Körperschaften sind beteiligt."),
            ("preparation", 26, MET, "26 Körperschaften sind beteiligt."),
        ]
    ),
    (
        rules.enough_participants,
        bare(case(few_participants_reason=" Die Nachbarn sind zu groß. "), participants=2),
        MET,
        "Ausnahme mit Begründung: Die Nachbarn sind zu groß.",
    ),
    (
        rules.enough_participants,
        bare(case(few_participants_reason="Allein."), participants=1),
        MISSING,
        f"Bisher ist 1 Körperschaft beteiligt, verlangt sind mindestens 2. {MORE}",
    ),
    (
        rules.enough_participants,
        bare(case(few_participants_reason="   "), participants=2),
        MISSING,
        "Es sind 2 Körperschaften beteiligt, verlangt sind 3. Bitte klären Sie mit Adorf, wer noch teilnimmt, oder "
        "begründen Sie schriftlich, warum 2 genügen.",
    ),
]

_BRIGADES_MISSING = "verlangt sind mindestens 2. Bitte erfragen Sie die Zahl der Wehren bei Adorf."
UNITS = [
    (
        rules.enough_participants,
        bare(cooperation(brigades=brigades), variant="fire_brigade", participants=participants),
        status,
        message,
    )
    for participants, brigades, status, message in [
        (1, None, MISSING, f"Angegeben sind 0 Ortsteilfeuerwehren, {_BRIGADES_MISSING}"),
        (1, 1, MISSING, f"Angegeben ist 1 Ortsteilfeuerwehr, {_BRIGADES_MISSING}"),
        (1, 2, MET, "1 Körperschaft ist beteiligt."),
        (2, 3, MET, "2 Körperschaften sind beteiligt."),
        (3, 4, MET, "3 Körperschaften sind beteiligt."),
        (4, 26, MET, "4 Körperschaften sind beteiligt."),
        (26, 2, MET, "26 Körperschaften sind beteiligt."),
        (0, 2, MISSING, f"Bisher sind 0 Körperschaften beteiligt, verlangt ist mindestens 1. {MORE_OF_NOBODY}"),
    ]
] + [
    (
        rules.enough_participants,
        bare(joins(*joining), variant="accession", participants=participants),
        status,
        message,
    )
    for participants, joining, status, message in [
        (
            1,
            [],
            MISSING,
            "Als beitretend gekennzeichnet sind 0 Kommunen, verlangt ist mindestens 1. Bitte klären Sie mit Adorf, wer beitritt.",
        ),
        (1, ["Adorf"], MET, "1 Körperschaft ist beteiligt."),
        (2, ["Adorf"], MET, "2 Körperschaften sind beteiligt."),
        (3, ["Adorf", "Bdorf"], MET, "3 Körperschaften sind beteiligt."),
        (4, ["Ddorf"], MET, "4 Körperschaften sind beteiligt."),
        (26, ["Zdorf"], MET, "26 Körperschaften sind beteiligt."),
    ]
]

EARLIER = [
    (rules.earlier_case_named, bare(), NOT_REQUIRED, "Für diese Variante nicht verlangt."),
    (
        rules.earlier_case_named,
        bare(case(earlier_case_reference="  "), variant="accession"),
        MISSING,
        "Bitte erfragen Sie bei Adorf, welcher Kooperation beigetreten wird, und geben Sie deren Fall an.",
    ),
    (
        rules.earlier_case_named,
        bare(case(earlier_case_reference="Az. IV 3 von 2014"), variant="accession"),
        MET,
        "",
    ),
    (
        rules.earlier_case_named,
        bare(earlier_case, variant="accession"),
        MET,
        "",
    ),
]

RESOLUTIONS = [
    (rules.resolutions_present, given(), MET, ""),
    (
        rules.resolutions_present,
        bare(no_participants),
        MISSING,
        "Es ist noch niemand beteiligt. Bitte klären Sie mit Adorf, wer teilnimmt.",
    ),
    (
        rules.resolutions_present,
        given(no_resolution("Bdorf")),
        MISSING,
        "Es fehlt der Beschluss von Bdorf (Gemeindevertretung).",
    ),
    (
        rules.resolutions_present,
        given(no_resolution("Bdorf"), body("Bdorf", kind="town"), added("Ddorf")),
        MISSING,
        "Es fehlen die Beschlüsse von Bdorf und Ddorf.",
    ),
    (
        rules.resolutions_present,
        given(no_resolution("Bdorf"), body("Bdorf", kind="town")),
        MISSING,
        "Es fehlt der Beschluss von Bdorf (Stadtverordnetenversammlung).",
    ),
    (
        rules.resolutions_present,
        given(resolution("Bdorf", organ="Gemeindevorstand")),
        MISSING,
        "Für Bdorf hat Gemeindevorstand beschlossen, zuständig ist Gemeindevertretung. Bitte fordern Sie deren Beschluss "
        "an oder vermerken Sie die Übertragung der Zuständigkeit.",
    ),
    (rules.resolutions_present, given(resolution("Bdorf", organ="Hauptausschuss", is_delegated=True)), MET, ""),
    (
        rules.resolutions_present,
        given(body("Bdorf", kind="other_body"), resolution("Bdorf", organ="Gesellschafterversammlung")),
        MET,
        "",
    ),
    (
        rules.resolutions_present,
        given(resolution("Cdorf", is_positive=False)),
        MISSING,
        "Cdorf hat nicht zugestimmt. Ein neuer, zustimmender Beschluss ist nötig.",
    ),
    (
        rules.resolutions_present,
        given(resolution("Adorf", resolved_on=None)),
        MISSING,
        "Im Beschluss von Adorf fehlt das Datum.",
    ),
    (
        rules.resolutions_present,
        given(resolution("Adorf", file=None)),
        MISSING,
        "Zum Beschluss von Adorf fehlt das PDF.",
    ),
    (
        rules.resolutions_present,
        given(resolution_file("Adorf", "infected")),
        MISSING,
        "Der Beschluss von Adorf wurde vom Virenscanner beanstandet. Bitte fordern Sie die Datei neu an.",
    ),
    (
        rules.resolutions_present,
        given(resolution_file("Adorf", "pending")),
        MISSING,
        "Der Beschluss von Adorf ist noch nicht auf Viren geprüft. Bitte warten Sie die Prüfung ab.",
    ),
    (rules.resolutions_present, given(resolution_file("Adorf", "unscanned")), MET, ""),
]

PARTICIPANTS = [*EXIST, *LEAD, *ENOUGH, *UNITS, *EARLIER, *RESOLUTIONS]
