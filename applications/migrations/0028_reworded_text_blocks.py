"""Delivered text blocks in better words, as far as nobody wrote their own; every letter keeps the words that it was made with."""

from django.db import migrations

# key → the delivered words, and those that follow
REWORDED = {
    'opinion-request-fragen': (
        'Bitte nehmen Sie bis zum {{frist}} Stellung, insbesondere dazu,\n\n- ob gegen die Zusammenarbeit kommunalaufsichtliche Bedenken bestehen,\n- ob die vereinbarte Rechtsform zulässig und das Verfahren nach dem KGG eingehalten ist,\n- ob Sie die Förderung befürworten.\n\nKönnen Sie den Termin nicht einhalten, so geben Sie uns bitte kurz Bescheid.',
        'Bitte nehmen Sie bis zum {{frist}} Stellung, insbesondere dazu,\n\n- ob gegen die Zusammenarbeit kommunalaufsichtliche Bedenken bestehen,\n- ob die vereinbarte Rechtsform zulässig und das Verfahren nach dem KGG eingehalten ist,\n- ob Sie die Förderung befürworten.\n\nKönnen Sie den Termin nicht einhalten, so teilen Sie uns das bitte mit.',
    ),
    'revocation-entscheidung': (
        'Den Zuwendungsbescheid für das Vorhaben „{{vorhaben}}“, mit dem Ihnen {{gewaehrter_betrag}} bewilligt wurden, widerrufen wir in Höhe von {{betrag}}. Es verbleibt eine Zuwendung von {{verbleibender_betrag}}.\n\nRechtsgrundlage: {{rechtsgrundlage}}.',
        'Der Zuwendungsbescheid für das Vorhaben „{{vorhaben}}“, mit dem Ihnen {{gewaehrter_betrag}} bewilligt wurden, wird in Höhe von {{betrag}} {{aufgehoben}}. Es verbleibt eine Zuwendung von {{verbleibender_betrag}}.\n\nRechtsgrundlage: {{rechtsgrundlage}}.',
    ),
    'revocation-ermessen': (
        'Der Widerruf steht in unserem Ermessen. Das Land hat bei der Bewilligung die Grundsätze der Wirtschaftlichkeit und Sparsamkeit zu beachten (§ 7 LHO); Mittel, die ihren Zweck nicht erreichen, sind deshalb in der Regel zurückzufordern. Gründe, die ausnahmsweise eine andere Entscheidung verlangten, sind nicht ersichtlich. Die Jahresfrist ist eingehalten (§ 49 Abs. 3 Satz 2 in Verbindung mit § 48 Abs. 4 HVwVfG).',
        '{{aufhebung}} steht in unserem Ermessen. Das Land hat bei der Bewilligung die Grundsätze der Wirtschaftlichkeit und Sparsamkeit zu beachten (§ 7 LHO); Mittel, die ihren Zweck nicht erreichen, sind deshalb in der Regel zurückzufordern. Gründe, die ausnahmsweise eine andere Entscheidung verlangten, sind nicht ersichtlich. Die Jahresfrist ist eingehalten ({{jahresfrist}}).',
    ),
}


def reword(apps, schema_editor):
    TextBlock = apps.get_model("applications", "TextBlock")
    for key, (old, new) in REWORDED.items():
        block = TextBlock.objects.filter(key=key).first()
        newest = block and block.versions.order_by("-number").first()
        if newest and newest.text == old:
            block.versions.create(number=newest.number + 1, text=new)


class Migration(migrations.Migration):
    dependencies = [("applications", "0027_name_of_a_letter")]

    operations = [migrations.RunPython(reword, migrations.RunPython.noop)]
