from applications.admin import (
    application,
    cooperation,
    correspondence,
    decision,
    documents,
    history,
    messages,
    programme,
)

__all__ = [
    "application",
    "cooperation",
    "correspondence",
    "decision",
    "documents",
    "history",
    "messages",
    "programme",
]
