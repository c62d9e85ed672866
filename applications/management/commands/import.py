"""In the place of django-import-export's own command, which writes into any table past its rules, evidence too."""

from importlib import import_module

from django.core.management.base import CommandError

theirs = import_module("import_export.management.commands.import")  # a word of the language


class Command(theirs.Command):
    help = "Lehnt ab: So ließen sich Fälle und Feldänderungen an den Regeln vorbei überschreiben."

    def handle(self, *args, **options):
        raise CommandError(
            "Dieser Befehl schriebe an Schritten und Prüfungen vorbei, auch in die Feldänderungen. Kommunen lesen Sie mit "
            "manage.py import_register DATEI ein, alles andere in der Verwaltung."
        )
