"""System checks of what must hold in a database before the application is trusted with it."""

from django.core.checks import Error, Tags, register
from django.db import connections

from applications import history_triggers


@register(Tags.database)
def database_holds_every_letter(app_configs=None, databases=None, **options):
    """Before the first table: PostgreSQL takes its encoding from the language of the machine, if nobody says it."""
    return [
        Error(
            f"Die Datenbank ist in {encoding} angelegt und kann nicht alle Zeichen aufnehmen.",
            hint="Bitte legen Sie sie neu an; sie ist noch leer: dropdb ikz && createdb --owner ikz --encoding UTF8 "
            "--locale C.UTF-8 --template template0 ikz",
            id="applications.E002",
        )
        for alias in databases or []
        if connections[alias].vendor == "postgresql" and (encoding := _encoding(connections[alias])) != "UTF8"
    ]


def _encoding(connection) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        return cursor.fetchone()[0]


@register(Tags.database)
def history_is_append_only(app_configs=None, databases=None, **options):
    """`manage.py check --database default`: a migration that rebuilds the table on SQLite loses triggers silently."""
    return [
        Error(
            f"Der Verfahrensgeschichte fehlen Trigger: {', '.join(sorted(names))}.",
            hint="manage.py repair_history_triggers legt sie wieder an.",
            id="applications.E001",
        )
        for alias in databases or []
        if history_triggers.TABLE in connections[alias].introspection.table_names()
        and (names := history_triggers.missing(connections[alias]))
    ]
