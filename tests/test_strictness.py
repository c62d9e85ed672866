import socket

import pytest
from django.template.loader import get_template

from tests.strictness import ForeignConnection, UnknownVariable


def test_no_test_reaches_another_machine():
    with socket.socket() as connection, pytest.raises(ForeignConnection):
        connection.connect(("192.0.2.1", 80))


def test_unknown_variable_in_a_template_of_ours_is_an_error():
    checklist = get_template("applications/_checklist.html")

    with pytest.raises(UnknownVariable, match=r"_checklist\.html does not know finding"):
        checklist.render({"findings": [{}], "may_write": False})
