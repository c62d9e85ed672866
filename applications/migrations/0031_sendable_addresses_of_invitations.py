"""An address that no mail can be sent to is refused where it is typed. Changes no table."""

from django.db import migrations, models

import ikz.mail_addresses


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0030_waiting_scans"),
    ]

    operations = [
        migrations.AlterField(
            model_name="invitation",
            name="email",
            field=models.EmailField(
                max_length=254, validators=[ikz.mail_addresses.sendable], verbose_name="E-Mail-Adresse"
            ),
        ),
    ]
