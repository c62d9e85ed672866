from applications.admin import application, cooperation, correspondence, decision, history, programme

__all__ = ["application", "cooperation", "correspondence", "decision", "history", "programme"]
