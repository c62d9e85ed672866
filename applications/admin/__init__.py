from applications.admin import (
    application,
    cooperation,
    correspondence,
    decision,
    documents,
    history,
    letter,
    messages,
    people,
    programme,
)

__all__ = [
    "application",
    "cooperation",
    "correspondence",
    "decision",
    "documents",
    "history",
    "letter",
    "messages",
    "people",
    "programme",
]
