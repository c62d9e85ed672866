"""The one door through which an application changes state.

Every change (admin, portal, command) goes through take(): lock the row, check state, permission and rules, run the step,
save, write history. One transaction; no history entry, no change. Imports no models: it works on the object it is given.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django_fsm import transition as fsm_transition

from applications.checklist import Checklist, Finding

NO_RULES = Checklist()


class StepRefused(Exception):
    """A step was not taken and nothing was changed. The message is a German sentence for the person who tried."""


class WrongState(StepRefused):
    """The step does not start from the state that the application is in."""


class AlreadyTaken(StepRefused):
    """The same person sent the very same step before, and it was taken: nothing is amiss."""


class NotPermitted(StepRefused):
    """The person may not take this step."""


class Stale(StepRefused):
    """The case was changed since the person last looked."""


class AnswerRefused(StepRefused):
    """One of the answers given with the step cannot be accepted. `field` names it."""

    def __init__(self, field: str, message: str):
        self.field = field
        super().__init__(message)


class NotReady(StepRefused):
    """The rules of this step are not all met."""

    def __init__(self, findings: list[Finding]):
        self.findings = findings
        super().__init__(" ".join(finding.message for finding in findings))


@dataclass(frozen=True)
class Step:
    """A step that starts from the present state: a button, why it is not yet pressed, and what it asks."""

    name: str
    label: str
    target: str
    refusal: str | None
    findings: list[Finding]
    form: type | None
    tone: str

    @property
    def missing(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.met]

    @property
    def asks(self) -> bool:
        """Whether the step has a form; a template would call the class instead of looking at it."""
        return self.form is not None

    @property
    def is_ready(self) -> bool:
        return self.refusal is None and not self.missing


def step(label: str, *, source, target, may: Callable, rules=NO_RULES, form=None, tone="normal"):
    """An FSM transition that also says its name, its rules, its form and who may take it.

    `may(application, user)` returns the sentence of why not, or None. `tone` is main, normal, serious or rare: how
    the button looks; a rare one is shown only to whoever may take it. `form` is the class of the form that asks for the step's answers.
    """
    return fsm_transition(
        field="state",
        source=source,
        target=target,
        permission=lambda application, user: may(application, user) is None,
        conditions=[rules.met],
        custom={"label": label, "rules": rules, "may": may, "form": form, "tone": tone},
    )


def steps(application, user, findings: dict | None = None) -> list[Step]:
    """The steps from here, permitted or not, in the order in which they are written down.

    `findings` (rule → Finding) spares a second evaluation where a checklist was already asked.
    """
    known = findings or {}
    result = []
    for name, transition in _from_here(application).items():
        facts = transition.custom
        found = [known.get(rule) or rule.finding(application) for rule in facts["rules"]]
        target = transition.target if isinstance(transition.target, str) else ""
        result.append(
            Step(name, facts["label"], target, facts["may"](application, user), found, facts["form"], facts["tone"])
        )
    return result


def take(application, name: str, *, by, seen: str | None = None, sent: str = "", **answers):
    """Take a step and return the application as it is afterwards.

    `seen` is the revision that the person looked at; a later one refuses the step. `sent` is the checksum of the form as
    it came: by it a second sending is known. Raises a StepRefused: AlreadyTaken, WrongState, NotPermitted, Stale, NotReady
    or AnswerRefused. Then nothing has changed.
    """
    with transaction.atomic():
        application = type(application).objects.locked(application.pk)
        if was_sent_before(application, name, by=by, sent=sent):
            raise AlreadyTaken(application.when_it_was_taken())
        transition = _from_here(application).get(name)
        is_stale = seen is not None and seen != application.revision
        if transition is None:
            if is_stale and application.last_entry.step != name:
                raise Stale(application.what_changed_last())
            raise WrongState(application.why_not_from_here(name))
        if is_stale:  # first, because what changed may also have changed who may
            raise Stale(application.what_changed_last())
        if refusal := transition.custom["may"](application, by):
            raise NotPermitted(refusal)
        findings = transition.custom["rules"].findings(application)
        if missing := [finding for finding in findings if not finding.met]:
            raise NotReady(missing)
        source = application.state
        getattr(application, name)(by=by, **answers)
        application.record(name, source=source, by=by, findings=findings, answers=answers, sent=sent)
        # A fresh one: what this instance remembers of its related rows is from before the step.
        return type(application).objects.get(pk=application.pk)


def was_sent_before(application, name, *, by, sent) -> bool:
    """Whether the last step was this one, by this person, sent with the very same form."""
    last = application.last_move if sent else None
    return last is not None and (last.step, last.by_id, last.data.get("sent")) == (name, by.pk, sent)


def checksum_of(data) -> str:
    """Of a form as a browser sent it. With `seen` among it, it is that of one page and not of the next."""
    fields = sorted((name, data.getlist(name)) for name in data if name != "csrfmiddlewaretoken")
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def step_names(model) -> list[str]:
    """The names of all steps, in the order in which they are written down."""
    return [name for owner in model.__mro__ for name, value in vars(owner).items() if hasattr(value, "_django_fsm")]


def form_of(model, name: str) -> type | None:
    """The form that asks for the answers of a step, whatever state a case is in."""
    return next((each.custom["form"] for each in model().get_all_state_transitions() if each.name == name), None)


def _from_here(application) -> dict:
    """Transitions by name, from the present state, in the order in which they are written down."""
    every = {each.name: each for each in application.get_all_state_transitions() if each.source == application.state}
    return {name: every[name] for name in step_names(type(application)) if name in every}
