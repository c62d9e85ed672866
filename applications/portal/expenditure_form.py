"""The table of expenditure in a draft: typed, or brought as a file with the columns of the template."""

from django import forms
from django.core.exceptions import ValidationError

from applications import expenditure_table
from applications.expenditure_table import Row
from applications.file_fields import OneFile, OneFileInput
from applications.models import Cooperation
from applications.portal.draft_forms import DraftForm
from ikz.kern_forms import dress
from municipalities.register_values import Refused

KINDS = {"personnel": "Personalausgaben", "material": "Sachausgaben"}
AFTER = "after"
PICK_AGAIN = "Bitte wählen Sie die Datei danach noch einmal aus; die Zahlen der Tabelle sind unverändert."


class EurosField(forms.Field):
    """An amount as Germans write it."""

    def to_python(self, value):
        amount = expenditure_table.read_euros(value)
        if isinstance(amount, Refused):
            raise ValidationError(amount.message)
        return amount

    def prepare_value(self, value):
        return value if value is None or isinstance(value, str) else expenditure_table.german(value)


class TableField(OneFile):
    """The sheets that were read before anything was locked (drafts.look_at_tables)."""

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if upload and isinstance(upload.tables, expenditure_table.TableRefused):
            raise ValidationError([*upload.tables.sentences, PICK_AGAIN])
        return upload and upload.tables


class ExpenditureTableForm(DraftForm):
    """One row for each participant, one for all together after. Fields are called personnel_<pk>, material_after."""

    table = TableField(
        label="Ausgefüllte Vorlage (XLSX oder CSV)",
        required=False,
        widget=OneFileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text="Die Zahlen der Datei ersetzen die Zahlen der Tabelle.",
        error_messages={"empty": "Die Datei ist leer."},
    )

    class Meta:
        model = Cooperation
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for key, row in self.stored_rows().items():
            whose = "nachher, alle zusammen" if key == AFTER else f"bisher, {row.name}"
            for kind, amount in zip(KINDS, (row.personnel, row.material), strict=True):
                self.fields[f"{kind}_{key}"] = _cell(f"{KINDS[kind]} {whose}", amount, kind, key)

    def stored_rows(self) -> dict[object, Row]:
        """The table as it is saved, as the template shows it too."""
        after = self.instance
        rows = [
            Row(
                each.pk,
                each.municipality.display_name,
                each.municipality.ags or "",
                each.municipality.place,
                each.personnel_before,
                each.material_before,
            )
            for each in self.application.participants
        ]
        totals = Row(AFTER, expenditure_table.TOTALS, "", "", after.personnel_after, after.material_after)
        return {row.key: row for row in [*rows, totals]}

    def cells(self):
        """(row, its two fields) for the template."""
        return [(row, [self[f"{kind}_{key}"] for kind in KINDS]) for key, row in self.stored_rows().items()]

    def clean_table(self):
        tables = self.cleaned_data["table"]
        if not tables:
            return {}
        try:
            return expenditure_table.read(tables, list(self.stored_rows().values()))
        except expenditure_table.TableRefused as refusal:
            raise ValidationError([*refusal.sentences, PICK_AGAIN]) from None

    def save(self, commit=True):
        amounts = {key: self._amounts(key) for key in self.stored_rows()}
        for each in self.application.participants:
            if (each.personnel_before, each.material_before) != amounts[each.pk]:
                each.personnel_before, each.material_before = amounts[each.pk]
                each.save()
        self.instance.personnel_after, self.instance.material_after = amounts[AFTER]
        self.instance.save()
        return self.application

    def _amounts(self, key):
        """Those of the file; where it holds none, those that were typed."""
        typed = [self.cleaned_data[f"{kind}_{key}"] for kind in KINDS]
        brought = self.cleaned_data["table"].get(key, (None, None))
        return tuple(old if new is None else new for old, new in zip(typed, brought, strict=True))


def _cell(label, amount, kind, key):
    field = EurosField(label=label, required=False, initial=amount, widget=forms.TextInput)
    field.widget.attrs = {"inputmode": "decimal", "autocomplete": "off", "aria-label": label}
    field.widget.attrs |= {"data-kind": kind, "data-when": "after" if key == AFTER else "before"}
    dress(field)
    return field
