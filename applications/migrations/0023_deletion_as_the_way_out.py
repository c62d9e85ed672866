from django.db import migrations

from applications import history_triggers


def install_anew(apps, schema_editor):
    """The history lets go of the entries of a file that a record says is deleted."""
    history_triggers.remove(schema_editor.connection)
    history_triggers.install(schema_editor.connection)


def remove(apps, schema_editor):
    """On the way back to the table without the record, whose triggers do not know it."""
    history_triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("applications", "0022_disposal")]

    operations = [migrations.RunPython(install_anew, remove)]
