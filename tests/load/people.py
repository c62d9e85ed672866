"""What the people do all day, request by request. What changes something is one in twenty.

Each request comes with what tells that it went well: a form that is refused and a session that has ended are answered too.
"""

import itertools
import math

from django.urls import reverse

from applications.admin.case_list import CaseList
from applications.generated.people import DOMAIN
from applications.models import Application
from applications.rules import APPROVAL, CHECK
from applications.states import UNDER_PREPARATION, State
from ikz.models import User
from tests.applications import pdf_samples
from tests.web_client import Upload, Visitor, step_page

LIST = reverse("admin:applications_application_changelist")
WORDS = ["Aufgabe+bach", "2024", "Kreis", "IKZ-2019-0"]
CASES = 40  # each person looks at
LOGINS = (reverse("account_login"), reverse("admin:login"))


def page(case):
    return reverse("admin:applications_application_change", args=[case.pk])


def is_shown(answer) -> bool:
    return answer.status == 200


def is_taken(answer) -> bool:
    """A form that is refused comes back with 200."""
    return answer.status == 302 and not answer.location.startswith(LOGINS)


def is_pdf(answer) -> bool:
    return answer.status == 200 and answer.body.startswith(b"%PDF-")


class TooFewCases(SystemExit):
    """Ends the run with its sentence."""


def own_case(cases, number, what):
    """Everybody another one."""
    found = next(itertools.islice(cases, number, None), None)
    if found is None:
        raise TooFewCases(f"Too few cases: {number + 1} that {what} are needed. Give more --cases or fewer --users.")
    return found


class _Person:
    role = ""

    def __init__(self, number, port):
        self.number = number
        colleagues = User.objects.filter(email__startswith=self.role, email__endswith=f"@{DOMAIN}").order_by("pk")
        count = Application.objects.count()
        first = number * 50 % max(count, 1)
        self.seen = list(Application.objects.order_by("pk")[first : first + CASES])
        own_case(self.seen, 0, "anybody can look at")
        self.last_page = math.ceil(count / CaseList.list_per_page)
        self.user = colleagues[number // 2 % len(colleagues)]
        self.visitor = Visitor(self.user, port)

    def day(self):
        """(name of the page, request, whether its answer is a good one) without end."""
        turn = 0
        while True:
            yield from self.round(turn)
            turn += 1

    def look(self, name, path):
        return name, lambda: self.visitor.get(path), is_shown


class Clerk(_Person):
    role = "sachbearbeitung"
    case_list = f"{LIST}?fresh=1"

    def __init__(self, number, port):
        super().__init__(number, port)
        ready = Application.objects.with_case().filter(state=State.AGREEMENT_SIGNED).order_by("pk")
        self.candidate = own_case((case for case in ready if CHECK.met(case)), number // 2, "can be checked")

    def round(self, turn):
        case, word = self.seen[turn % len(self.seen)], WORDS[turn % len(WORDS)]
        far = min(5, self.last_page)
        yield self.look("Startseite der Verwaltung", reverse("admin:index"))
        yield self.look("Fallliste", self.case_list)
        yield self.look(f"Fallliste, Seite {far}", f"{LIST}?fresh=1&p={far}")
        yield self.look("Fallliste, gefiltert", f"{LIST}?state=open&clerk=me")
        yield self.look("Fallliste, Kreis und Jahr", f"{LIST}?district=06431&year=2026")
        yield self.look("Fallliste, Suche", f"{LIST}?q={word}")
        for position in range(4):
            yield self.look("Fallseite", page(self.seen[(turn + position) % len(self.seen)]))
        yield self.look("Verlauf", reverse("admin:applications_application_timeline", args=[case.pk]))
        if turn % 2 == 0:
            yield "Schritt: Prüfung abschließen", self._check, is_taken
            yield "Schritt: zurücknehmen", self._undo, is_taken

    def _check(self):
        return self.visitor.submit(step_page(self.candidate, "check_application"))

    def _undo(self):
        return self.visitor.submit(step_page(self.candidate, "undo"), reason="Probe unter Last")


class Decider(_Person):
    role = "bewilligung"

    def __init__(self, number, port):
        super().__init__(number, port)
        checked = Application.objects.with_case().filter(state=State.CHECKED).order_by("pk")
        self.waiting = list(itertools.islice((case for case in checked if APPROVAL.met(case)), CASES))
        own_case(self.waiting, 0, "can be granted")

    def round(self, turn):
        case = self.waiting[(turn + self.number) % len(self.waiting)]
        yield self.look("Startseite der Verwaltung", reverse("admin:index"))
        yield self.look("Fallliste, am Zug: ich", f"{LIST}?turn=me")
        yield self.look("Fallliste", f"{LIST}?fresh=1")
        yield self.look("Fallseite", page(case))
        yield self.look("Bewilligen: Seite", step_page(case, "approve"))
        if turn % 4 == 0:
            yield "Bewilligen: Entwurf des Bescheids (PDF)", lambda: self._preview(case), is_pdf

    def _preview(self, case):
        fields = self.visitor.form(step_page(case, "approve"))
        return self.visitor.post(step_page(case, "approve"), {**fields, "preview": "1"})


class Municipality(_Person):
    """The lead of a case that still takes documents."""

    def __init__(self, number, port):
        self.number = number
        open_cases = Application.objects.filter(state__in=UNDER_PREPARATION).order_by("pk").with_case()
        self.own = own_case(open_cases[: number + 1], number, "still take documents")
        self.user = self.own.lead.memberships.get().user
        self.visitor = Visitor(self.user, port)
        self.cases = list(Application.objects.visible_to(self.user).order_by("-pk")[:CASES])

    def round(self, turn):
        for position in range(3):
            case = self.cases[(turn + position) % len(self.cases)]
            yield self.look("Portal: Startseite", reverse("portal:start"))
            yield self.look("Portal: Fall", reverse("portal:case", args=[case.uuid]))
        yield self.look("Portal: Nachrichten", reverse("portal:inbox"))
        if turn % 5 == 0:
            yield "Portal: Unterlage hochladen", lambda: self._upload(turn), is_taken

    def _upload(self, turn):
        path = reverse("portal:other_documents", args=[self.own.uuid, self.own.participants[0].pk])
        upload = Upload("unterlage.pdf", pdf_samples.unlike_others(size=100_000, number=turn))
        return self.visitor.submit(path, [("files", upload)])
