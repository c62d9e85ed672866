from applications.admin import application, cooperation, correspondence, decision, history, letter, programme

__all__ = ["application", "cooperation", "correspondence", "decision", "history", "letter", "programme"]
