"""Every name of the register against every other key: a name that belongs to another body is never taken for this one.

The comparison must be generous with spellings and strict with places; both are tried out on all there is.
"""

import pytest

from municipalities.models import Kind, Municipality
from municipalities.register_judgement import Known, means
from municipalities.register_names import fold_letters
from municipalities.register_places import BODIES_AT
from tests.fixture_data import register

ROWS = list(register().values())
BODIES = [Municipality(ags=row["ags"], name=row["name"], kind=Kind(row["kind"])) for row in ROWS]
KNOWN = Known.of(BODIES)
FOREIGN = """Frankfurt (Oder), Stadt|Frankfurt/Oder|Frankfurt an der Oder|Rotenburg (Wümme), Stadt|Bad Ems|Naumburg (Saale)
    |Offenbach an der Queich|Neustadt an der Weinstraße|Neustadt (Holstein)|Neustadt in Sachsen|Friedberg (Bayern)
    |Erbach (Donau)|Wetter (Ruhr)|Lauterbach (Schwarzwald)|Münster (Westfalen)|Münster, Westfalen|Fürth (Bayern)
    |Hofheim in Unterfranken|Königstein (Sächsische Schweiz)|Marburg an der Drau|Limburg (Belgien)|Homberg (Niederrhein)
    |Allendorf (Thüringen)|Frankenberg/Sa.|Frankenberg (Sachsen)|Battenberg (Pfalz)|Steinbach (Thüringen)|Langen (Emsland)
    |Zwingenberg (Baden)|Michelstadt (Pfalz)|Staufenberg (Niedersachsen)|Bergen (Rügen)|Büdingen (Saar)|Weimar (Thüringen)
    |Weimar/Thüringen|Selters (Westerwald)|Waldbrunn (Odenwald)|Sulzbach (Saar)|Sulzbach-Rosenberg|Hirschhorn (Pfalz)
    |Poppenhausen (Unterfranken)|Tann (Niederbayern)|Heringen/Helme|Borken (Westfalen)|Hatzfeld (Pommern)
    |Hanau (Baden)|Bad Homburg (Saar)|Bad Orba|Bad Vilbeln|Groß-Umstadter|Oberurseler|Kasseler|Fuldatal-Simmershausen|Giesen
    |Alsfelden|Wiesbadener|Kelkheim (Rhön)|Zwingenberg (Neckar)|Breitscheid (Westerwald)|Sulzbach (Main)|Marburg (Drau)
    |Marburg/Drau|Erbach (Rheingau)|Münster (Taunus)|Münster/Dieburg|Hanau/Frankfurt|Waldeck/Korbach
    |Biebergemünd (Rhön)|Rüdesheim (Nahe)|Fürth (Odenwaldkreis)|Bergen (Main)|Gießen/Wetzlar"""
FOREIGN = [" ".join(name.split()) for name in FOREIGN.split("|")]


def base(name):
    """The name without what says where it lies or what it is."""
    text = name.partition(",")[0].partition("(")[0]
    return fold_letters(text.partition(" a. ")[0].partition(" am ")[0].partition(" v. ")[0])


def spellings(body):
    """The name in full, without its designation, and with the blank of a careless hand."""
    short = body.name.partition(",")[0]
    return {
        body.name,
        short,
        short.upper(),
        short.replace("(", "").replace(")", ""),
        short.replace(" (", ", ").rstrip(")"),
    }


def test_every_spelling_means_its_own_body():
    assert [name for body in BODIES for name in spellings(body) if not means(name, body, KNOWN)] == []


def test_no_full_name_means_another_body():
    """Only names that are equal to the letter but for their designation cannot be told apart: the key decides."""
    mistaken = [
        (written, other.ags)
        for body in BODIES
        for other in BODIES
        if body is not other
        for written in (body.name, body.name.partition(",")[0])
        if means(written, other, KNOWN) and fold_letters(written.partition(",")[0]) not in _own_names(other)
    ]

    assert mistaken == []


def _own_names(body):
    return {fold_letters(body.name.partition(",")[0]), base(body.name)}


def test_no_name_of_a_kreis_means_a_municipality():
    """But those that are called like the town: Kassel, Fulda, Gießen, Groß-Gerau, Offenbach."""
    districts = [body for body in BODIES if body.kind == Kind.DISTRICT]
    others = [body for body in BODIES if body.kind != Kind.DISTRICT]

    found = {(d.name, o.name.partition(",")[0]) for d in districts for o in others if means(d.name, o, KNOWN)}

    assert found == {
        ("Fulda", "Fulda"),
        ("Gießen", "Gießen"),
        ("Groß-Gerau", "Groß-Gerau"),
        ("Kassel", "Kassel"),
        ("Offenbach", "Offenbach am Main"),
    }
    assert [(d.name, o.name) for d in districts for o in others if means(f"Landkreis {d.name}", o, KNOWN)] == []


@pytest.mark.parametrize("written", FOREIGN)
def test_foreign_name_means_no_body_of_hessen(written):
    assert [body.name for body in BODIES if means(written, body, KNOWN)] == []


@pytest.mark.parametrize(
    ("ags", "written", "fits"),
    [
        ("06431002", "Bensheim (Bergstraße)", True),
        ("06431002", "Bensheim (Kreis Bergstraße)", True),
        ("06431002", "Bensheim (Odenwaldkreis)", False),
        ("06431002", "Bensheim (Hessen)", True),
        ("06440021", "Reichelsheim (Wetteraukreis)", True),
        ("06440021", "Reichelsheim (Odenwald)", False),
    ],
)
def test_kreis_in_brackets_is_no_contradiction(ags, written, fits):
    assert means(written, KNOWN.by_ags[ags], KNOWN) is fits


@pytest.mark.parametrize(
    ("ags", "written", "fits"),
    [
        ("06534014", "Marburg (Lahn)", True),
        ("06534014", "Marburg/Lahn", True),
        ("06534014", "Marburg, Lahn", True),
        ("06534014", "Marburg a. d. Lahn", True),
        ("06534014", "Universitätsstadt Marburg an der Lahn", True),
        ("06534014", "Marburg (Lahn), Universitätsstadt", True),
        ("06534014", "Marburg (Eder)", False),
        ("06534014", "Marburg/Biedenkopf", False),
        ("06531005", "Gießen (Lahn)", True),
        ("06531005", "Landkreis Gießen (Lahn)", False),
        ("06531", "Gießen (Lahn)", False),
        ("06531", "Gießen, Lahn", False),
        ("06531", "Landkreis Gießen, Lahn", False),
        ("06531", "Gießen, Stadt", False),
        ("06531", "Gießen, Landkreis", True),
        ("06531", "Gießen, Lkr.", True),
        ("06531", "Landkreis Gießen, Hessen", True),
        ("06431", "Bergstr., Kreis", True),
        ("06431", "Bergstraße, Odenwald", False),
        ("06535", "Vogelsberg, Landkreis", True),
        ("06535", "Vogelsberg, Alsfeld", False),
        ("06412000", "Frankfurt (Main)", True),
        ("06412000", "Frankfurt/Main", True),
        ("06412000", "Frankfurt a. M.", True),
        ("06412000", "Frankfurt (Oder)", False),
        ("06413000", "Offenbach a. M.", True),
        ("06413000", "Offenbach (Main)", True),
        ("06533009", "Limburg (Lahn)", True),
        ("06533009", "Limburg/Lahn", True),
        ("06533009", "Limburg (Weilburg)", False),
        ("06634009", "Homberg/Efze", True),
        ("06634009", "Homberg (Efze)", True),
        ("06634009", "Homberg (Ohm)", False),
        ("06634009", "Homberg/Ohm", False),
        ("06535009", "Homberg/Ohm", True),
        ("06535009", "Homberg (Efze)", False),
        ("06635001", "Allendorf (Eder)", True),
        ("06635001", "Allendorf (Lumda)", False),
        ("06531001", "Allendorf/Lumda", True),
        ("06531001", "Allendorf (Eder)", False),
        ("06531001", "Allendorf (Lahn)", False),
        ("06531017", "Staufenberg (Lumda)", True),
        ("06531017", "Staufenberg (Hessen)", True),
        ("06531017", "Staufenberg (Niedersachsen)", False),
        ("06432015", "Münster (bei Dieburg)", True),
        ("06432015", "Münster bei Dieburg", True),
        ("06432015", "Münster b. Dieburg", True),
        ("06432015", "Münster/Dieburg", False),
        ("06435003", "Biebergemünd (Spessart)", True),
        ("06435003", "Biebergemünd (Vogelsberg)", False),
        ("06437006", "Erbach im Odenwald", True),
        ("06437006", "Erbach/Odw.", True),
        ("06437006", "Erbach (Rheingau)", False),
        ("06439006", "Hohenstein (Ts.)", True),
        ("06439006", "Hohenstein (T.)", False),
        ("06439003", "Eltville (Rheingau)", True),
        ("06439003", "Eltville/Rhein", True),
        ("06431022", "Zwingenberg (Bergstraße)", True),
        ("06431022", "Zwingenberg (Neckar)", False),
    ],
)
def test_place_behind_a_name_counts_where_the_body_lies_and_nowhere_else(ags, written, fits):
    assert means(written, KNOWN.by_ags[ags], KNOWN) is fits


def test_every_place_that_is_written_behind_a_name_means_one_body():
    written = [(f"{name} ({place})", name) for place, names in BODIES_AT.items() for name in names.split("|")]

    meant = [(spelling, name, _meant_by(spelling)) for spelling, name in written]

    assert [(spelling, found) for spelling, name, found in meant if found != {fold_letters(name)}] == []


def _meant_by(written):
    return {base(body.name) for body in BODIES if means(written, body, KNOWN)}
