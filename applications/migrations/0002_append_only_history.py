from django.db import migrations

from applications import history_triggers


def install(apps, schema_editor):
    history_triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    history_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
