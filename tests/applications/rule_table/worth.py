"""What it is worth: saving, proportion, and what a person judges (rules 8 to 11 and 15)."""

from applications import rules
from applications.checklist import Status
from tests.applications.situations import (
    added,
    case,
    cooperation,
    expenditure,
    given,
    judged,
    new_task_field,
    noted_nothing,
    participant,
)

MET, MISSING, NOT_REQUIRED, HINT = Status.MET, Status.MISSING, Status.NOT_REQUIRED, Status.HINT
TO_JUDGE = Status.TO_JUDGE
NOT_FOR_THIS_VARIANT = "Für diese Variante nicht verlangt."

# personnel and material of each of two participants before, of both together after
SAVING = [
    (rules.saving_reached, given(expenditure(before, after), variant=variant, participants=2), status, message)
    for variant, before, after, status, message in [
        (
            "ozg",
            [("60000", "0"), ("40000", "0")],
            ("85010", "0"),
            MISSING,
            "Eingespart werden 14,99 % (14.990 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "ozg",
            [("60000", "0"), ("40000", "0")],
            ("85000.01", "0"),
            MISSING,
            "Eingespart werden 14,99 % (14.999,99 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "ozg",
            [("5000000000", "0"), ("5000000000", "0")],
            ("8500000000.01", "0"),
            MISSING,
            "Eingespart werden 14,99 % (1.499.999.999,99 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen "
            "Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "ozg",
            [("60000", "0"), ("40000", "0")],
            ("85000", "0"),
            MET,
            "Eingespart werden 15,00 % (15.000 € im Jahr); verlangt sind 15,00 %.",
        ),
        # On the sum, not on the mean of the participants' shares.
        (
            "standard",
            [("33333.33", "0"), ("0", "66666.67")],
            ("85000.00", "0"),
            MET,
            "Eingespart werden 15,00 % (15.000 € im Jahr); verlangt sind 15,00 %.",
        ),
        # The same table, read on both bases: personnel alone saves, both together do not.
        (
            "ozg",
            [("60000", "50000"), ("40000", "50000")],
            ("85000", "100000"),
            MET,
            "Eingespart werden 15,00 % (15.000 € im Jahr); verlangt sind 15,00 %.",
        ),
        (
            "standard",
            [("60000", "50000"), ("40000", "50000")],
            ("85000", "100000"),
            MISSING,
            "Eingespart werden 7,50 % (15.000 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "ozg",
            [("60000", None), ("40000", None)],
            ("50000", None),
            MET,
            "Eingespart werden 50,00 % (50.000 € im Jahr); verlangt sind 15,00 %.",
        ),
        (
            "standard",
            [("60000", "0"), ("40000", "0")],
            ("100000", "0"),
            MISSING,
            "Eingespart werden 0,00 % (0 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "standard",
            [("60000", "0"), ("40000", "0")],
            ("100000", "0.01"),
            MISSING,
            "Die Ausgaben steigen um 0,01 € im Jahr, verlangt ist eine Einsparung von mindestens 15,00 % der bisherigen "
            "Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "standard",
            [("0", "0"), ("0", "0")],
            ("0", "0"),
            MISSING,
            "Eingespart werden 0,00 % (0 € im Jahr), verlangt sind mindestens 15,00 % der bisherigen Ausgaben. Bitte klären Sie das mit Adorf.",
        ),
        (
            "standard",
            [("60000", None), ("40000", None)],
            ("50000", "0"),
            MISSING,
            "In der Ausgabentabelle fehlen die bisherigen Ausgaben von Adorf und Bdorf.",
        ),
        (
            "ozg",
            [("60000", "0"), (None, "0")],
            ("50000", "0"),
            MISSING,
            "In der Ausgabentabelle fehlen die bisherigen Ausgaben von Bdorf.",
        ),
        (
            "standard",
            [("60000", "0"), ("40000", "0")],
            ("50000", None),
            MISSING,
            "In der Ausgabentabelle fehlen die künftigen Ausgaben der Zusammenarbeit (einzutragen von Adorf).",
        ),
        ("preparation", [("60000", "0"), ("40000", "0")], ("100000", "0"), NOT_REQUIRED, NOT_FOR_THIS_VARIANT),
    ]
]

YES, NO = (True, "Sieht so aus."), (False, "Nur Lizenzen.")


def _answers(rule, question, variant):
    ask = f"Bitte beurteilen Sie mit Begründung: {question}"
    return [
        (rule, given(judged(rule, *answers), variant=variant), status, message)
        for answers, status, message in [
            ([], TO_JUDGE, ask),
            ([YES], MET, "Ja, Kim Muster: Sieht so aus."),
            ([NO], MISSING, "Nein, Kim Muster: Nur Lizenzen."),
            ([YES, NO], MISSING, "Nein, Kim Muster: Nur Lizenzen."),
            ([NO, YES], MET, "Ja, Kim Muster: Sieht so aus."),
        ]
    ]


JUDGED = [
    *_answers(
        rules.no_pure_it_investment,
        "Geht es um gemeinsame Aufgabenerfüllung und nicht nur um Beratung, Dienstleister oder Software?",
        "ozg",
    ),
    (
        rules.no_pure_it_investment,
        given(judged(rules.no_pure_it_investment), parameters={"excludes_pure_it": False}),
        NOT_REQUIRED,
        NOT_FOR_THIS_VARIANT,
    ),
    *_answers(
        rules.substantial_part_of_task, "Umfasst die Zusammenarbeit wesentliche Teile des Aufgabenfelds?", "standard"
    ),
    (
        rules.substantial_part_of_task,
        given(judged(rules.substantial_part_of_task), variant="fire_brigade"),
        NOT_REQUIRED,
        NOT_FOR_THIS_VARIANT,
    ),
    *_answers(
        rules.members_agree,
        "Hat die Mehrheit der aktiven Mitglieder der Wehren dem Zusammenschluss zugestimmt?",
        "fire_brigade",
    ),
    (rules.members_agree, given(judged(rules.members_agree)), NOT_REQUIRED, NOT_FOR_THIS_VARIANT),
]

GOAL = [
    (rules.ozg_goal_chosen, given(variant="ozg"), MET, ""),
    (rules.ozg_goal_chosen, given(variant="standard"), NOT_REQUIRED, NOT_FOR_THIS_VARIANT),
    (
        rules.ozg_goal_chosen,
        given(cooperation(ozg_goals=[]), variant="ozg"),
        MISSING,
        "Es ist kein OZG-Ziel gewählt. Bitte klären Sie mit Adorf, welches der drei Ziele verfolgt wird.",
    ),
    (
        rules.ozg_goal_chosen,
        given(cooperation(goals_description=" "), variant="ozg"),
        MISSING,
        "Es fehlt, wie die Zusammenarbeit das gewählte OZG-Ziel erreicht. Bitte fordern Sie die Beschreibung bei Adorf an.",
    ),
]

UNKNOWN = "Noch nicht zu berechnen: Die Ausgabentabelle oder der Betrag fehlt."
PROPORTION = [
    # 75.000 € for a saving of 75.000 € a year
    (
        rules.grant_proportionate,
        given(),
        HINT,
        "Zuwendung geteilt durch die Einsparung von 5 Jahren: 0,20. Bisherige Fälle lagen zwischen 0,06 und 0,67.",
    ),
    (rules.grant_proportionate, given(participant("Adorf", material_before=None)), HINT, UNKNOWN),
    (rules.grant_proportionate, given(variant="preparation"), HINT, UNKNOWN),
    (
        rules.grant_proportionate,
        given(parameters={"binding_years": 10}),
        HINT,
        "Zuwendung geteilt durch die Einsparung von 10 Jahren: 0,10. Bisherige Fälle lagen zwischen 0,06 und 0,67.",
    ),
    (
        rules.grant_proportionate,
        given(parameters={"binding_years": 0}),
        HINT,
        "Nicht zu berechnen: Die Variante bindet für keine Zeit.",
    ),
    (
        rules.grant_proportionate,
        given(cooperation(personnel_after=1000000)),
        HINT,
        "Nicht zu berechnen: Es wird nichts eingespart.",
    ),
]

CONFIRM = "Bitte bestätigen Sie es mit einer neuen Beurteilung."
YES, NO = (True, "Bauhof für alle."), (False, "Nur Software.")
CHANGED = [
    (rules.no_pure_it_investment, given(judged(rules.no_pure_it_investment, *answers), *changes), status, message)
    for answers, changes, status, message in [
        (
            [YES],
            [cooperation(purpose="Wir kaufen Software.")],
            HINT,
            f"Ja, Kim Muster: Bauhof für alle. Beurteilt vor Änderung von Zweck. {CONFIRM}",
        ),
        (
            [YES],
            [added("Ddorf"), new_task_field],
            HINT,
            f"Ja, Kim Muster: Bauhof für alle. Beurteilt vor Änderung von Aufgabenfeld und Beteiligten. {CONFIRM}",
        ),
        (
            [NO],
            [cooperation(purpose="Ein Bauhof.")],
            MISSING,
            f"Nein, Kim Muster: Nur Software. Beurteilt vor Änderung von Zweck. {CONFIRM}",
        ),
        # What it does not rest on.
        ([YES], [cooperation(title="Bauhof"), case(note="Anruf.")], MET, "Ja, Kim Muster: Bauhof für alle."),
        # Judged before changes were noted.
        ([YES], [noted_nothing, cooperation(purpose="Anders.")], MET, "Ja, Kim Muster: Bauhof für alle."),
    ]
] + [
    (
        rules.no_pure_it_investment,
        given(cooperation(purpose="Ein Bauhof."), judged(rules.no_pure_it_investment, YES)),
        MET,
        "Ja, Kim Muster: Bauhof für alle.",
    )
]

WORTH = [*SAVING, *JUDGED, *CHANGED, *GOAL, *PROPORTION]
