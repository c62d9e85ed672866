"""Cases known so far were handed in when they were opened; opinions name their office."""

from django.db import migrations


def hand_in(apps, schema_editor):
    Application, Entry = apps.get_model("applications", "Application"), apps.get_model("applications", "Entry")
    for entry in Entry.objects.filter(sequence=1).order_by("pk").iterator(chunk_size=500):
        Application.objects.filter(pk=entry.application_id, handed_in_at=None).update(
            handed_in_by=entry.by_id, handed_in_at=entry.at
        )


def name_offices(apps, schema_editor):
    Opinion, Office = apps.get_model("applications", "Opinion"), apps.get_model("applications", "Office")
    named = Opinion.objects.filter(office=None).order_by().values_list("authority", "name").distinct()
    for authority, name in list(named):
        office, _created = Office.objects.get_or_create(authority=authority, name=name)
        Opinion.objects.filter(authority=authority, name=name).update(office=office)


class Migration(migrations.Migration):
    dependencies = [("applications", "0003_portal")]

    operations = [
        migrations.RunPython(hand_in, migrations.RunPython.noop),
        migrations.RunPython(name_offices, migrations.RunPython.noop),
    ]
