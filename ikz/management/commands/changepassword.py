"""Django's own command, and a line in the log: a password that is changed past the pages is no secret."""

from django.contrib.auth.management.commands import changepassword

from ikz import security_log
from ikz.management.accounts import account


class Command(changepassword.Command):
    def handle(self, *args, username, **options):
        said = super().handle(*args, username=username, **options)
        security_log.tell("password changed", account=account(username).pk)
        return said
