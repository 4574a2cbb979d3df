"""The ledger is neither truncated (PostgreSQL) nor replaced row by row (SQLite)."""

from django.db import migrations

from workflow.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0004_terms_fixed")]
    operations = [append_only("vouchers_ledgerentry", ("pool_id", "sequence"), guarded_before=True)]
