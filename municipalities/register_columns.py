"""Which column of a file holds what: recognised by the usual German and English names and abbreviations."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from municipalities.register_dates import read_date
from municipalities.register_files import Sheet, UnreadableFile, is_blank
from municipalities.register_names import fold_letters, read_kind
from municipalities.register_values import Refused

SEARCH_DEPTH = 60  # title lines above the header

# Our own names of the columns: as the export writes them and the messages say them.
LABELS = {
    "ags": "AGS",
    "ars": "Regionalschlüssel",
    "name": "Name",
    "kind": "Art",
    "district": "Landkreis",
    "district_key": "Kreisschlüssel",
    "regierungsbezirk": "Regierungsbezirk",
    "state": "Bundesland",
    "population": "Einwohner",
    "population_date": "Stand",
    "area_km2": "Fläche (km²)",
    "seat": "Sitz",
    "postal_code": "PLZ",
    "latitude": "Breite",
    "longitude": "Länge",
    "valid_from": "gültig ab",
    "valid_to": "gültig bis",
    "successor": "Nachfolgerin",
    "email": "E-Mail",
    "note": "Bemerkung",
    "street": "Straße oder Postfach",  # last: whoever counts the columns of an older export finds them where they were
}
ALIASES = {
    "ags": """ags amtlichergemeindeschluessel amtlgemeindeschluessel amtlgemschluessel amtlgemeindeschl
        gemeindeschluessel
        gemeindeschl gemschl gemschluessel gemeindekennziffer gemeindekennzahl gkz schluessel schluesselnummer
        schluesselnr
        agsschluessel amtlicherschluessel amtlschluessel amtlschl schlnr kennziffer agsgemeinde
        gemeindeschluesselnummer gemeindenummer gemeindenr agsnr agsnummer municipalitykey key gs
        amtlichergemeindeschluesselags agsamtlichergemeindeschluessel gemeindeschluesselags""",
    "ars": """ars regionalschluessel amtlicherregionalschluessel amtlregionalschluessel regschluessel regschl regionalschl rs
        amtlicherregionalschluesselars regionalschluesselars regionalkey""",
    "name": """name gemeinde stadt gemeindestadt stadtgemeinde kommune gemeindename namedergemeinde namederkommune
        bezeichnung gebietskoerperschaft koerperschaft kommunenname ort ortsname gebietsname gemeindebezeichnung
        municipality municipalityname gemeindebzwstadt staedteundgemeinden gemeindenundstaedte stadtbzwgemeinde
        gemeinden kommunen stadtodergemeinde gemeindeoderstadt kommunalname
        amtlichername gemname gemstadt stadtgem namegemeinde namekommune gemeindestadtname namedergemeindestadt gemeindelandkreis gemeindestadtlandkreis namedergebietskoerperschaft
        gde gem stadtgde gdestadt stgem gemeindenstaedte staedtegemeinden stadtgemeindename kommunestadt stadtkommune""",
    "kind": """art kind typ gemeindeart gemart gdeart gemeindetyp artderkommune artdergemeinde artderkoerperschaft koerperschaftsart artdgemeinde kommunaltyp
        kommunalart kommunentyp kommunenart gebietsart status type artdergebietskoerperschaft""",
    "district": """landkreis kreis krs lk lkr lkrs landkr kreisname landkreisname kreislkr kreislandkreis kreiszugehoerigkeit district districtname
        namedeslandkreises kreisbezeichnung landkreiskreisfreiestadt kreisfreiestadtlandkreis kreiskreisfreiestadt landkreisbzwkreisfreiestadt
        county""",
    "district_key": """districtags districtkey kreisschluessel landkreisschluessel kreisschl kreisnummer kreisnr
        kreiskennziffer agskreis agslandkreis kreisags landkreisags""",
    "regierungsbezirk": """regierungsbezirk regbez regbezirk rb rbz rp regierungspraesidium bezirk regierungsbez
        namedesregierungsbezirks""",
    "state": "bundesland land state bl",
    "population": """einwohner einwohnerzahl einwohnerinnen einwohnerinnenundeinwohner einwohnerinnenundeinwohnern
        einw ew ewz ewzahl einwzahl wohnbevoelkerung wohnbev einwohnerew bevoelkerung bev bevoelkerungszahl bevoelkerungsstand anzahleinwohner anzahldereinwohner
        einwohneranzahl gesamtbevoelkerung population inhabitants zahldereinwohner anzeinw anzahlew""",
    "population_date": """stand stichtag populationdate einwohnerstand standeinwohner standeinwohnerzahl
        standdereinwohnerzahl standew standeinw ewstand einwstand datenstand standderdaten standvom standam
        standderbevoelkerung standbevoelkerung stichtageinwohner stichtagbevoelkerung
        stichtagdereinwohnerzahl datumeinwohner datumdereinwohnerzahl einwohnerstichtag stdatum standdatum datumstand
        bevoelkerungsstichtag""",
    "area_km2": """flaeche flaechekm2 area areakm2 gebietsflaeche gemeindeflaeche katasterflaeche km2 qkm groessekm2 bodenflaeche fl flae
        gesamtflaeche""",
    "seat": """sitz verwaltungssitz sitzderverwaltung sitzderkreisverwaltung verwaltungssitzort verwsitz kreisverwaltungssitz
        sitzdesverbandes verbandssitz amtssitz seat adminseat""",
    "postal_code": """plz postleitzahl postalcode postcode zip zipcode plzverwaltung plzsitz plzverwaltungssitz
        plzdesverwaltungssitzes plzdesverwaltungssitz postleitzahldesverwaltungssitzes plzderverwaltung plzrathaus""",
    "street": """strasse str strassehausnummer strasseundhausnummer strassehausnr strasseundhausnr strassenr strasseundnr strassehnr
        strasseoderpostfach strassepostfach strasseundhausnummeroderpostfach strassehausnummeroderpostfach postfach
        strassedesverwaltungssitzes strassederverwaltung strasseverwaltung strasserathaus street streetaddress""",
    "latitude": """breite lat latitude breitengrad geografischebreite geographischebreite geobreite geogrbreite
        geogrbr geographbreite breitengrade koordinatebreite noerdlichebreite noerdlbreite gpsbreite br""",
    "longitude": """laenge lon long lng longitude laengengrad geografischelaenge geographischelaenge geolaenge
        geogrlaenge geogrl geographlaenge laengengrade koordinatelaenge oestlichelaenge oestllaenge gpslaenge lg""",
    "valid_from": "gueltigab gueltigvon validfrom bestehtseit gueltigseit gueltigkeitab gueltigkeitvon",
    "valid_to": "gueltigbis validto validuntil bestehtbis gueltigkeitbis",
    "successor": """nachfolgerin nachfolger successor nachfolgegemeinde nachfolgekommune rechtsnachfolgerin
        rechtsnachfolger
        successorags schluesseldernachfolgerin schluesseldesnachfolgers nachfolgeschluessel agsnachfolgerin agsnachfolger nachfolgerags nachfolgerinags""",
    "email": """email mail emailadresse mailadresse emailkontakt kontaktemail kontaktmail epost emailaddress
        kontaktemailadresse""",
    "note": "bemerkung bemerkungen bem anm anmerkung anmerkungen hinweis hinweise notiz notizen note notes kommentar",
}
# Headings that often mean something else. They count only where no other column is that field (a place beside a
# Gemeinde is a part of it), or where the cells say so (a status is a kind only if kinds stand in it).
WEAK_NAMES = {"ort", "ortsname", "gem"}
OFTEN_KINDS = {"gem"}  # and no names, if kinds stand in it
DOUBTFUL_KINDS = {"status", "type"}
FIELD_OF = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
# Units and additions that change nothing. Others do: hectares, thousands, per cent, „je km²“ are not recognised.
ADDITIONS = {
    "area_km2": r"(in)?(km2|qkm|quadratkilometern?)$",
    "latitude": r"(in)?(grad|dezimalgrad|wgs84|n|nord|noerdl|dezimal|lat)$",
    "longitude": r"(in)?(grad|dezimalgrad|wgs84|e|o|ost|oestl|dezimal|lon)$",
    "population": r"((19|20)\d\d|anzahl|insgesamt|gesamt|insges|insg|am|zum|stand|vom|amtlich)$",
    "postal_code": r"(verwaltung|sitz)$",
    "ags": r"(8stellig|8|ags|nr)$",
    "ars": r"(12stellig|ars|nr)$",
}
# A number in a column of its own: a street without it would be no address.
HOUSE_NUMBERS = {"hausnummer", "hausnr", "hnr"}
YEAR_IN_HEADER = re.compile(r"(19|20)\d\d\s*$")
DATE_IN_HEADER = re.compile(r"\d{1,2}\.\s?(?:\d{1,2}\.|[A-Za-zä]{3,9}\.?)\s?\d{4}|\d{4}-\d{2}-\d{2}")
UNITS = {"km2", "qkm", "anzahl", "grad", "text", "datum", "personen", "ziffern", "8stellig", "12stellig", "5stellig"}


@dataclass
class Columns:
    """The header of one sheet: where it stands and which column holds what."""

    row: int
    header: list
    index: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, list[int]] = field(default_factory=dict)  # columns that contradict each other
    unknown: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    population_date: date | None = None

    @property
    def recognised(self) -> list[tuple[str, str]]:
        """Pairs of the file's own heading and ours."""
        return [(self.names[name], LABELS[name]) for name in self.index]


def fold_heading(value) -> str:
    text = unicodedata.normalize("NFKC", str(value)).replace("%", " prozent ").replace("+", " plus ")
    return fold_letters(text)


def recognise(heading) -> tuple[str | None, date | None]:
    """The field a heading means, and the date written in it („Einwohner am 31.12.2024“)."""
    if not isinstance(heading, str):
        return None, None
    stated = DATE_IN_HEADER.search(heading)
    folded = fold_heading(DATE_IN_HEADER.sub(" ", heading))
    if stated:
        folded = re.sub(r"(stand|stichtag)?(am|zum|vom)?$", "", folded)
    name = FIELD_OF.get(folded) or next((n for n in ADDITIONS if _without(ADDITIONS[n], folded) == n), None)
    if stated is None:
        return name, None
    return (name, _heading_date(stated[0])) if name == "population" else (None, None)


def _without(addition, folded):
    """Strip additions until a known name is left."""
    while (shorter := re.sub(addition, "", folded)) != folded:
        folded = shorter
        if folded in FIELD_OF:
            return FIELD_OF[folded]
    return None


def _heading_date(text):
    found = read_date(text)
    return None if isinstance(found, Refused) else found.value


def find_header(sheet: Sheet) -> Columns | None:
    """The row with the most recognised headings near the top; the first of equals."""
    best, most = None, 1
    for place, (_, cells) in enumerate(sheet.rows[:SEARCH_DEPTH]):
        fields = {name for name, _ in map(recognise, cells) if name}
        if len(fields) > most and (fields & {"ags", "ars"} or len(fields) > 2):
            best, most = place, len(fields)
    return None if best is None else _columns(*_with_second_line(best, sheet.rows), sheet)


def header_without_key(sheet: Sheet) -> int | None:
    """The row of headings that people would call one, though nothing can be read by it."""
    for number, cells in sheet.rows[:SEARCH_DEPTH]:
        if len({name for name, _ in map(recognise, cells) if name}) > 1:
            return number
    return None


def _with_second_line(place, rows):
    """A heading may take two lines: „Bevölkerung“ over „Anzahl“ and „Stand“, often in merged cells."""
    number, cells = rows[place]
    above = rows[place - 1] if place else (0, [])
    below = rows[place + 1] if place + 1 < len(rows) else (0, [])
    if above[0] == number - 1:
        cells = _filled_from(cells, above[1])
    if below[0] == number + 1 and not any(_holds_data(cell) for cell in below[1]):
        both = _filled_from(cells, below[1])
        if both != cells:
            return number + 1, both
    return number, cells


def _filled_from(cells, others):
    """Headings of the other line where this one has none or only a unit."""
    known = {recognise(cell)[0] for cell in cells}
    filled = [*cells, *[None] * (len(others) - len(cells))]
    for index, other in enumerate(others):
        free = is_blank(filled[index]) or fold_heading(filled[index]) in UNITS
        if free and recognise(other)[0] and recognise(other)[0] not in known:
            filled[index] = other
    return cells if all(is_blank(cell) for cell in filled[len(cells) :]) and filled[: len(cells)] == cells else filled


def _holds_data(cell):
    return not is_blank(cell) and (not isinstance(cell, str) or bool(re.search(r"\d{3}", cell)))


def _columns(number, cells, sheet):
    columns = Columns(number, cells)
    positions: dict[str, list[int]] = {}
    has_name = any(recognise(cell)[0] == "name" and fold_heading(cell) not in WEAK_NAMES for cell in cells)
    for index, heading in enumerate(cells):
        name, stated = recognise(heading)
        if name and not (
            _is_misleading(name, heading, index, has_name, number, sheet) or _is_of_a_year_beside(heading, cells)
        ):
            positions.setdefault(name, []).append(index)
            columns.population_date = columns.population_date or stated
        elif not is_blank(heading):
            columns.unknown.append(" ".join(str(heading).split()))
    for name, indexes in positions.items():
        _take(columns, name, indexes, sheet)
    if "population" in columns.index and "population_date" not in columns.index and not columns.population_date:
        _date_of_title(columns, sheet)
    _name_twins(columns)
    _pair_coordinates(columns)
    _refuse_street_without_number(columns)
    return columns


# „Bevölkerung der Gemeinden am 31.12.2025“ says it of the figures, „Stand: 31.12.2025“ of the file. A Gebietsstand does not.
DAY = DATE_IN_HEADER.pattern
TITLES = [
    re.compile(rf"(?:bevölkerung|einwohner)[^0-9]*?({DAY})", re.IGNORECASE),
    re.compile(rf"(?<![a-zäöü])(?:daten)?(?:stand|stichtag)\b[^0-9]*?({DAY})", re.IGNORECASE),
]


def _date_of_title(columns, sheet):
    """The day that the lines above the header state; of several different ones none."""
    lines = [" ".join(_title_text(cell) for cell in cells) for number, cells in sheet.rows if number < columns.row]
    for title in TITLES:
        stated = [found[1] for line in lines for found in title.finditer(line)]
        days = {_heading_date(text) for text in stated} - {None}
        if len(days) > 1:
            columns.notes.append(
                f"Über der Tabelle stehen verschiedene Tage ({', '.join(stated)}); keiner gilt als Stand der "
                "Einwohnerzahlen. Bitte ergänzen Sie eine Spalte „Stand“."
            )
            return
        if days:
            columns.population_date = days.pop()
            columns.notes.append(
                f"Als Stand der Einwohnerzahlen gilt der {columns.population_date:%d.%m.%Y}, wie über der Tabelle steht."
            )
            return


def _title_text(cell):
    if is_blank(cell):
        return ""
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else str(cell)


def _is_misleading(name, heading, index, has_name, number, sheet):
    if name == "name":
        folded = fold_heading(heading)
        return folded in WEAK_NAMES and (has_name or (folded in OFTEN_KINDS and _holds_kinds(sheet, number, index)))
    return name == "kind" and fold_heading(heading) in DOUBTFUL_KINDS and not _holds_kinds(sheet, number, index)


def _is_of_a_year_beside(heading, cells) -> bool:
    """„Einwohner 2024“ beside a column „Einwohner“ is an older figure; alone it is the figure."""
    populations = [cell for cell in cells if recognise(cell)[0] == "population"]
    return (
        heading in populations
        and bool(YEAR_IN_HEADER.search(heading))
        and not all(YEAR_IN_HEADER.search(cell) for cell in populations)
    )


def _holds_kinds(sheet, header_row, index):
    """Whether most filled cells of the column are kinds of bodies."""
    filled = [
        str(cells[index])
        for number, cells in sheet.rows
        if number > header_row and index < len(cells) and not is_blank(cells[index])
    ]
    return sum(read_kind(text) is not None for text in filled) * 2 > len(filled)


def _take(columns, name, indexes, sheet):
    """Two columns for one thing are used only if they say the same; between different ones nobody can choose."""
    headings = [" ".join(str(columns.header[i]).split()) for i in indexes]
    if len(indexes) > 1:
        columns.repeated.append(" und ".join(f"„{heading}“" for heading in headings))
        if not _all_equal(sheet, columns.row, indexes):
            if name in ("ags", "ars"):
                raise UnreadableFile(
                    f"Die Spalten {columns.repeated[-1]} enthalten beide den Schlüssel, aber nicht denselben. "
                    "Bitte löschen Sie eine davon."
                )
            if name == "name":
                columns.candidates[name] = indexes
                columns.notes.append(
                    f"Die Spalten {columns.repeated[-1]} bedeuten beide den Namen, enthalten aber Verschiedenes. "
                    "Zeilen, in denen keiner davon zum Schlüssel passt, werden abgelehnt."
                )
                return
            columns.notes.append(
                f"Die Spalten {columns.repeated[-1]} bedeuten dasselbe ({LABELS[name]}), enthalten aber Verschiedenes. "
                "Keine davon wird übernommen. Bitte löschen Sie die falsche Spalte."
            )
            return
        columns.notes.append(f"Die Spalten {columns.repeated[-1]} enthalten dasselbe; die erste wird gelesen.")
    columns.index[name], columns.names[name] = indexes[0], headings[0]


def _all_equal(sheet, header_row, indexes):
    def cell(cells, index):
        value = cells[index] if index < len(cells) else None
        return None if is_blank(value) else str(value).strip()

    return all(
        len({cell(cells, index) for index in indexes}) == 1 for number, cells in sheet.rows if number > header_row
    )


def _name_twins(columns):
    twins = Counter(columns.unknown)
    columns.repeated += [f"„{heading}“ ({count}-mal)" for heading, count in twins.items() if count > 1]
    columns.unknown = list(twins)


def _pair_coordinates(columns):
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if one in columns.index and other not in columns.index:
            columns.notes.append(
                f"Die Spalte „{columns.names[one]}“ wird nicht übernommen, weil die Spalte „{LABELS[other]}“ fehlt."
            )
            del columns.index[one], columns.names[one]


def _refuse_street_without_number(columns):
    numbers = [heading for heading in columns.unknown if fold_heading(heading) in HOUSE_NUMBERS]
    if "street" in columns.index and numbers:
        columns.notes.append(
            f"Die Spalte „{columns.names['street']}“ wird nicht übernommen, weil die Hausnummer in einer eigenen Spalte "
            f"„{numbers[0]}“ steht. Bitte führen Sie beide in einer Spalte zusammen."
        )
        del columns.index["street"], columns.names["street"]
