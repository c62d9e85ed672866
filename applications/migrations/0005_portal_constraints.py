import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0004_fill_portal")]

    operations = [
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'withdrawn']), ('handed_in_at__isnull', False), _connector='OR'), name='application_handed_in_before_it_moves', violation_error_message='Der Antrag ist noch nicht eingereicht.'),
        ),
        migrations.AlterField(
            model_name="opinion",
            name="office",
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="opinions", to="applications.office", verbose_name="Stelle"),
        ),
    ]
