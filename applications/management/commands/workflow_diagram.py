from types import SimpleNamespace

from django.core.management.base import BaseCommand

from applications import grant_rules, rules
from applications.models import Application
from applications.permissions import ROLES
from applications.states import MAIN_LINE, State
from applications.workflow import step_names

INTRODUCTION = """# States and steps

Written by `manage.py workflow_diagram` from the steps and rules themselves; a test compares the two.
Every change of state goes through `workflow.take()`.
"""
NOT_UNDONE = """## Steps before payment without a step back

`undo` takes back every other step before payment, `approve` until its notice is sent (decisions/0013). These have none: people outside the ministry act on their outcome, so
each is followed by a new step, which has a reason and a letter of its own.

| step | why there is no step back | what to do instead |
|---|---|---|
| `hand_in` | The ministry has the application, and everybody concerned was told. | The lead withdraws (`withdraw`) and makes a new draft. |
| `take_over` | The case was decided before this procedure: there is no earlier state that it could return to. | `revoke`, with the reason. |
| `amend` | Its letter has replaced the amount that was granted. | Another `amend`; until a notice is sent, `undo` from `approved` takes back the decision as a whole. |
| `revoke_part` | Its letter has taken back a part for good; `undo` from `approved` is refused from then on. | `revoke_part` or `revoke` for the rest; what was revoked wrongly is granted in a new case. |
| `revoke` | Its letter has ended the grant, and `revoked` has no exit. | A new case, which names this one as its earlier case. |
"""
CHECKLISTS = {
    "HAND_IN": rules.HAND_IN,
    "RESOLUTIONS": rules.RESOLUTIONS,
    "AGREEMENT": rules.AGREEMENT,
    "CHECK": rules.CHECK,
    "PAYMENT": grant_rules.PAYMENT,
    "COMPLETION": grant_rules.COMPLETION,
}


class Command(BaseCommand):
    help = "Gibt Stände, Schritte und Regeln als Diagramm und Tabellen aus: der Inhalt von docs/workflow.md."

    def handle(self, **options):
        self.stdout.write(
            "\n".join([INTRODUCTION, *_diagram(), "", *_states(), "", *_steps(), "", NOT_UNDONE, *_rules()])
        )


def transitions_by_step():
    """Step name → its transitions, one for each state that it starts from; in the order of the class body."""
    every = list(Application().get_all_state_transitions())
    by_state = list(State)
    return {
        name: sorted((each for each in every if each.name == name), key=lambda each: by_state.index(each.source))
        for name in step_names(Application)
    }


def targets(transition):
    """Where a transition leads. A step back leads down the main line, or to where the case left it."""
    if isinstance(transition.target, str):
        return [transition.target]
    if transition.target is None:
        return [transition.source]
    if transition.source in MAIN_LINE:
        return [MAIN_LINE[MAIN_LINE.index(transition.source) - 1]]
    return [
        each.source
        for others in transitions_by_step().values()
        for each in others
        if each.target == transition.source and each.source in transition.target.allowed_states
    ]


def roles_that_may(transition):
    """The roles whose rights the step asks for, on a case that nobody handled before; and the lead's signatory."""
    case = SimpleNamespace(
        state=transition.source,
        checked_by_id=None,
        approved_by_id=None,
        grant_sent_on=None,
        is_handed_in=False,
        revocations_to_be_repaid=["one"],
        is_signed_for_lead_by=lambda person: person.signs,
    )
    people = {role: SimpleNamespace(pk=0, has_perm=rights.__contains__, signs=False) for role, rights in ROLES.items()}
    people["federführende Kommune"] = SimpleNamespace(pk=0, has_perm=lambda right: False, signs=True)
    return [role for role, person in people.items() if transition.custom["may"](case, person) is None]


def _diagram():
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.DRAFTED}"
    for name, transitions in transitions_by_step().items():
        for transition in transitions:
            for target in targets(transition):
                yield f"    {transition.source} --> {target}: {name}"
    yield "```"


def _states():
    yield "| state | German |"
    yield "|---|---|"
    for state in State:
        yield f"| `{state}` | {state.label} |"


def _steps():
    yield "| step | button | from | to | who | rules | asks |"
    yield "|---|---|---|---|---|---|---|"
    for name, transitions in transitions_by_step().items():
        facts = transitions[0].custom
        columns = [
            f"`{name}`",
            facts["label"],
            _codes(each.source for each in transitions),
            _codes(target for each in transitions for target in targets(each)),
            _who(transitions),
            next((code for code, checklist in CHECKLISTS.items() if checklist is facts["rules"]), "–"),
            _asked(facts["form"]),
        ]
        yield f"| {' | '.join(columns)} |"


def _codes(names):
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names))


def _who(transitions):
    roles = dict.fromkeys(role for each in transitions for role in roles_that_may(each))
    condition = transitions[0].custom["may"].__doc__ or ""
    return f"{', '.join(roles) or 'superuser'}{f'. {condition}' if condition else ''}"


def _asked(form):
    return ", ".join(field.label for field in form.base_fields.values()) if form else "–"


def _rules():
    yield "| rule | German | kind | source | asked in |"
    yield "|---|---|---|---|---|"
    for rule in [*rules.CHECK, *grant_rules.PAYMENT, *grant_rules.COMPLETION]:
        asked = ", ".join(name for name, checklist in CHECKLISTS.items() if rule in checklist)
        kind = "judged" if rule.is_judged else "computed"
        yield f"| `{rule.name}` | {rule.label} | {kind} | {rule.source} | {asked} |"
