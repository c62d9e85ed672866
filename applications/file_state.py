"""Whether a document may be relied on. Imports no models."""


def what_the_file_lacks(file, whose: str, application, brought_by: str = "") -> str:
    """The sentence of why it does not count yet, or nothing. `whose`: „Der Beschluss von Adorf“; else who brought it."""
    if file.scan == "infected":
        bring = f"bei {brought_by} " if brought_by else ""
        return f"{whose} wurde vom Virenscanner beanstandet. Bitte fordern Sie die Datei {bring}neu an."
    if file.scan == "pending":
        return f"{whose} ist noch nicht auf Viren geprüft. Bitte warten Sie die Prüfung ab."
    if file.scan == "unscanned" and not application.accepts_unscanned_files:
        return f"{whose} ist nicht auf Viren geprüft, weil kein Virenscanner eingerichtet ist."
    return ""
