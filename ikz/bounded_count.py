"""Long lists are counted up to a bound: a count reads every row that it counts, and nobody leafs through ten thousand."""

from django.contrib.admin import DateFieldListFilter
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.utils.functional import cached_property

from ikz.german import counted

AT_MOST = 10_000


class BoundedPaginator(Paginator):
    """What lies beyond the bound is reached by filters, search and order.

    A list that filters or a search have narrowed asks the database once, for the keys of all that is found: a second
    look for the count would cost as much as the first.
    """

    is_narrowed = False

    @cached_property
    def count(self):
        if self.is_narrowed:
            return len(self.keys)
        return self.object_list.order_by()[:AT_MOST].count()  # in order they would be sorted first

    @cached_property
    def keys(self) -> list:
        return list(self.object_list.values_list("pk", flat=True)[:AT_MOST])

    def keys_of(self, page) -> list:
        """The keys of the rows of a page that page() or the whole list has handed out."""
        if not self.is_narrowed:
            return list(page.values_list("pk", flat=True))
        return self.keys[page.query.low_mark : page.query.high_mark]

    def counted(self, one: str, many: str) -> str:
        """How many there are, in words."""
        if self.count < AT_MOST:
            return counted(self.count, one, many)
        return f"{AT_MOST:,} {many} oder mehr".replace(",", ".")


class PeriodFilter(DateFieldListFilter):
    """Today, this month, this year: in place of a date hierarchy, which asks every row for its first and last day."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = "Zeit"


class BoundedChangeList(ChangeList):
    @property
    def counted(self):
        return self.paginator.counted(self.opts.verbose_name, self.opts.verbose_name_plural)


class BoundedList:
    """For a ModelAdmin whose table grows for ever: no look at it reads every row.

    The newest comes first, by the key, which has an index. What `counted` says stands in the search form and below the list.
    """

    paginator = BoundedPaginator
    show_full_result_count = False
    ordering = ["-pk"]

    def get_changelist(self, request, **kwargs):
        return BoundedChangeList
