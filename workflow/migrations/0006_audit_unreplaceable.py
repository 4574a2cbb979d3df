"""The audit trail is neither truncated (PostgreSQL) nor replaced row by row (SQLite)."""

from django.db import migrations

from workflow.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("workflow", "0005_money_actions")]
    operations = [append_only("workflow_auditentry", guarded_before=True)]
