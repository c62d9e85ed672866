"""Tables for Excel: nothing in them that it would execute, and CSV that it opens in German by a double click."""

from import_export.formats.base_formats import CSV

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(value) -> str:
    """Text that no spreadsheet takes for a formula (CWE-1236): an apostrophe before what would begin one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


class GermanCSV(CSV):
    """Semicolons, and a mark that it is UTF-8."""

    def export_data(self, dataset, **kwargs) -> str:
        return "\ufeff" + dataset.export("csv", delimiter=";")

    def get_content_type(self) -> str:
        return "text/csv; charset=utf-8"

    def get_title(self) -> str:
        return "CSV"
