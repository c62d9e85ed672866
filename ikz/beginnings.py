"""Texts are found by their beginning through the index, on every database."""

import re

from django.db.models.lookups import StartsWith


class IndexedStartsWith(StartsWith):
    """`startswith` as PostgreSQL has it: by the case of letters. SQLite's LIKE ignores both that and the index, its GLOB neither."""

    def as_sqlite(self, compiler, connection):
        if not isinstance(self.rhs, str):
            return self.as_sql(compiler, connection)
        column, params = self.process_lhs(compiler, connection)
        return f"{column} GLOB %s", [*params, re.sub(r"([*?[])", r"[\1]", self.rhs) + "*"]
