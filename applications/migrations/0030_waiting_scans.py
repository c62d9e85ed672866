"""Which documents wait for the scanner is found without looking at all, and those tried longest ago come first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0029_words_of_payments_and_scans"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="scan_tried_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="Prüfung zuletzt versucht am"
            ),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("scan__in", ["pending", "unscanned"])),
                fields=["scan", "scan_tried_at"],
                name="stored_file_waits_for_scan",
            ),
        ),
    ]
