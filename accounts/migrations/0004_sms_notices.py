from importlib import import_module

from django.db import migrations, models

# SQLite rebuilds the table, here and on the way back, and drops the trigger that keeps the kind as it is.
guard = import_module("accounts.migrations.0002_kind_trigger").guard


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_public_version")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard),
        migrations.AddField(
            model_name="user",
            name="sms_notices",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="十分钟内有几项结果的，只发一条短信；站内信和邮件不受影响。",
                verbose_name="用短信通知审核和兑付结果",
            ),
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
