"""Payment lists: choosing what can be paid, releasing a list with a second person, and its files."""

from datetime import timedelta

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST
from import_export.formats.base_formats import XLSX

from applications import payments, periods
from applications.admin.records import ReadOnlyAdmin
from applications.models import PaymentOrder
from applications.payment_table import table
from applications.permissions import PAY
from applications.step_forms import day_field
from ikz import clock
from ikz.bounded_count import BoundedList
from ikz.german import counted, euros
from ikz.tables import GermanCSV

TABLES = {"csv": GermanCSV, "xlsx": XLSX}


class ReleaseForm(forms.Form):
    execute_on = day_field("Ausführung am")

    def __init__(self, *args, **kwargs):
        tomorrow = clock.today() + timedelta(days=1)
        super().__init__(*args, initial={"execute_on": periods.working_day_from(tomorrow)}, **kwargs)


@admin.register(PaymentOrder)
class PaymentOrderAdmin(BoundedList, ReadOnlyAdmin):
    list_display = ["number", "state", "case_count", "total", "prepared_by", "prepared_at", "released_by", "execute_on"]
    list_select_related = ["prepared_by", "released_by"]
    readonly_fields = ["state"]
    change_form_template = "admin/applications/paymentorder/order.html"

    def get_urls(self):
        names = {
            "<int:pk>/freigeben/": ("release", require_POST(self.release_view)),
            "<int:pk>/herausnehmen/<int:case>/": ("leave_out", require_POST(self.leave_out_view)),
            "<int:pk>/datei.<slug:kind>": ("file", require_GET(self.file_view)),
        }
        own = [
            path(address, self.admin_site.admin_view(view), name=f"applications_paymentorder_{name}")
            for address, (name, view) in names.items()
        ]
        return [*own, *super().get_urls()]

    def get_fields(self, request, obj=None):
        released = ["released_by", "released_at", "execute_on"] if obj and obj.is_released else []
        return ["state", "prepared_by", "prepared_at", *released]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("payments__application", "payments__municipality")

    @admin.display(description="Nr.", ordering="pk")
    def number(self, order):
        return str(order.pk)

    @admin.display(description="Stand")
    def state(self, order):
        return order.state_label

    @admin.display(description="Fälle")
    def case_count(self, order):
        return len({each.application_id for each in order.standing_payments})

    @admin.display(description="Summe")
    def total(self, order):
        return euros(order.total)

    def has_add_permission(self, request):
        return request.user.has_perm(PAY)

    # ── Preparing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = _chosen(request.POST) if request.method == "POST" else None
        if chosen is not None:
            try:
                order = payments.prepare(chosen, by=request.user)
            except payments.PaymentRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
            else:
                self.message_user(request, f"{order} ist vorbereitet. Freigeben muss sie eine andere Person.")
                return self._to(order)
        context = {
            **self.admin_site.each_context(request),
            "title": "Neue Zahlungsliste",
            "opts": self.opts,
            "choice": payments.choice(request.user, clock.today()),
            "most": payments.MOST,
            "chosen": chosen,
            "split": [key for key, is_split in (chosen or {}).items() if is_split],
        }
        return render(request, "admin/applications/paymentorder/prepare.html", context)

    # ── Releasing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {
            "title": str(obj),
            "subtitle": None,
            "payments": obj.payments.all(),
            "may_pay": request.user.has_perm(PAY),
            "prepared_by_oneself": obj.prepared_by_id == request.user.pk,
            "release_form": ReleaseForm(),
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def release_view(self, request, pk):
        order = self._order(request, pk)
        form = ReleaseForm(request.POST)
        execute_on = form.cleaned_data["execute_on"] if form.is_valid() else None
        try:
            order = payments.release(order, execute_on=execute_on, by=request.user)
        except payments.PaymentRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            number = counted(self.case_count(order), "Fall ist", "Fälle sind")
            self.message_user(request, f"{order} ist freigegeben: {number} ausgezahlt, zusammen {euros(order.total)}.")
        return self._to(order)

    def leave_out_view(self, request, pk, case):
        order = self._order(request, pk)
        payment = order.payments.standing().filter(application=case).select_related("application").first()
        if payment is None:
            raise Http404
        try:
            payments.leave_out(order, payment.application, by=request.user)
        except payments.PaymentRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            self.message_user(request, f"{payment.application.file_number} ist aus der Liste herausgenommen.")
        return self._to(order)

    def file_view(self, request, pk, kind):
        order = self._order(request, pk)
        if not order.is_released:
            raise Http404("Dateien gibt es erst nach der Freigabe.")
        name = f"zahlungsliste-{order.pk}.{kind}"
        if kind == "xml":
            content, content_type = order.file, "application/xml"
        elif kind in TABLES:
            file_format = TABLES[kind]()
            content, content_type = table(order, file_format), file_format.get_content_type()
        else:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(content, content_type=content_type, headers=headers)

    def _order(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(PaymentOrder, pk=pk)

    def _to(self, order):
        return redirect("admin:applications_paymentorder_change", order.pk)


def _chosen(sent) -> dict[int, bool]:
    """The marked cases, and for each whether its amount is split."""
    split = set(sent.getlist("aufteilen"))
    return {int(key): key in split for key in sent.getlist("fall") if key.isdecimal() and len(key) < 19}
