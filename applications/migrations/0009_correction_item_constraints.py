from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0008_correction_items'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='correctionitem',
            name='is_done',
        ),
        migrations.AddConstraint(
            model_name='correctionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('submitted_at', None), ('submitted_by', None)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='correction_item_submitted_by_and_at', violation_error_message='Wer einen Punkt eingereicht hat und wann, gehört zusammen.'),
        ),
        migrations.AddConstraint(
            model_name='correctionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), ('submitted_at__isnull', False), _connector='OR'), name='correction_item_submitted_has_a_time', violation_error_message='Ein eingereichter Punkt braucht einen Zeitpunkt.'),
        ),
        migrations.AddConstraint(
            model_name='correctionitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state__in', ['open', 'submitted'])), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state__in', ['accepted', 'withdrawn'])), _connector='OR'), name='correction_item_settled_by_and_at', violation_error_message='Wer einen Punkt abgeschlossen hat und wann, gehört zum Stand.'),
        ),
        migrations.AddConstraint(
            model_name='correctionitem',
            constraint=models.CheckConstraint(condition=models.Q(('field', ''), ('kind', 'common_data'), _connector='OR'), name='correction_item_field_of_common_data', violation_error_message='Eine einzelne Angabe lässt sich nur bei „Angaben zum Vorhaben“ wählen.'),
        ),
    ]
