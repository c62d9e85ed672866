"""What each kind of letter says, word for word in the order of reading: the files in letter_texts/ are the intended texts.

After an intended change: `python -m pytest tests/applications/test_letter_texts.py` shows the difference; write the new
text into the file by hand and read it as its addressee would.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from applications import notices
from applications.letter_data import SALUTATION
from applications.letter_kinds import LetterKind
from applications.models import Notice
from applications.typesetting import LetterRefused
from tests.applications import letter_samples, pdf_reading
from tests.programme_factories import VariantFactory
from tests.stationery import stationery

pytestmark = pytest.mark.django_db

TEXTS = Path(__file__).parent / "letter_texts"


def intended(kind, notice):
    text = (TEXTS / f"{kind}.txt").read_text(encoding="utf-8")
    return text.replace("AKTENZEICHEN", notice.file_number).splitlines()


on_every_kind = pytest.mark.parametrize(
    "ground", [letter_samples.Issued(kind) for kind in LetterKind], indirect=True, ids=LetterKind.values
)


@pytest.fixture
def notice(built):
    return Notice.objects.get(pk=built)


@on_every_kind
def test_letter_says_what_is_intended(notice):
    assert pdf_reading.lines(notices.content(notice)) == intended(notice.kind, notice)


def words_of_its_own(application):
    """What the grant of this case says, and the usual one does not."""
    notice = letter_samples.issue(LetterKind.GRANT, application)
    usual = intended(LetterKind.GRANT, notice)
    return [line for line in pdf_reading.lines(notices.content(notice)) if line not in usual]


def test_grant_of_a_preparation_is_to_be_repaid_if_nothing_follows_and_binds_for_no_years():
    """Förderhöhe, Abschnitt Machbarkeitsstudien."""
    stationery()
    application = letter_samples.case(variant=VariantFactory(preparation=True, label="Vorbereitung", binding_years=0))

    assert words_of_its_own(application) == [
        "aus Mitteln des Landes Hessen zur Förderung der interkommunalen Zusammenarbeit (Fördervariante Vorbereitung).",
        "Die Zuwendung wird als bedingt rückzahlbarer Zuschuss im Wege der Projektförderung als Festbetragsfinanzierung "
        "gewährt: Kommt nach der Vorbereitung keine förderfähige Zusammenarbeit zustande, so ist sie zurückzuzahlen. Die "
        "Bemessung ergibt sich aus der nachstehenden Berechnung. Rechtsgrundlage sind die §§ 23 und 44 LHO und die "
        "Förderrichtlinie (Rahmenvereinbarung 2021). Ein Rechtsanspruch auf die Zuwendung bestand nicht; sie ist im Rahmen "
        "des Ermessens und der verfügbaren Haushaltsmittel bewilligt worden.",
        "Rückzahlung: Die Zuwendung ist zurückzuzahlen, wenn nach der Vorbereitung keine förderfähige Zusammenarbeit "
        "zustande kommt.",
        "Mitteilungspflicht: Teilen Sie uns unverzüglich mit, wenn feststeht, ob eine Zusammenarbeit zustande kommt, wenn "
        "eine Kommune ausscheidet oder hinzukommt, sich der Zuwendungszweck ändert oder wenn Sie für denselben Zweck "
        "weitere öffentliche Mittel beantragen oder erhalten.",
        "Verwendungsnachweis: Legen Sie uns bis zum 31.03.2030 einen Verwendungsnachweis vor. Er besteht aus einem "
        "Sachbericht und einem zahlenmäßigen Nachweis; der Sachbericht legt dar, zu welchem Ergebnis die Vorbereitung "
        "geführt hat und ob eine förderfähige Zusammenarbeit folgt.",
        "Widerrufsvorbehalt: Der Widerruf dieses Bescheids bleibt für den Fall vorbehalten, dass keine förderfähige "
        "Zusammenarbeit zustande kommt oder eine Voraussetzung der Förderung entfällt.",
    ]


def test_grant_to_one_municipality_does_not_speak_of_others():
    """Zusammenlegung von Ortsteilfeuerwehren einer Gemeinde."""
    stationery()
    alone = letter_samples.cooperation("06431002")
    alone.brigades = 2
    alone.save()
    application = letter_samples.case(cooperation=alone, variant=VariantFactory(fire_brigade=True, label="Feuerwehr"))

    assert words_of_its_own(application) == [
        "Auf Ihren Antrag, eingegangen am 01.09.2026, bewilligen wir Ihnen eine Zuwendung von",
        "aus Mitteln des Landes Hessen zur Förderung der interkommunalen Zusammenarbeit (Fördervariante Feuerwehr).",
        "antragstellend",
        "2 Ortsteilfeuerwehren × 15.000 €",
        "30.000 €",
        "40.000 €",
        "Die Zuwendung wird in einer Summe ausgezahlt, sobald dieser Bescheid bestandskräftig ist. Sie können die "
        "Bestandskraft herbeiführen, indem Sie schriftlich auf Rechtsbehelfe verzichten.",
    ]


def test_grant_that_binds_for_no_years_does_not_speak_of_years():
    stationery()
    application = letter_samples.case(variant=VariantFactory(binding_years=0))

    with pytest.raises(LetterRefused) as refusal:
        letter_samples.issue(LetterKind.GRANT, application)

    assert str(refusal.value) == (
        "Der Textbaustein „Nebenbestimmungen“ braucht {{bindungsjahre}} (Dauer der Zweckbindung in Jahren). Bitte ergänzen Sie "
        "die Angabe oder ändern Sie den Text."
    )


@on_every_kind
def test_subject_has_one_colon(notice):
    assert notice.subject.count(":") == 1


@on_every_kind
def test_sentence_goes_on_after_the_salutation(notice):
    """It ends with a comma: what follows begins small, unless it is a heading or speaks to the addressee."""
    blocks = pdf_reading.blocks(notices.content(notice))
    texts = [block.text for block in blocks]
    first = blocks[texts.index(SALUTATION) + 1]

    assert first.role == "H2" or first.text[0].islower() or first.text.startswith(("Sie ", "Ihr "))


@on_every_kind
def test_another_reader_finds_the_same_words_in_the_same_order(notice):
    pdf = notices.content(notice)

    others = iter([word for words in pdf_reading.words_of_pages(pdf) for word in words])
    lost = [word for line in pdf_reading.lines(pdf) for word in line.split() if word not in others]

    assert lost == []


@on_every_kind
def test_draft_says_the_same_as_the_letter(notice):
    application = notice.application
    facts = letter_samples.facts_again(notice.kind, application)

    with letter_samples.noon(letter_samples.DAY):
        draft = notices.preview(application, notice.kind, by=application.clerk, refers_to=notice.refers_to, **facts)

    assert pdf_reading.lines(draft) == pdf_reading.lines(notices.content(notice))


def test_replacing_letter_says_so_first():
    stationery()
    application = letter_samples.case()
    first = letter_samples.issue(LetterKind.GRANT, application)

    second = letter_samples.issue(LetterKind.GRANT, application, refers_to=first)

    lines = pdf_reading.lines(notices.content(second))
    assert lines[lines.index(SALUTATION) + 1] == (
        f"dieses Schreiben ersetzt unser Schreiben „Zuwendungsbescheid“ vom 23.11.2026 (Code {first.code}). Jenes wird "
        "hiermit aufgehoben."
    )


@pytest.mark.parametrize(
    ("legal_basis", "repayment", "name", "sentences"),
    [
        (
            "§ 48 Abs. 1 HVwVfG",
            Decimal(25000),
            "Rücknahmebescheid",
            [
                "in Höhe von 25.000 € mit Wirkung für die Vergangenheit, vom 30.06.2028 an, zurückgenommen.",
                "Die Rücknahme steht in unserem Ermessen.",
                "(§ 48 Abs. 4 HVwVfG): Kenntnis von den Tatsachen",
            ],
        ),
        (
            "§ 49 Abs. 2 Satz 1 Nr. 3 HVwVfG",
            Decimal(0),
            "Widerrufsbescheid",
            [
                "in Höhe von 25.000 € mit Wirkung für die Zukunft widerrufen.",
                "Der Widerruf steht in unserem Ermessen.",
                "(§ 49 Abs. 2 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG): Kenntnis von den Tatsachen",
            ],
        ),
    ],
)
def test_what_takes_back_an_unlawful_grant_is_called_by_its_name(legal_basis, repayment, name, sentences):
    stationery()
    notice = letter_samples.issue(LetterKind.REVOCATION, legal_basis=legal_basis, repayment=repayment)

    said = " ".join(pdf_reading.lines(notices.content(notice)))

    assert [each in said for each in [f"{name}: Förderung", *sentences]] == [True] * 4
    assert (notice.name, name in notice.file.original_name, name in str(notice)) == (name, True, True)
    assert ("Widerruf" in said) == (name == "Widerrufsbescheid")


def test_grant_is_granted_until_its_last_day():
    stationery()
    notice = letter_samples.issue(LetterKind.GRANT)

    assert "Der Bewilligungszeitraum dauert vom 01.01.2027 bis zum 31.12.2031." in pdf_reading.lines(
        notices.content(notice)
    )
