"""Delivered passages of letters in better words, as far as nobody wrote their own; every letter keeps what it was made with.

What is new comes to installations that have text blocks already; a new one gets it with its base data.
"""

from django.db import migrations, models

# key → the delivered words, and those that follow
REWORDED = {
    'opinion-request-bitte': (
        'die nachstehenden Kommunen haben am {{antragsdatum}} eine Zuwendung für das Vorhaben „{{vorhaben}}“ beantragt. Nach Nr. 4 Abs. 3 der Förderrichtlinie ({{rahmenvereinbarung}}) hören wir dazu die Aufsichtsbehörden, die kommunalen Spitzenverbände und das Ministerium der Finanzen. Wir bitten um die Stellungnahme folgender Stelle: {{stelle}}.',
        'für das Vorhaben „{{vorhaben}}“ der unten genannten Beteiligten ist am {{antragsdatum}} ein Antrag auf Zuwendung eingegangen. Nach Nr. 4 Abs. 3 der Förderrichtlinie ({{rahmenvereinbarung}}) hören wir dazu die Aufsichtsbehörden, die kommunalen Spitzenverbände und das Ministerium der Finanzen. Wir bitten auch Sie um Ihre Stellungnahme.',
    ),
    'grant-finanzierung': (
        'Die Zuwendung wird als nicht rückzahlbarer Zuschuss im Wege der Projektförderung als Festbetragsfinanzierung gewährt. Die Bemessung ergibt sich aus der nachstehenden Berechnung. Rechtsgrundlage sind {{rechtsgrundlage}} und die Förderrichtlinie ({{rahmenvereinbarung}}). Ein Rechtsanspruch auf die Zuwendung bestand nicht; sie ist im Rahmen des Ermessens und der verfügbaren Haushaltsmittel bewilligt worden.',
        'Die Zuwendung wird als nicht rückzahlbarer Zuschuss im Wege der Projektförderung als Festbetragsfinanzierung gewährt. Die Bemessung ergibt sich aus der nachstehenden Berechnung. Rechtsgrundlage sind die {{rechtsgrundlage}} und die Förderrichtlinie ({{rahmenvereinbarung}}). Ein Rechtsanspruch auf die Zuwendung bestand nicht; sie ist im Rahmen des Ermessens und der verfügbaren Haushaltsmittel bewilligt worden.',
    ),
    'refusal-begruendung': (
        'Zuwendungen werden nach {{rechtsgrundlage}} und der Förderrichtlinie ({{rahmenvereinbarung}}) gewährt. Ein Rechtsanspruch besteht nicht; über den Antrag ist nach pflichtgemäßem Ermessen zu entscheiden.\n\n{{begruendung}}',
        'Zuwendungen werden nach den {{rechtsgrundlage}} und der Förderrichtlinie ({{rahmenvereinbarung}}) gewährt. Ein Rechtsanspruch besteht nicht; über den Antrag ist nach pflichtgemäßem Ermessen zu entscheiden.\n\n{{begruendung}}',
    ),
    'amendment-rechtsgrundlage': (
        'Rechtsgrundlage sind {{rechtsgrundlage}} und die Förderrichtlinie ({{rahmenvereinbarung}}).',
        'Rechtsgrundlage sind die {{rechtsgrundlage}} und die Förderrichtlinie ({{rahmenvereinbarung}}).',
    ),
    'withdrawal-bestaetigung': (
        'Sie haben Ihren Antrag auf Förderung des Vorhabens „{{vorhaben}}“ zurückgenommen. Wir bestätigen das und haben das Verfahren eingestellt. Eine Entscheidung über den Antrag ergeht nicht; Kosten entstehen Ihnen nicht.\n\nEin neuer Antrag ist jederzeit möglich.',
        'Sie haben Ihren Antrag auf Förderung des Vorhabens „{{vorhaben}}“ zurückgezogen. Wir bestätigen das und haben das Verfahren eingestellt. Eine Entscheidung über den Antrag ergeht nicht; Kosten entstehen Ihnen nicht.\n\nEin neuer Antrag ist jederzeit möglich.',
    ),
}
# Other words for the place of a block that is there. The release before, which knows no other words, lets people choose them.
NEW = [
    {
        'key': 'grant-bewilligung-allein',
        'kind': 'grant',
        'title': 'Bewilligung (eine Kommune)',
        'heading': '1. Bewilligung',
        'place': 'before',
        'position': 10,
        'is_standard': False,
        'text': 'Auf Ihren Antrag, eingegangen am {{antragsdatum}}, bewilligen wir Ihnen eine Zuwendung von\n\n> {{betrag}}\n\naus Mitteln des Landes Hessen zur Förderung der interkommunalen Zusammenarbeit (Fördervariante {{variante}}).',
    },
    {
        'key': 'grant-finanzierung-vorbereitung',
        'kind': 'grant',
        'title': 'Höhe und Finanzierungsart (Vorbereitung)',
        'heading': '3. Höhe, Finanzierungsart und Rechtsgrundlage',
        'place': 'before',
        'position': 30,
        'is_standard': False,
        'text': 'Die Zuwendung wird als bedingt rückzahlbarer Zuschuss im Wege der Projektförderung als Festbetragsfinanzierung gewährt: Kommt nach der Vorbereitung keine förderfähige Zusammenarbeit zustande, so ist sie zurückzuzahlen. Die Bemessung ergibt sich aus der nachstehenden Berechnung. Rechtsgrundlage sind die {{rechtsgrundlage}} und die Förderrichtlinie ({{rahmenvereinbarung}}). Ein Rechtsanspruch auf die Zuwendung bestand nicht; sie ist im Rahmen des Ermessens und der verfügbaren Haushaltsmittel bewilligt worden.',
    },
    {
        'key': 'grant-nebenbestimmungen-vorbereitung',
        'kind': 'grant',
        'title': 'Nebenbestimmungen (Vorbereitung)',
        'heading': '5. Nebenbestimmungen',
        'place': 'after',
        'position': 10,
        'is_standard': False,
        'text': 'Dieser Bescheid ergeht mit folgenden Nebenbestimmungen (§ 36 Abs. 2 HVwVfG):\n\n- Die Allgemeinen Nebenbestimmungen für Zuwendungen zur Projektförderung an Gebietskörperschaften und Zusammenschlüsse von Gebietskörperschaften (ANBest-GK) zu § 44 LHO sind Bestandteil dieses Bescheids, soweit er nichts anderes bestimmt.\n- Rückzahlung: Die Zuwendung ist zurückzuzahlen, wenn nach der Vorbereitung keine förderfähige Zusammenarbeit zustande kommt.\n- Mitteilungspflicht: Teilen Sie uns unverzüglich mit, wenn feststeht, ob eine Zusammenarbeit zustande kommt, wenn eine Kommune ausscheidet oder hinzukommt, sich der Zuwendungszweck ändert oder wenn Sie für denselben Zweck weitere öffentliche Mittel beantragen oder erhalten.\n- Verwendungsnachweis: Legen Sie uns bis zum {{nachweisdatum}} einen Verwendungsnachweis vor. Er besteht aus einem Sachbericht und einem zahlenmäßigen Nachweis; der Sachbericht legt dar, zu welchem Ergebnis die Vorbereitung geführt hat und ob eine förderfähige Zusammenarbeit folgt.\n- Prüfung: Wir und der Hessische Rechnungshof sind berechtigt, die Verwendung der Zuwendung durch Einsicht in Bücher und Belege und durch Erhebungen vor Ort zu prüfen (§ 91 LHO).\n- Widerrufsvorbehalt: Der Widerruf dieses Bescheids bleibt für den Fall vorbehalten, dass keine förderfähige Zusammenarbeit zustande kommt oder eine Voraussetzung der Förderung entfällt.',
    },
    {
        'key': 'grant-auszahlung-allein',
        'kind': 'grant',
        'title': 'Auszahlung (eine Kommune)',
        'heading': '6. Auszahlung',
        'place': 'after',
        'position': 20,
        'is_standard': False,
        'text': '{{auszahlung}}',
    },
]

# It says nothing of an early beginning: no source tells what holds for that here.
RENAMED = ('receipt-vorzeitiger-beginn', 'Vorzeitiger Beginn und Rechtsanspruch'), ('receipt-kein-anspruch', 'Kein Rechtsanspruch')


def add(apps, schema_editor):
    TextBlock = apps.get_model("applications", "TextBlock")
    if not TextBlock.objects.exists():
        return
    for record in NEW:
        fields = {name: value for name, value in record.items() if name not in ('key', 'text')}
        block, is_new = TextBlock.objects.get_or_create(key=record['key'], defaults=fields)
        if is_new:
            block.versions.create(number=1, text=record['text'])


def rename(apps, schema_editor):
    """A title that somebody wrote stays; the key is ours."""
    (old_key, old_title), (key, title) = RENAMED
    TextBlock = apps.get_model("applications", "TextBlock")
    TextBlock.objects.filter(key=old_key, title=old_title).update(title=title)
    TextBlock.objects.filter(key=old_key).update(key=key)


def rename_back(apps, schema_editor):
    (old_key, old_title), (key, title) = RENAMED
    TextBlock = apps.get_model("applications", "TextBlock")
    TextBlock.objects.filter(key=key, title=title).update(title=old_title)
    TextBlock.objects.filter(key=key).update(key=old_key)


def reword(apps, schema_editor):
    TextBlock = apps.get_model("applications", "TextBlock")
    for key, (old, new) in REWORDED.items():
        block = TextBlock.objects.filter(key=key).first()
        newest = block and block.versions.order_by("-number").first()
        if newest and newest.text == old:
            block.versions.create(number=newest.number + 1, text=new)


class Migration(migrations.Migration):
    dependencies = [("applications", "0042_hearings_that_nobody_answered")]

    operations = [
        migrations.AlterField(
            model_name='office',
            name='address',
            field=models.TextField(blank=True, help_text='Wie sie im Anschriftfeld stehen soll: Bezeichnung, Straße oder Postfach, Postleitzahl und Ort, je eine Zeile. Leer: die bekannte Anschrift, bei Landräten die des Landkreises im Register.', verbose_name='Anschrift'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Eingangsbestätigung'), ('correction_request', 'Nachforderung'), ('opinion_request', 'Bitte um Stellungnahme'), ('hearing', 'Anhörung'), ('grant', 'Zuwendungsbescheid'), ('refusal', 'Ablehnungsbescheid'), ('amendment', 'Änderungsbescheid'), ('revocation', 'Widerrufsbescheid'), ('correcting', 'Berichtigung'), ('reminder', 'Erinnerung'), ('withdrawal', 'Bestätigung zum zurückgezogenen Antrag')], max_length=30, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='textblock',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Eingangsbestätigung'), ('correction_request', 'Nachforderung'), ('opinion_request', 'Bitte um Stellungnahme'), ('hearing', 'Anhörung'), ('grant', 'Zuwendungsbescheid'), ('refusal', 'Ablehnungsbescheid'), ('amendment', 'Änderungsbescheid'), ('revocation', 'Widerrufsbescheid'), ('correcting', 'Berichtigung'), ('reminder', 'Erinnerung'), ('withdrawal', 'Bestätigung zum zurückgezogenen Antrag')], max_length=30, verbose_name='Schreiben'),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunPython(rename, rename_back),
        migrations.RunPython(reword, migrations.RunPython.noop),
    ]
