"""What a rule is: label, legal source, and the sentence that says what is missing and from whom.

A rule function looks at the application that it is handed and returns
- nothing: met;
- a sentence: not met, and this is missing;
- an Outcome where it has more to say (met with a figure, not required, to be judged, a hint).

Rules that only a person can answer are made with @judged: their function says what to look at, or why there is
nothing to judge; the answer is the application's judgement of that name. Imports no models.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from ikz.german import listing


class Status(StrEnum):
    MET = "met"
    MISSING = "missing"
    TO_JUDGE = "to_judge"
    NOT_REQUIRED = "not_required"
    HINT = "hint"


# A sentence that asks somebody for something. Its end is a full stop behind a word, not one as in „Nr. 4“, „a. M.“ or „St.“.
CALL = re.compile(r"(?:Bitte|Die Sachbearbeitung) .*?(?:\w{2}(?<!\bSt)|[)“\d])[.?](?= [A-ZÄÖÜ„]|$) ?")

BLOCKING = frozenset({Status.MISSING, Status.TO_JUDGE})


@dataclass(frozen=True)
class Outcome:
    """`is_for_a_person`: whether a person's judgement is asked for, given or not."""

    status: Status
    message: str = ""
    is_for_a_person: bool = False


@dataclass(frozen=True)
class Rule:
    name: str
    label: str
    source: str
    evaluate: Callable[..., Outcome]
    question: str = ""

    @property
    def is_judged(self) -> bool:
        return bool(self.question)

    def finding(self, application) -> "Finding":
        outcome = self.evaluate(application)
        return Finding(self, outcome.status, outcome.message, outcome.is_for_a_person)


@dataclass(frozen=True)
class Finding:
    """What one rule says of one application at this moment."""

    rule: Rule
    status: Status
    message: str
    is_for_a_person: bool = False

    @property
    def met(self) -> bool:
        return self.status not in BLOCKING

    @property
    def without_call(self) -> "Finding":
        """For a case in which nobody has to do anything any more: what is so, and not what to do."""
        return replace(self, message=CALL.sub("", self.message).strip())


class Checklist(tuple):
    """Rules asked together: a guard for the step, a list for people."""

    def findings(self, application) -> list[Finding]:
        return [rule.finding(application) for rule in self]

    def met(self, application) -> bool:
        return all(finding.met for finding in self.findings(application))


def rule(label: str, *, source: str):
    """A computed rule."""

    def register(check) -> Rule:
        return Rule(check.__name__, label, source, lambda application: _outcome(check(application)))

    return register


def judged(label: str, *, source: str, question: str):
    """A rule that a person answers with yes or no and a reason; yes means met."""

    def register(what_to_look_at) -> Rule:
        name = what_to_look_at.__name__

        def evaluate(application) -> Outcome:
            to_judge = what_to_look_at(application)
            if isinstance(to_judge, Outcome):
                return to_judge
            judgement = application.judgement_on(name)
            if judgement is None:
                return to_be_judged(f"Bitte beurteilen Sie mit Begründung: {question} {to_judge or ''}".strip())
            said = f"{'Ja' if judgement.answer else 'Nein'}, {judgement.by}: {judgement.reason}"
            status = Status.MET if judgement.answer else Status.MISSING
            if changed := application.changed_since(judgement):
                # It still counts: whether the change matters to it, only a person can say.
                status = Status.HINT if judgement.answer else status
                said = f"{said} Beurteilt vor Änderung von {listing(changed)}. Bitte bestätigen Sie es mit einer neuen Beurteilung."
            return Outcome(status, said, is_for_a_person=True)

        return Rule(name, label, source, evaluate, question)

    return register


def _outcome(answer: str | Outcome | None) -> Outcome:
    if isinstance(answer, Outcome):
        return answer
    return Outcome(Status.MISSING, answer) if answer else Outcome(Status.MET)


def met(message: str) -> Outcome:
    return Outcome(Status.MET, message)


def to_be_judged(message: str) -> Outcome:
    return Outcome(Status.TO_JUDGE, message, is_for_a_person=True)


def not_required(message: str = "Für diese Variante nicht verlangt.") -> Outcome:
    return Outcome(Status.NOT_REQUIRED, message)


def hint(message: str) -> Outcome:
    """Informs and never blocks."""
    return Outcome(Status.HINT, message)
