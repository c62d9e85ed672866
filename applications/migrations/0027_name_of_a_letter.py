from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0026_days_of_notices'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Eingangsbestätigung'), ('correction_request', 'Nachforderung'), ('opinion_request', 'Bitte um Stellungnahme'), ('hearing', 'Anhörung'), ('grant', 'Zuwendungsbescheid'), ('refusal', 'Ablehnungsbescheid'), ('amendment', 'Änderungsbescheid'), ('revocation', 'Widerrufsbescheid'), ('correcting', 'Berichtigung'), ('reminder', 'Erinnerung'), ('withdrawal', 'Bestätigung: Antrag zurückgezogen')], max_length=30, verbose_name='Art'),
        ),
        migrations.AlterField(
            model_name='textblock',
            name='kind',
            field=models.CharField(choices=[('receipt', 'Eingangsbestätigung'), ('correction_request', 'Nachforderung'), ('opinion_request', 'Bitte um Stellungnahme'), ('hearing', 'Anhörung'), ('grant', 'Zuwendungsbescheid'), ('refusal', 'Ablehnungsbescheid'), ('amendment', 'Änderungsbescheid'), ('revocation', 'Widerrufsbescheid'), ('correcting', 'Berichtigung'), ('reminder', 'Erinnerung'), ('withdrawal', 'Bestätigung: Antrag zurückgezogen')], max_length=30, verbose_name='Schreiben'),
        ),
    ]
