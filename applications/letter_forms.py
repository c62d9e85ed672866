"""The forms of steps that end in a letter: its passages are chosen and edited beside the answers. Imports no models."""

from django import forms
from django.utils.functional import cached_property

from applications import grant_terms, hearings, revocation_terms
from applications.letter_kinds import Intention, LetterKind
from applications.step_forms import StepForm, day_field, text_field
from ikz import clock
from ikz.german import counted, day, euros
from ikz.typed_euros import EurosField

NOT_COVERED = (
    "Bitte wählen Sie einen anderen Haushalt, setzen Sie mit Begründung einen kleineren Betrag fest, oder wenden Sie sich an "
    "die Rolle Haushalt."
)
NO_LINE = "Für {year} ist kein Haushaltsansatz angelegt."
ASK_FOR_ONE = "Bitte wenden Sie sich an die Rolle Haushalt."
ONLY_LATER = "Bitte wählen Sie einen Haushalt, den eine Verpflichtungsermächtigung deckt, oder wenden Sie sich an die Rolle Haushalt."
NOT_HEARD_YET = "Bitte warten Sie das ab, oder begründen Sie unten, warum keine Anhörung nötig ist (HVwVfG § 28)."
USUAL_REPORT = (
    f"Üblich sind {grant_terms.REPORT_AFTER_YEARS} Jahre ab Beginn der Zusammenarbeit (so ein Bescheid von 2013). Keine "
    "Vorschrift bestimmt den Tag; er darf vor dem Ende des Bewilligungszeitraums liegen."
)


class LetterForm(StepForm):
    """Passages that belong to every letter of the kind may be edited; the others may be added, too."""

    letter = None  # the LetterKind

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.own = list(self.fields)
        self.blocks = self.application.passages_to_choose(self.letter)
        for block in self.blocks:
            if not block.is_standard:
                self.fields[f"take-{block.key}"] = forms.BooleanField(
                    label=f"„{block.title}“ aufnehmen", required=False
                )
            self.fields[f"text-{block.key}"] = text_field(
                block.title, initial=block.version.text, rows=6, required=False, help_text="Leer: wie hinterlegt."
            )

    @classmethod
    def typed(cls, application, data):
        """The answers, the passages that were added, and the texts that are not as they are stored."""
        typed = super().typed(application, data)
        for block in application.passages_to_choose(cls.letter):
            if data.get(f"take-{block.key}"):
                typed.append((f"„{block.title}“ aufnehmen", "ja"))
            if text := _edited(block, data.get(f"text-{block.key}", "").strip()):
                typed.append((f"Textbaustein „{block.title}“", text))
        return typed

    @property
    def main(self):
        return [self[name] for name in self.own]

    @property
    def passages(self):
        return [self[name] for name in self.fields if name not in self.own]

    def clean(self):
        """The answers of the step, and `texts`: what differs from the delivered letter (notices.issue)."""
        answers = {name: value for name, value in super().clean().items() if name in self.own}
        return answers | {"texts": self._texts()}

    def _texts(self):
        texts = {}
        for block in self.blocks:
            edited = _edited(block, self.cleaned_data.get(f"text-{block.key}", ""))
            if edited if block.is_standard else self.cleaned_data.get(f"take-{block.key}"):
                texts[block.key] = edited
        return texts


def _edited(block, text) -> str:
    """The text as a browser sends it, or nothing where it is the one that is stored."""
    text = text.replace("\r\n", "\n")
    return "" if text == block.version.text else text


def _amount_field(label):
    return EurosField(label=label, max_digits=12, decimal_places=2, min_value=0)


class FromABudget(LetterForm):
    """A letter about money; the step is told year and title of the line that it comes from."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["budget"].choices = [(key, self._label(line)) for key, line in self.lines.items()]

    @cached_property
    def lines(self):
        return {str(line.pk): line for line in self.application.open_budgets}

    @staticmethod
    def _label(line):
        """What is left, in a later year of what was authorised."""
        this_year = clock.today().year
        what = "verfügbar" if line.year <= this_year else "verfügbar nach Verpflichtungsermächtigung"
        return f"{line.year}: {euros(line.room(this_year))} {what}" + (f", {line.title}" if line.title else "")

    @property
    def warning(self):
        """What would refuse the first values; said before anything is pressed."""
        line, amount = self.lines.get(self.initial.get("budget")), self.initial.get("amount")
        this_year = clock.today().year
        if self.is_bound:
            return ""
        if line is None and self.line_of(this_year) is None:
            return f"{NO_LINE.format(year=this_year)} {ONLY_LATER if self.lines else ASK_FOR_ONE}"
        refusal = line.why_not(amount, this_year) if line and amount is not None else ""
        return f"{refusal} {NOT_COVERED}" if refusal else ""

    def clean(self):
        answers = super().clean()
        if line := self.lines.get(answers.pop("budget", "")):
            answers |= {"year": line.year, "title": line.title}
        return answers

    def line_of(self, year):
        """The first line of the year, for a start."""
        return next((key for key, line in self.lines.items() if line.year == year), None)


def _budget_field():
    return forms.ChoiceField(
        label="Haushalt",
        widget=forms.RadioSelect,  # a select would cut off the name of the line
        error_messages={
            "required": "Bitte wählen Sie ein Haushaltsjahr. Fehlt es, legt die Rolle Haushalt den Ansatz an."
        },
    )


class ApprovalForm(FromABudget):
    letter = LetterKind.GRANT
    amount = _amount_field("Zuwendung (€)")
    budget = _budget_field()
    reason = text_field(
        "Begründung der Abweichung",
        required=False,
        help_text="Nötig, wenn der Betrag vom Vorschlag abweicht. Steht im Bescheid.",
    )
    purpose = text_field("Zuwendungszweck")
    starts_on = day_field("Bewilligungszeitraum von")
    ends_on = day_field("Bewilligungszeitraum bis")
    report_due_on = day_field("Verwendungsnachweis bis", help_text=USUAL_REPORT)
    payment_rule = text_field("Auszahlung")
    legal_basis = forms.CharField(
        label="Rechtsgrundlage", max_length=300, help_text="Im Bescheid: „Rechtsgrundlage sind die …“."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if years := self.application.variant.binding_years:
            bound = counted(years, "Jahr", "Jahre")
            self.fields["ends_on"].help_text = (
                f"Üblich ist das Ende der Zweckbindung: {bound} ab Beginn der Zusammenarbeit "
                f"({self.application.variant.programme.name})."
            )

    def first_values(self):
        proposal = self.application.proposal
        return {
            "amount": proposal.total if proposal else None,
            "budget": self.line_of(clock.today().year),
            **grant_terms.first_terms(self.application),
        }


class AmendmentForm(FromABudget):
    letter = LetterKind.AMENDMENT
    intro = (
        "Der Änderungsbescheid tritt neben den Zuwendungsbescheid. Eine Kürzung gegen den Willen der Kommunen ist ein "
        "teilweiser Widerruf."
    )
    amount = _amount_field("Zuwendung neu (€)")
    budget = _budget_field()
    reason = text_field("Begründung", help_text="Steht im Bescheid und in der Verfahrensgeschichte.")

    def first_values(self):
        budget = self.application.decision.budget
        return {"budget": budget and str(budget.pk)}


class HeardBefore(LetterForm):
    """A letter before which the lead is heard; the step asks why not, where it was not."""

    intention = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.hearing = self.application.running_hearing(self.intention)
        if self.hearing:
            self.fields["no_hearing_reason"].label = "Warum Sie vor Ablauf der Frist entscheiden"

    @property
    def warning(self):
        if not self.hearing:
            waits = hearings.what_holds_it_up(self.application)
            return f"{waits} {NOT_HEARD_YET}" if waits else ""
        return (
            f"Die Frist zur Äußerung läuft noch bis {day(self.hearing.due_on)} (Anhörung vom "
            f"{day(self.hearing.notice.dated_on)}). Bitte warten Sie sie ab, oder begründen Sie unten, warum Sie vorher "
            f"entscheiden (HVwVfG § 28)."
        )


def _no_hearing_field():
    return text_field(
        "Warum keine Anhörung nötig ist",
        required=False,
        help_text="Steht im Bescheid. Nötig, solange eine Anhörung weder beantwortet noch abgelaufen ist (HVwVfG § 28).",
    )


class RevocationForm(HeardBefore):
    letter = LetterKind.REVOCATION
    intention = Intention.REVOKE
    reason = text_field("Begründung", help_text="Steht im Bescheid und in der Verfahrensgeschichte.")
    legal_basis = forms.ChoiceField(
        label="Rechtsgrundlage",
        choices=[(basis, f"{basis}: {revocation_terms.MEANING[basis]}") for basis in revocation_terms.BASES],
    )
    known_on = day_field(
        "Gründe bekannt seit",
        help_text="Steht im Bescheid. Von diesem Tag an ist ein Jahr Zeit (HVwVfG § 48 Abs. 4, § 49 Abs. 2 und 3).",
    )
    no_hearing_reason = _no_hearing_field()
    due_on = day_field("Zu erstatten bis", required=False)
    interest_since = day_field(
        "Bescheid unwirksam seit",
        required=False,
        help_text="Steht im Bescheid. Vom Tag danach an laufen Zinsen, frühestens seit der Auszahlung (HVwVfG § 49a Abs. 3).",
    )
    interest_until = day_field(
        "Zinsen berechnen bis", required=False, help_text="Höchstens bis zum Tag der Erstattung. Leer: keine Zinsen."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.application.was_paid:
            for name in ("due_on", "interest_since", "interest_until"):
                del self.fields[name]
                self.own.remove(name)

    def first_values(self):
        return revocation_terms.first_terms(self.application, clock.today())


class PartRevocationForm(RevocationForm):
    amount = _amount_field("Zu widerrufender Teil (€)")
    field_order = ["amount"]


class WithdrawalForm(LetterForm):
    letter = LetterKind.WITHDRAWAL
    reason = text_field("Wer den Antrag wann zurückgezogen hat", help_text="Steht in der Verfahrensgeschichte.")


class RefusalForm(HeardBefore):
    letter = LetterKind.REFUSAL
    intention = Intention.REFUSE
    reason = text_field("Begründung", help_text="Steht im Bescheid und in der Verfahrensgeschichte.")
    legal_basis = forms.CharField(
        label="Rechtsgrundlage", max_length=300, help_text="Im Bescheid: „Zuwendungen werden nach den … gewährt“."
    )
    no_hearing_reason = _no_hearing_field()

    def first_values(self):
        return {"reason": self.application.reasons_to_refuse, "legal_basis": grant_terms.LEGAL_BASIS}
