from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_kind_trigger")]

    operations = [
        migrations.CreateModel(
            name="PublicVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("value", models.CharField(max_length=32)),
            ],
        ),
    ]
