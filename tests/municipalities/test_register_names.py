"""Every name of the register against every other key: a name that belongs to another body is never taken for this one.

The comparison must be generous with spellings and strict with places; both are tried out on all there is.
"""

import pytest

from municipalities.models import Kind, Municipality
from municipalities.register_judgement import Known, means
from municipalities.register_names import fold_letters
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
    |Alsfelden|Wiesbadener|Kelkheim (Rhön)"""
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
