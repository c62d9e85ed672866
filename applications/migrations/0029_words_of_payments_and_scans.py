from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0028_reworded_text_blocks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='storedfile',
            name='scan',
            field=models.CharField(choices=[('clean', 'geprüft, ohne Befund'), ('infected', 'vom Virenscanner beanstandet'), ('pending', 'noch nicht geprüft'), ('unscanned', 'nicht geprüft (kein Virenscanner eingerichtet)')], default='pending', max_length=10, verbose_name='Virenprüfung'),
        ),
        migrations.AlterConstraint(
            model_name='payment',
            name='payment_left_out_by_and_at',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('left_out_at', None), ('left_out_by', None)), models.Q(('left_out_at__isnull', False), ('left_out_by__isnull', False)), _connector='OR'), name='payment_left_out_by_and_at', violation_error_message='Zum Herausnehmen gehören Person und Zeitpunkt.'),
        ),
    ]
