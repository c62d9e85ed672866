"""Whoever asks for a document to be scanned anew leaves that to a worker, which finds it by the same index as all that waits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0036_free_kinds_of_variants'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='storedfile',
            name='stored_file_waits_for_scan',
        ),
        migrations.AddField(
            model_name='storedfile',
            name='scan_requested_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='erneute Prüfung angefordert am'),
        ),
        migrations.AddIndex(
            model_name='storedfile',
            index=models.Index(condition=models.Q(('scan__in', ('pending', 'unscanned')), models.Q(('scan', 'clean'), ('scan_requested_at__isnull', False)), _connector='OR'), fields=['scan', 'scan_tried_at'], name='stored_file_awaits_scan'),
        ),
    ]
