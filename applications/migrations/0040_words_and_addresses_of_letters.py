"""Delivered passages of letters in better words, as far as nobody wrote their own; every letter keeps what it was made with.

Passages that are new are brought by letter_base_data.load().
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
# It says nothing of an early beginning: no source tells what holds for that here.
RENAMED = ('receipt-vorzeitiger-beginn', 'Vorzeitiger Beginn und Rechtsanspruch'), ('receipt-kein-anspruch', 'Kein Rechtsanspruch')


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
    dependencies = [("applications", "0039_label_of_the_intention")]

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
        migrations.RunPython(rename, rename_back),
        migrations.RunPython(reword, migrations.RunPython.noop),
    ]
