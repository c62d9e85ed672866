"""Long lists are counted up to a bound: a count reads every row that it counts, and nobody leafs through ten thousand."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

from ikz.german import counted

AT_MOST = 10_000


class BoundedPaginator(Paginator):
    """What lies beyond the bound is reached by filters, search and order."""

    @cached_property
    def count(self):
        return self.object_list.order_by()[:AT_MOST].count()  # in order they would be sorted first

    def counted(self, one: str, many: str) -> str:
        """How many there are, in words."""
        if self.count < AT_MOST:
            return counted(self.count, one, many)
        return f"{AT_MOST:,} {many} oder mehr".replace(",", ".")
