"""An expression of SQL that is not written anew for every query."""

from django.db.models import ExpressionWrapper

from ikz import clock


class WrittenOnce(ExpressionWrapper):
    """Keeps its SQL once it stands in a query: to write one of a dozen subqueries takes Django longer than to ask it.

    The copies of a query share it. What goes into another query, or under other names of tables, is a copy of its own
    and is written there. It may refer to no query outside its own, and of what changes depend on the day alone.
    """

    is_resolved, written = False, None

    def resolve_expression(self, *args, **kwargs):
        """Django resolves once more whatever is compared; what is resolved already stays as it is."""
        if self.is_resolved:
            return self
        resolved = super().resolve_expression(*args, **kwargs)
        resolved.is_resolved = True
        return resolved

    def copy(self):
        unwritten = super().copy()
        unwritten.written = None
        return unwritten

    def as_sql(self, compiler, connection):
        key, written = (connection.vendor, clock.today()), self.written
        if written is None or written[0] != key:
            self.written = written = key, *super().as_sql(compiler, connection)
        _key, sql, params = written
        return sql, list(params)
