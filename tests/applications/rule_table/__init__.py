"""Every rule, met and not met: (rule, situation, status, exact sentence). Read by test_rules and test_conventions."""

from tests.applications.rule_table.agreement import AGREEMENT
from tests.applications.rule_table.grant import GRANT
from tests.applications.rule_table.participants import PARTICIPANTS
from tests.applications.rule_table.procedure import PROCEDURE
from tests.applications.rule_table.worth import WORTH

TABLE = [*PARTICIPANTS, *AGREEMENT, *WORTH, *PROCEDURE, *GRANT]
