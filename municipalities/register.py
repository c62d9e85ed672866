"""Reading a register file as people hand it in: what every row says and what becomes of it.

The one reader behind the import in the admin and `manage.py import_register`. It writes nothing: `read_register` gives
the findings, `municipalities.register_import` shows, records and writes them.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from municipalities.keys import HESSEN
from municipalities.register_changes import check_end, judge
from municipalities.register_columns import Columns, find_header, header_without_key
from municipalities.register_files import Sheet, UnreadableFile, sheets
from municipalities.register_judgement import Known, Options, settle_key
from municipalities.register_rows import Outcome, RowFinding, RowReader

LONGEST_GAP = 200  # more empty lines in a row are reported in one entry, which says where they end
NO_HEADER = (
    "In der Datei wurde keine Überschriftenzeile gefunden. Bitte geben Sie den Spalten Überschriften wie "
    "„AGS“, „Name“ und "
    "„Einwohner“."
)
NO_KEY = (
    "In der Überschrift (Zeile {row}) fehlt die Spalte mit dem Schlüssel. Bitte ergänzen Sie eine Spalte „AGS“ oder "
    "„Regionalschlüssel“."
)
NO_NAME = (
    "Keine Spalte wurde als Name erkannt. Deshalb wird NICHT geprüft, ob Schlüssel und Kommune zusammenpassen. Steht der Name "
    "in der Datei, so nennen Sie die Spalte bitte „Name“ oder „Gemeinde“ und laden die Datei neu."
)


@dataclass
class Reading:
    """All findings of one file."""

    file_name: str
    columns: Columns
    sheet: Sheet
    rows: list[RowFinding]
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[Outcome, int]:
        counted = Counter()
        for row in self.rows:
            counted[row.outcome] += row.lines
        return {outcome: counted[outcome] for outcome in Outcome}

    @property
    def to_write(self) -> list[RowFinding]:
        return [row for row in self.rows if row.changes and not row.problems]

    @property
    def file_findings(self) -> list[tuple[str, str]]:
        """What was found out about the file, as label and value."""
        recognised = ", ".join(f"{heading} → {label}" for heading, label in self.columns.recognised)
        found = [
            ("Zeichensatz", self.sheet.encoding),
            ("Trennzeichen", self.sheet.delimiter),
            ("Tabellenblatt", self.sheet.title),
            ("Überschrift", f"Zeile {self.columns.row}"),
            ("Erkannte Spalten", recognised),
            ("Nicht erkannte Spalten", ", ".join(f"„{heading}“" for heading in self.columns.unknown)),
            ("Doppelte Spalten", "; ".join(self.columns.repeated)),
        ]
        warnings = [("Achtung", each) for each in self.warnings]
        notes = [("Hinweis", each) for each in self.notes]
        return [*warnings, *((label, value) for label, value in found if value), *notes]


def read_register(data: bytes, file_name: str, bodies, options: Options) -> Reading:
    """Read the file against the bodies of the register. Raises UnreadableFile with one German sentence."""
    sheet, columns, others = _choose_sheet(sheets(data))
    rows = [(number, cells) for number, cells in sheet.rows if number > columns.row]
    reader = RowReader(columns, rows, options.today, sheet.delimiter_sign)
    findings = _with_gaps(columns.row, [reader.read(number, cells) for number, cells in rows])
    known = Known.of(bodies)
    if not any(key.startswith(HESSEN) for key in known.by_ags):
        options = _first_load(options)
    _judge_all([row for row in findings if row.outcome != Outcome.SKIPPED], known, options)
    notes = [*sheet.notes, *others, *columns.notes, *_about(columns, rows)]
    if options.seen_before:
        notes.append("Genau diese Datei wurde schon einmal eingelesen.")
    has_names = "name" in columns.index or columns.candidates
    return Reading(file_name, columns, sheet, findings, notes, [] if has_names else [NO_NAME])


def _choose_sheet(candidates):
    """The first sheet of a workbook with a header; of a text the delimiter that makes most columns readable."""
    found = [(sheet, columns) for sheet in candidates if (columns := find_header(sheet))]
    if not found:
        row = next(filter(None, map(header_without_key, candidates)), None)
        raise UnreadableFile(NO_KEY.format(row=row) if row else NO_HEADER)
    keyed = [(sheet, columns) for sheet, columns in found if columns.index.keys() & {"ags", "ars"}]
    if not keyed:
        raise UnreadableFile(NO_KEY.format(row=found[0][1].row))
    if candidates[0].title:
        sheet, columns = keyed[0]
    else:
        sheet, columns = max(keyed, key=lambda pair: len(pair[1].index))
    unread = [f"„{other.title}“" for other in candidates if other is not sheet and other.title and other.rows]
    note = f"Gelesen wurde nur das Tabellenblatt „{sheet.title}“, nicht {', '.join(unread)}."
    return sheet, columns, [note] if unread else []


def _first_load(options):
    """An empty register knows no keys, so every complete row is new."""
    return replace(options, new_keys=True, keep_existing=False)


def _about(columns, rows):
    notes = []
    if "population" in columns.index and "population_date" not in columns.index and not columns.population_date:
        notes.append(
            "Die Spalte mit dem Stand der Einwohnerzahl fehlt. Wo das Register schon eine Zahl mit Stand hat, wird keine "
            "andere übernommen."
        )
    if not rows:
        notes.append("Unter der Überschrift stehen keine Daten.")
    return notes


def _with_gaps(header_row, findings):
    """Add the empty lines between the others, so that every line of the file is accounted for."""
    complete, previous = [], header_row
    for finding in findings:
        empty = range(previous + 1, finding.row)
        if len(empty) > LONGEST_GAP:
            gap = RowFinding(empty[0], last_row=empty[-1])
            gap.skip(f"leere Zeilen bis Zeile {empty[-1]}.")
            complete.append(gap)
        else:
            for row in empty:
                gap = RowFinding(row)
                gap.skip("leere Zeile.")
                complete.append(gap)
        complete.append(finding)
        previous = finding.row
    return complete


def _judge_all(findings, known, options):
    for finding in findings:
        settle_key(finding, known)
    for finding in findings:
        if finding.ags and not finding.problems:
            known.in_file.setdefault(finding.ags, finding)
    _refuse_duplicates(findings)
    # Kreise first: whether a new one is taken decides about its members.
    for finding in sorted(findings, key=lambda each: len(each.ags or "") != 5):
        if finding.outcome != Outcome.SKIPPED:
            _judge_one(finding, known, options)
    for finding in findings:
        if finding.changes:
            check_end(finding, known)
            _close(finding)
    _refuse_lost_successors(findings, known)


def _refuse_lost_successors(findings, known):
    """A successor that is new in this file counts only if its own row is taken."""
    for finding in findings:
        successor = finding.changes.get("successor")
        if successor and successor not in known.by_ags and known.in_file[successor].problems:
            finding.refuse(
                f"Die Zeile der Nachfolgerin {successor} wurde abgelehnt. Bitte berichtigen Sie zuerst diese."
            )
            _close(finding)


def _close(finding):
    """A refused row changes nothing, and there is nothing to say about what it would have changed."""
    if finding.problems:
        finding.outcome, finding.changes, finding.hints = Outcome.REFUSED, {}, []


def _judge_one(finding, known, options):
    # Also rows that cannot be read are looked up, so that clerks see everything that is wrong with them at once.
    judge(finding, known, options)
    if finding.problems:
        _close(finding)
    elif finding.changes:
        finding.outcome = Outcome.REPAIRED if finding.repairs else Outcome.IMPORTED
    elif finding.repairs and not options.seen_before:
        # Who hands in a damaged file wants to know, also where the register already says the same.
        finding.outcome = Outcome.REPAIRED
        finding.hints.append("Danach stimmt die Zeile mit dem Register überein; es ist nichts zu ändern.")
    else:
        finding.outcome = Outcome.UNCHANGED


def _refuse_duplicates(findings):
    """Of equal rows the first counts; if they differ, nobody can tell which is right, so none is taken."""
    groups: dict[str, list[RowFinding]] = {}
    for finding in findings:
        if identity := _identity(finding):
            groups.setdefault(identity, []).append(finding)
    for identity, group in groups.items():
        if len(group) == 1:
            continue
        first, *others = group
        if all(row.values == first.values and row.problems == first.problems for row in group):
            for row in others:
                row.skip(f"doppelt und gleich wie Zeile {first.row}.")
            continue
        numbers = [row.row for row in group]
        for row in group:
            same = ", ".join(str(number) for number in numbers if number != row.row)
            row.refuse(
                f"{identity} kommt mehrmals mit verschiedenen Angaben vor (auch Zeile {same}). "
                "Bitte lassen Sie nur die richtige Zeile stehen."
            )


def _identity(finding):
    if finding.ags:
        return f"Der Schlüssel {finding.ags}"
    name, kind = finding.values.get("name"), finding.values.get("kind")
    return f"„{name}“ ohne Schlüssel" if name and kind else ""
