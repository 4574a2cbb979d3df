"""The set that the platform comes with: the defaults of the model, in force from the beginning."""

import datetime

from django.db import migrations

BEGINNING = datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))


def add_default(apps, schema_editor):
    sets = apps.get_model("programme", "ProgrammeParameters").objects
    sets.create(effective_from=BEGINNING, reason="平台默认参数（操作手册）")
    sets.update(made_at=BEGINNING)


class Migration(migrations.Migration):
    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunPython(add_default, migrations.RunPython.noop)]
