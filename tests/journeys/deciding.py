"""How the ministry works on a case in the browser."""


def waive(page, office):
    """Do without the opinion of this office."""
    page.get_by_role("link", name=office).click()
    page.get_by_label("Verzichtet, weil").fill("Allgemein zugestimmt am 01.03.2026.")
    page.get_by_role("button", name="Sichern").click()


def judge(page):
    while page.get_by_role("link", name="Jetzt beurteilen").count():
        page.get_by_role("link", name="Jetzt beurteilen").first.click()
        page.get_by_label("Ja, erfüllt").check()
        page.get_by_label("Begründung").fill("Nach Aktenlage gegeben.")
        page.get_by_role("button", name="Beurteilung speichern").click()
