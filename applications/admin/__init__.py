from applications.admin import (
    application,
    cooperation,
    correspondence,
    date_facts,
    decision,
    documents,
    history,
    legal_figures,
    letter,
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
    "documents",
    "history",
    "legal_figures",
    "letter",
    "messages",
    "people",
    "programme",
]
