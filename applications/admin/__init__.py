from applications.admin import application, cooperation, correspondence, decision, history, messages, people, programme

__all__ = ["application", "cooperation", "correspondence", "decision", "history", "messages", "people", "programme"]
