from applications.admin import (
    application,
    cooperation,
    correspondence,
    date_facts,
    decision,
    history,
    legal_figures,
    messages,
    people,
    programme,
)

__all__ = [
    "application",
    "cooperation",
    "correspondence",
    "date_facts",
    "decision",
    "history",
    "legal_figures",
    "messages",
    "people",
    "programme",
]
