"""The ledger is append-only in the database as well as in code."""

from django.db import migrations

from workflow.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0001_initial")]
    operations = [append_only("vouchers_ledgerentry")]
