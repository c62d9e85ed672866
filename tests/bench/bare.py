"""The yardstick: a model with the columns of the case list as plain fields, in an admin without anything of ours."""

from django.contrib import admin
from django.db import connection, models

from applications.models import Application


class Bare(models.Model):
    file_number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    lead = models.CharField(max_length=200)
    participants = models.PositiveIntegerField()
    state = models.CharField(max_length=40)
    turn = models.CharField(max_length=40)
    state_since = models.DateTimeField()
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        app_label = "applications"
        managed = False
        ordering = ["-file_number"]

    def __str__(self):
        return self.file_number


class BareAdmin(admin.ModelAdmin):
    list_display = ["file_number", "title", "lead", "participants", "state", "turn", "state_since", "amount"]
    list_per_page = 50  # as many rows as the case list shows

    def has_view_permission(self, request, obj=None):
        return True


def create_table():
    with connection.schema_editor() as editor:
        editor.create_model(Bare)
    admin.site.register(Bare, BareAdmin)


def copy_new_cases():
    """One row for each case that has none yet."""
    rows = Application.objects.select_related("cooperation__lead__district").with_turn().with_amount()
    new = rows.with_participant_count().order_by("pk")[Bare.objects.count() :]
    Bare.objects.bulk_create((_copy_of(case) for case in new.iterator(chunk_size=1000)), 1000)


def _copy_of(application):
    return Bare(
        file_number=application.file_number,
        title=application.title,
        lead=str(application.lead),
        participants=application.participant_count,
        state=application.state,
        turn=application.sql_turn,
        state_since=application.state_since,
        amount=application.granted,
    )
