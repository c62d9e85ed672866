"""The label of what a hearing is about stands before a colon."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0038_who_asked_for_a_scan'),
    ]

    operations = [
        migrations.AlterField(
            model_name='hearing',
            name='intention',
            field=models.CharField(choices=[('refuse', 'den Antrag abzulehnen'), ('revoke', 'den Zuwendungsbescheid zu widerrufen')], max_length=10, verbose_name='beabsichtigt'),
        ),
    ]
