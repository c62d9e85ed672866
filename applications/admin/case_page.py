"""The page of a case: where it stands, what is missing, who owes what, and the buttons of its steps."""

import io
from collections import defaultdict
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone

from applications import case_dates, disposal, hearings, owed_documents, steps_with_letters, timeline, workflow
from applications.admin.records import back_to_case, case_url, give_back
from applications.admin.remedies import remedies
from applications.checklist import Status
from applications.letters_by_hand import possible_kinds
from applications.models import Application, Judgement, Message, Opinion
from applications.open_case import open_for_writing, why_closed
from applications.permissions import PROCESS, of_several
from applications.rules import CHECK, JUDGED
from applications.states import AFTER_APPROVAL, ENDED_WITHOUT_GRANT, MAIN_LINE, State
from applications.supervision import opinions_to_ask_for
from applications.typesetting import LetterRefused
from ikz.german import day, listing

SHOWN_EVENTS = 25
OTHER_CASES = 20  # the newest of the same participants; a Kreis may have hundreds
TIME_FOR_AN_OPINION = timedelta(weeks=4)  # usual, no rule: the clerk may change the day
# What blocks stands first; what nobody needs to look at stands last.
URGENCY = [Status.MISSING, Status.TO_JUDGE, Status.HINT, Status.MET, Status.NOT_REQUIRED]
NOT_A_CLERK = "Diese Angaben macht die Rolle Sachbearbeitung."


class JudgementForm(forms.Form):
    answer = forms.TypedChoiceField(
        label="Antwort",
        choices=[("ja", "Ja, erfüllt"), ("nein", "Nein, nicht erfüllt")],
        widget=forms.RadioSelect,
        coerce=lambda text: text == "ja",
    )
    reason = forms.CharField(label="Begründung", widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def clean_reason(self):
        return self.cleaned_data["reason"].strip()


class CasePage:
    """A mixin for the admin of applications."""

    def get_urls(self):
        def view(route, function, name):
            return path(route, self.admin_site.admin_view(function), name=f"applications_application_{name}")

        return [
            view("<int:pk>/bearbeiten/", self.edit_view, "edit"),
            view("<int:pk>/schritt/<slug:name>/", self.take_view, "take"),
            view("<int:pk>/beurteilen/<slug:rule>/", self.judge_view, "judge"),
            view("<int:pk>/stellungnahmen/", self.propose_opinions_view, "propose_opinions"),
            view("<int:pk>/verlauf/", self.timeline_view, "timeline"),
            *super().get_urls(),
        ]

    # ── Looking ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def change_view(self, request, object_id, form_url="", extra_context=None):
        application = self._case(request, object_id)
        findings = CHECK.findings(application)
        known = {each.rule: each for each in findings}
        steps = [step for step in workflow.steps(application, request.user, known) if _is_offered(step, application)]
        if application.has_ended or application.taken_over_at:
            findings = [each.without_call for each in findings]
        context = {
            **self._context(request, application, f"{application.file_number} {application.title}"),
            "findings": _most_urgent_first(findings),
            "remedies": remedies(application),
            "missing": sum(finding.status == Status.MISSING for finding in findings),
            "to_judge": sum(finding.status == Status.TO_JUDGE for finding in findings),
            "steps": steps,
            "refusals": _refusals(steps),
            "said_of_main": {step.refusal for step in steps if step.tone == "main"},
            "path": _state_path(application),
            "matrix": owed_documents.rows(application),
            "matrix_columns": owed_documents.COLUMNS,
            "may_write": request.user.has_perm(PROCESS) and not why_closed(application),
            "closed": why_closed(application),
            "opinions_to_ask_for": opinions_to_ask_for(application.municipalities, application.opinion_list),
            "events": timeline.events(application, SHOWN_EVENTS),
            **_file_of(application),
            "letters": application.notices.select_related("file"),
            "hearings": application.hearing_list,
            "hearing_says": hearings.what_is_next(application),
            "letters_by_hand": possible_kinds(application),
            "seen": application.revision,
            "today": timezone.localdate(),
            "dates": case_dates.line_of_time(
                application.dates, application.facts_of_dates, application.state, timezone.localdate()
            ),
        }
        if disposal.is_to_be_offered(application):
            context["is_to_be_offered"] = True
            context["no_deletion"] = disposal.why_not(application, request.user)
        return render(request, "admin/applications/application/case.html", context)

    def timeline_view(self, request, pk):
        application = self._case(request, pk)
        context = self._context(request, application, f"Verlauf {application.file_number}")
        return render(
            request, "admin/applications/application/timeline.html", {**context, "events": timeline.events(application)}
        )

    def edit_view(self, request, pk):
        return super().change_view(request, str(pk))

    def response_change(self, request, obj):
        return back_to_case(request, obj, "Angaben zum Fall gespeichert.")

    def to_case(self, application, anchor=""):
        return redirect(case_url(application, anchor))

    # ── Acting ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def take_view(self, request, pk, name):
        application = self._case(request, pk)
        step = next((each for each in workflow.steps(application, request.user) if each.name == name), None)
        if request.method != "POST":
            return self._step_page(request, application, step)
        try:
            return self._take(request, application, name, step)
        except workflow.AlreadyTaken as taken:
            self.message_user(request, str(taken), messages.INFO)
            return self.to_case(application)

    def _take(self, request, application, name, step):
        seen = request.POST.get("seen", "")
        sent = workflow.checksum_of(request.POST) if seen else ""
        if workflow.was_sent_before(application, name, by=request.user, sent=sent):
            raise workflow.AlreadyTaken(application.when_it_was_taken())
        is_of_an_older_page = seen not in ("", application.revision)
        if step and step.refusal and not is_of_an_older_page:
            raise PermissionDenied(step.refusal)
        form = step.form(request.POST, application=application) if step and step.form else None
        if form and not form.is_valid():
            return self._step_page(request, application, step, form)
        if form and "preview" in request.POST:
            return self._preview(request, application, step, form)
        try:
            done = steps_with_letters.take(
                application,
                name,
                by=request.user,
                seen=seen,
                sent=sent,
                **(form.cleaned_data if form else {}),
            )
        except workflow.AlreadyTaken:
            raise  # sent twice at the same moment
        except workflow.NotPermitted as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except workflow.StepRefused as refusal:
            return self._refused(request, application, name, step, form, refusal)
        self.message_user(
            request, f"{application.file_number} steht jetzt auf „{done.get_state_display()}“.", messages.SUCCESS
        )
        return self.to_case(done)

    def _preview(self, request, application, step, form):
        """The letter as the step would issue it; nothing is written."""
        try:
            pdf = steps_with_letters.preview(application, step.name, by=request.user, **form.cleaned_data)
        except (LetterRefused, workflow.StepRefused) as refusal:
            form.add_error(getattr(refusal, "field", None), str(refusal))
            return self._step_page(request, application, step, form)
        name = f"ENTWURF {application.file_number}.pdf"
        return FileResponse(io.BytesIO(pdf), filename=name, content_type="application/pdf")

    def _refused(self, request, application, name, step, form, refusal):
        """What was typed stays in the form; where the step has gone, it is shown on the case with the sentence."""
        application = self._case(request, application.pk)
        if form is None or isinstance(refusal, workflow.WrongState):
            self.message_user(request, str(refusal), messages.ERROR)
            give_back(request, application, workflow.form_of(type(application), name))
            return self.to_case(application)
        form.add_error(getattr(refusal, "field", None), str(refusal))
        return self._step_page(request, application, step, form)

    def _step_page(self, request, application, step, form=None):
        if step is None:
            self.message_user(request, "Dieser Schritt ist im jetzigen Stand nicht vorgesehen.", messages.ERROR)
            return self.to_case(application)
        if form is None and step.form:
            form = step.form(application=application)
        context = self._context(request, application, f"{step.label}: {application.file_number}")
        context |= {"step": step, "form": form, "seen": application.revision}
        context["checklist"] = _most_urgent_first(step.findings)
        if step.name in steps_with_letters.LETTERS:
            context |= _what_a_decider_looks_at(application)
        context["has_letter"] = step.name in steps_with_letters.LETTERS
        context["is_notice"] = steps_with_letters.ends_in_a_notice(step.name)
        return render(request, "admin/applications/application/step.html", context)

    def judge_view(self, request, pk, rule):
        application = self._case(request, pk, writing=request.method != "POST")
        if rule not in JUDGED:
            raise Http404
        if not request.user.has_perm(PROCESS):
            raise PermissionDenied(NOT_A_CLERK)
        form = JudgementForm(request.POST or None)
        if form.is_valid() and self._judge(request, application, rule, form):
            return back_to_case(request, application, f"Beurteilung gespeichert: {JUDGED[rule].label}.", "pruefliste")
        application = self._case(request, pk)
        finding = JUDGED[rule].finding(application)
        if request.method != "POST" and not finding.is_for_a_person:
            said = f"{finding.rule.label}: Hier ist nichts zu beurteilen."
            return back_to_case(request, application, said, "pruefliste", messages.INFO)
        context = self._context(request, application, f"{JUDGED[rule].label}: {application.file_number}")
        context |= {"rule": JUDGED[rule], "form": form, "seen": _seen_by_judge(application)}
        context |= {"judgement": application.judgement_on(rule), **_file_of(application)}
        # What they are about, who takes part, and what was granted: a similar case is judged by it.
        prefetch_related_objects(
            application.similar_cases, "cooperation__participants__municipality__district", "decisions"
        )
        return render(request, "admin/applications/application/judge.html", context)

    def _judge(self, request, application, rule, form) -> bool:
        """Save the judgement. What speaks against it becomes an error of the form, which keeps what was typed."""
        with transaction.atomic():
            application = Application.objects.locked(application.pk)
            if closed := why_closed(application):
                form.add_error(None, closed)
            elif request.POST.get("seen") != _seen_by_judge(application):
                form.add_error(None, _what_is_new(application, request.POST.get("seen", "")))
            else:
                Judgement.objects.create(application=application, rule=rule, by=request.user, **form.cleaned_data)
        return form.is_valid()

    def propose_opinions_view(self, request, pk):
        """Ask for the proposed opinions that are not there yet, from today on; the clerk may change them."""
        application = self._case(request, pk, writing=True)
        if request.method != "POST":
            return self.to_case(application, "stellungnahmen")
        today = timezone.localdate()
        due_on = today + TIME_FOR_AN_OPINION
        with open_for_writing(application):
            proposed = opinions_to_ask_for(application.municipalities, application.opinions.all())
            for each in proposed:
                opinion = Opinion.objects.create(
                    application=application,
                    authority=each.authority,
                    name=each.name,
                    requested_on=today,
                    due_on=due_on,
                )
                Message.objects.ask_for(opinion, by=request.user)
        said = _what_was_asked_for([each.name for each in proposed], due_on)
        return back_to_case(request, application, said, "stellungnahmen")

    # ── Shared ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _case(self, request, pk, *, writing=False):
        """The case with everything that its page shows; 404 for whoever may not see it, 403 for whoever may not write."""
        found = Application.objects.visible_to(request.user).with_case()
        application = get_object_or_404(found.select_related("clerk"), pk=int(pk) if str(pk).isdecimal() else None)
        if writing and (closed := why_closed(application)):
            raise PermissionDenied(closed)
        if writing and not request.user.has_perm(PROCESS):
            raise PermissionDenied(NOT_A_CLERK)
        return application

    def _context(self, request, application, title):
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "application": application,
            "case_url": reverse("admin:applications_application_change", args=[application.pk]),
        }


def _most_urgent_first(findings):
    return sorted(findings, key=lambda finding: URGENCY.index(finding.status))


def _file_of(application) -> dict:
    return {
        "files": application.files.select_related("uploaded_by", "participant__municipality"),
        "notes": application.filenotes.select_related("by"),
    }


def _seen_by_judge(application) -> str:
    """What a judgement rests on: the case as it stands, and the similar cases that there are."""
    return ".".join([application.revision, *(each.file_number for each in application.similar_cases)])


def _what_is_new(application, seen: str) -> str:
    if seen.partition(".")[0] != application.revision:
        changed = application.what_changed_last()
    else:
        changed = "Die ähnlichen Fälle haben sich inzwischen geändert."
    return f"{changed} Ihre Eingaben stehen noch im Formular: Bitte vergleichen Sie und speichern Sie erneut."


def _what_a_decider_looks_at(application):
    keys = Application.objects.of_same_participants(application).values_list("pk", flat=True)[: OTHER_CASES + 1]
    told = Application.objects.select_related("cooperation", "variant").prefetch_related("decisions")
    others = told.in_order_of(list(keys))
    return {
        "checklist": _most_urgent_first(CHECK.findings(application)),
        "other_cases": others[:OTHER_CASES],
        "has_more_cases": len(others) > OTHER_CASES,
        "hearings": application.hearing_list,
    }


def _refusals(steps) -> dict[str, str]:
    """Each sentence of why not, once, with the names of all steps that it bars."""
    barred = defaultdict(list)
    for step in steps:
        if step.refusal:
            barred[step.refusal].append(step.label)
    return {
        refusal: f"{listing(labels)}: {refusal if len(labels) == 1 else of_several(refusal)}"
        for refusal, labels in barred.items()
    }


def _is_offered(step, application) -> bool:
    """Rare steps only to whoever may take them; of a case taken over nobody can ever take the main one."""
    if step.tone == "main":
        return application.taken_over_at is None
    return step.tone != "rare" or step.refusal is None


def _state_path(application):
    """(label, done | current | stop | open) for each state of the main line, and the side exit where one was taken."""
    state = State(application.state)
    line = [*MAIN_LINE, *AFTER_APPROVAL]
    if state in line:
        reached = line.index(state)
        return [
            (each.label, "done" if at < reached else "current" if at == reached else "") for at, each in enumerate(line)
        ]
    before = line[: line.index(State.APPROVED) + 1] if state == State.REVOKED else _before_the_exit(application)
    return [*((each.label, "done") for each in before), (state.label, "stop")]


def _before_the_exit(application):
    # Letters that were issued later stand in the history, too; they leave from where they arrive.
    exits = application.history.filter(target__in=ENDED_WITHOUT_GRANT).exclude(source__in=ENDED_WITHOUT_GRANT)
    entry = exits.order_by("-sequence").first()
    source = State(entry.source) if entry else State.DRAFTED
    return MAIN_LINE[: MAIN_LINE.index(source) + 1]


def _what_was_asked_for(names, due_on) -> str:
    if not names:
        return "Alle vorgeschlagenen Stellungnahmen sind schon angefordert."
    return (
        f"Bis zum {day(due_on)} erbeten: {listing(names)}. Wer das Portal nicht benutzt, erfährt davon erst durch Ihr "
        f"Schreiben „Bitte um Stellungnahme“."
    )
