import pytest
from django.utils import timezone

from applications.checklist import Status
from tests.applications.rule_table import TABLE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rule", "given", "status", "message"),
    TABLE,
    ids=[f"{rule.name}-{number}" for number, (rule, *_) in enumerate(TABLE)],
)
def test_rule_says_what_is_missing(rule, given, status, message):
    finding = rule.finding(given.application())

    assert (finding.status, finding.message) == (status, message.replace("{year}", str(timezone.localdate().year)))
    assert finding.met is (status not in (Status.MISSING, Status.TO_JUDGE))
