"""Delivered text blocks in better words, as far as nobody wrote their own; every letter keeps the words that it was made with."""

from django.db import migrations

# key → the delivered words, and those that follow
REWORDED = {
    'revocation-entscheidung': (
        'Der Zuwendungsbescheid für das Vorhaben „{{vorhaben}}“, mit dem Ihnen {{gewaehrter_betrag}} bewilligt wurden, wird in Höhe von {{betrag}} {{aufgehoben}}. Es verbleibt eine Zuwendung von {{verbleibender_betrag}}.\n\nRechtsgrundlage: {{rechtsgrundlage}}.',
        'Der {{bescheid}} für das Vorhaben „{{vorhaben}}“, mit dem Ihnen {{bewilligt}}, wird in Höhe von {{betrag}} {{wirkung}} {{aufgehoben}}. Es verbleibt eine Zuwendung von {{verbleibender_betrag}}.\n\nRechtsgrundlage: {{rechtsgrundlage}}.',
    ),
    'revocation-ermessen': (
        '{{aufhebung}} steht in unserem Ermessen. Das Land hat bei der Bewilligung die Grundsätze der Wirtschaftlichkeit und Sparsamkeit zu beachten (§ 7 LHO); Mittel, die ihren Zweck nicht erreichen, sind deshalb in der Regel zurückzufordern. Gründe, die ausnahmsweise eine andere Entscheidung verlangten, sind nicht ersichtlich. Die Jahresfrist ist eingehalten ({{jahresfrist}}).',
        '{{aufhebung}} steht in unserem Ermessen. Das Land hat bei der Bewilligung die Grundsätze der Wirtschaftlichkeit und Sparsamkeit zu beachten (§ 7 LHO); eine Zuwendung, die ihren Zweck nicht erreicht, ist deshalb in der Regel nicht aufrechtzuerhalten. Gründe, die ausnahmsweise eine andere Entscheidung verlangten, sind nicht ersichtlich. Die Jahresfrist ist eingehalten ({{jahresfrist}}): Kenntnis von den Tatsachen, auf die wir die Entscheidung stützen, haben wir seit dem {{kenntnis}}.',
    ),
    'amendment-entscheidung': (
        'Den Zuwendungsbescheid für das Vorhaben „{{vorhaben}}“, mit dem Ihnen {{gewaehrter_betrag}} bewilligt wurden, ändern wir. Die Zuwendung an Sie als federführende Kommune für alle Beteiligten beträgt nun\n\n> {{betrag}}\n\nIm Übrigen gilt der Zuwendungsbescheid mit seinen Nebenbestimmungen unverändert fort.',
        'Den {{bescheid}} für das Vorhaben „{{vorhaben}}“, mit dem Ihnen {{gewaehrter_betrag}} bewilligt wurden, ändern wir. Die Zuwendung an Sie als federführende Kommune für alle Beteiligten beträgt nun\n\n> {{betrag}}\n\nIm Übrigen gilt der Zuwendungsbescheid mit seinen Nebenbestimmungen unverändert fort.',
    ),
}

# What a Rücknahme says of trust; loading the base data adds it to a new installation.
TRUST = {
    'key': 'revocation-vertrauen',
    'kind': 'revocation',
    'title': 'Vertrauensschutz bei Rücknahme',
    'place': 'before',
    'position': 50,
    'is_standard': False,
}
WORDS_OF_TRUST = 'Auf Vertrauen in den Bestand des Bescheids (§ 48 Abs. 2 HVwVfG) können Sie sich nach unserer Auffassung nicht berufen. Als Körperschaft des öffentlichen Rechts sind Sie an Gesetz und Recht gebunden (Art. 20 Abs. 3 GG); das Interesse, eine rechtswidrig bewilligte Zuwendung zu behalten, ist deshalb nicht in gleicher Weise geschützt wie bei Privaten. Umstände, nach denen es hier ausnahmsweise überwöge, sind nicht ersichtlich.'


def reword(apps, schema_editor):
    TextBlock = apps.get_model("applications", "TextBlock")
    for key, (old, new) in REWORDED.items():
        block = TextBlock.objects.filter(key=key).first()
        newest = block and block.versions.order_by("-number").first()
        if newest and newest.text == old:
            block.versions.create(number=newest.number + 1, text=new)
    if TextBlock.objects.filter(key="revocation-ermessen").exists() and not TextBlock.objects.filter(key=TRUST["key"]).exists():
        TextBlock.objects.create(**TRUST).versions.create(number=1, text=WORDS_OF_TRUST)


class Migration(migrations.Migration):
    dependencies = [("applications", "0039_label_of_the_intention")]

    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
