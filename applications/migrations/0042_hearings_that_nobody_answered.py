"""What a notice says of a hearing that nobody answered, where the delivered text blocks are there already.

Loading the base data adds it to a new installation.
"""

from django.db import migrations

HEARD = "Anhörung ohne Äußerung"
NOTHING_SAID = "Sie haben sich innerhalb der Frist nicht geäußert."
# the block for a hearing that was answered → what stands in its place where it was not
UNANSWERED = {
    "refusal-anhoerung": (
        {"key": "refusal-ohne-aeusserung", "kind": "refusal", "heading": "3. Anhörung", "place": "after", "position": 20},
        f"Sie hatten Gelegenheit, sich zu den für die Entscheidung erheblichen Tatsachen zu äußern (§ 28 Abs. 1 HVwVfG). {NOTHING_SAID}",
    ),
    "revocation-anhoerung": (
        {"key": "revocation-ohne-aeusserung", "kind": "revocation", "heading": "", "place": "before", "position": 30},
        f"Sie hatten Gelegenheit, sich vor dieser Entscheidung zu äußern (§ 28 Abs. 1 HVwVfG). {NOTHING_SAID}",
    ),
}


def add(apps, schema_editor):
    TextBlock = apps.get_model("applications", "TextBlock")
    for answered, (facts, text) in UNANSWERED.items():
        is_new = not TextBlock.objects.filter(key=facts["key"]).exists()
        if is_new and TextBlock.objects.filter(key=answered).exists():
            TextBlock.objects.create(title=HEARD, is_standard=False, **facts).versions.create(number=1, text=text)


class Migration(migrations.Migration):
    dependencies = [("applications", "0041_grounds_and_repayments_of_revocations")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
