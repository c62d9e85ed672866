"""How the admin writes days: as our own pages do, and short enough for a column of a list."""

DATE_FORMAT = "d.m.Y"
DATETIME_FORMAT = "d.m.Y H:i"
