"""What the tests of the demonstration ask of it."""

from io import StringIO

from django.core.management import call_command

from applications import base_data
from applications.demo import real_cases
from applications.demo.marks import case_uuid
from applications.models import Application
from ikz.models import User

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
REAL = real_cases.records()
RUNNING = base_data.records("demo_cases.json")


def case(key):
    return Application.objects.with_case().get(uuid=case_uuid(key))


def person(address):
    return User.objects.get(email=f"{address}@ikz.example")


def printed_by(command, **options):
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue().splitlines()
