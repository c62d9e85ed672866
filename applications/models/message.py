"""Messages: what an event means for a person, in the portal and by mail. A row first; the mail is sent after commit."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from applications.models.belongs_to_case import BelongsToCase
from applications.models.office import OfficeMember
from applications.notifications import EVENTS, Audience
from applications.permissions import PROCESS, ROLE_OF
from ikz import outbox
from ikz.models import User
from municipalities.models import Membership


class MessageQuerySet(models.QuerySet):
    def announce(self, application, event, *, key, by=None, participant=None, office=None, uploader=None, **context):
        """Tell everybody whom the event concerns, except whoever caused it: one message and one mail each.

        `key` makes it unique: the same event announced again, by a second run or a second worker, tells nobody twice.
        Call it inside the transaction of what happened. Returns the new messages.
        """
        people = _people(application, EVENTS[event], participant, office, uploader)
        told = set(self.filter(key=key).values_list("recipient", flat=True))
        return [
            self._tell(application, event, key, person, context | {"participant": participant, "by": by})
            for person in people
            if person != by and person.pk not in told
        ]

    def ask_for(self, opinion, *, by):
        """Tell the people of the office that its opinion is requested; once for each day on which it is requested."""
        if opinion.requested_on is None or opinion.is_settled:
            return
        self.announce(
            opinion.application,
            "opinion_requested",
            key=f"opinion:{opinion.pk}:requested:{opinion.requested_on}",
            by=by,
            office=opinion.office,
            due_on=opinion.due_on,
        )

    def _tell(self, application, event, key, person, context):
        subject, text = _text(application, event, person, context)
        message = self.model(
            application=application, recipient=person, event=event, key=key, subject=subject, text=text
        )
        message.email = message.enqueued()
        message.save(force_insert=True)
        return message

    @transaction.atomic
    def send_again(self):
        """Mail these once more, to the addresses that their people have now.

        Returns the messages that were mailed, and those that were left because the person may not see the case any more.
        """
        mailed, left = [], []
        for message in self.select_related("application", "recipient", "email"):
            (mailed if message.may_be_read else left).append(message)
        outbox.again([message.addressed_anew() for message in mailed if message.email])
        for message in mailed:
            if message.email is None:
                message.email = message.enqueued()
                message.save(update_fields=["email"])
        return mailed, left

    def visible_to(self, user):
        """The own messages of cases that the person may still see."""
        cases = Message._meta.get_field("application").related_model.objects.visible_to(user)
        return self.filter(recipient=user, application__in=cases)


def _people(application, event, participant, office, uploader):
    """The persons in charge, each once, in a steady order."""
    # Of a draft that was never handed in nobody but the lead knows.
    audiences = event.audiences if application.is_handed_in else (Audience.LEAD,)
    keys = set()
    today = timezone.localdate()
    lead = application.cooperation.lead_id
    municipalities = set()
    if Audience.LEAD in audiences or (Audience.ASKED in audiences and participant is None):
        municipalities.add(lead)
    if Audience.PARTNERS in audiences:
        participants = application.cooperation.participants.active()
        municipalities |= {each.municipality_id for each in participants if each.municipality_id != lead}
    if Audience.ASKED in audiences and participant is not None and participant.left_on is None:
        municipalities.add(participant.municipality_id)
    if municipalities:
        members = Membership.objects.valid_on(today).filter(municipality__in=municipalities)
        keys |= set(members.values_list("user", flat=True))
    if Audience.OFFICE in audiences and office is not None:
        keys |= set(OfficeMember.objects.valid_on(today).filter(office=office).values_list("user", flat=True))
    if Audience.UPLOADER in event.audiences and uploader is not None:
        keys.add(uploader.pk)
    people = User.objects.filter(pk__in=keys, is_active=True)
    if Audience.CLERK in audiences:
        people = people | _clerks(application)
    return people.distinct().order_by("pk")


def _clerks(application):
    if application.clerk_id and application.clerk.is_active:
        return User.objects.filter(pk=application.clerk_id)
    return User.objects.filter(is_active=True, groups__name=ROLE_OF[PROCESS])


def _text(application, event, person, context):
    """Subject and body, as the template of the event says them to this person."""
    page = "admin:applications_application_change" if person.is_staff else "portal:case"
    path = reverse(page, args=[application.pk if person.is_staff else application.uuid])
    facts = {"application": application, "person": person, "link": f"{settings.IKZ_PUBLIC_URL}{path}", **context}
    return outbox.subject_and_body(f"applications/mails/{event}.txt", facts)


class Message(BelongsToCase, models.Model):
    application = models.ForeignKey(
        "applications.Application",
        models.PROTECT,  # what people were told belongs to the file
        related_name="messages",
        verbose_name="Fall",
    )
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # who was told stays known
        related_name="messages",
        verbose_name="an",
    )
    event = models.CharField("Anlass", max_length=40, choices=[(name, event.label) for name, event in EVENTS.items()])
    key = models.CharField("Kennung", max_length=100, editable=False)
    subject = models.CharField("Betreff", max_length=200)
    text = models.TextField("Text")
    created_at = models.DateTimeField("am", auto_now_add=True)
    read_at = models.DateTimeField("gelesen am", null=True, blank=True, editable=False)
    email = models.OneToOneField(
        Email,
        models.SET_NULL,  # the outbox is emptied in time; the message itself stays
        null=True,
        blank=True,
        editable=False,
        related_name="message_row",
        verbose_name="E-Mail",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "Nachricht"
        verbose_name_plural = "Nachrichten"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "read_at"]),
            models.Index(fields=["event", "-id"], name="message_by_event"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "recipient"],
                name="message_once_per_person_and_event",
                violation_error_message="Diese Person hat diese Nachricht schon.",
            ),
        ]

    def __str__(self):
        return self.subject

    @property
    def case(self):
        return self.application

    @property
    def may_be_read(self):
        """Whether the person still has an account and may still see the case."""
        cases = type(self.application).objects.visible_to(self.recipient)
        return cases.filter(pk=self.application_id).exists()

    def enqueued(self):
        """Its mail, new in the outbox."""
        return outbox.enqueue(EmailMessage(subject=self.subject, body=self.text, to=[self.recipient.email]))

    def addressed_anew(self):
        """Its mail, to the address that the person has now."""
        self.email.to = [self.recipient.email]
        return self.email

    @property
    def mail_state(self):
        """What became of the mail, in a few words."""
        return outbox.state_of(self.email)
