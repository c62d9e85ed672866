import applications.models.cooperation
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0025_facts_of_judgements'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='posted_on',
            field=models.DateField(blank=True, null=True, validators=[applications.models.cooperation.not_in_the_future], verbose_name='zur Post gegeben am'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='retrieved_on',
            field=models.DateField(blank=True, null=True, validators=[applications.models.cooperation.not_in_the_future], verbose_name='elektronisch abgerufen am'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='waiver_on',
            field=models.DateField(blank=True, null=True, validators=[applications.models.cooperation.not_in_the_future], verbose_name='Rechtsbehelfsverzicht eingegangen am'),
        ),
    ]
