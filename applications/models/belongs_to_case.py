"""Records that belong to one case, so that the changes of their fields are found by case."""


class BelongsToCase:
    """A mixin: `case` is the application that the record belongs to, or None while there is none."""

    def get_additional_data(self):
        """Read by auditlog for every field change (FieldChange.save)."""
        return {"application": self.case.pk} if self.case else {}
