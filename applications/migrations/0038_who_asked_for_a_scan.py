"""Who asked for a document to be scanned anew is kept beside when."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def end_requests_of_nobody(apps, schema_editor):
    """Who asked before was not kept, and nobody is made up: what has no verdict waits on, of the rest somebody asks again."""
    apps.get_model("applications", "StoredFile").objects.exclude(scan_requested_at=None).update(scan_requested_at=None)


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0037_scans_that_somebody_asked_for'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(end_requests_of_nobody, migrations.RunPython.noop),
        migrations.AddField(
            model_name='storedfile',
            name='scan_requested_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='erneute Prüfung angefordert von'),
        ),
        migrations.AddConstraint(
            model_name='storedfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('scan_requested_at', None), ('scan_requested_by', None)), models.Q(('scan_requested_at__isnull', False), ('scan_requested_by__isnull', False)), _connector='OR'), name='stored_file_scan_requested_by_and_at', violation_error_message='Zur Anforderung einer erneuten Prüfung gehören Person und Zeitpunkt.'),
        ),
    ]
