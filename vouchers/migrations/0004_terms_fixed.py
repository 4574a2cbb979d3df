"""Whose a voucher is, its amount and its dates stay as granted, and no voucher goes, whatever writes to the table.

SQLite drops a table's triggers when Django rebuilds the table: a later migration that alters the table must be followed by
this operation again (tests/vouchers/test_tampering.py notices).
"""

from django.db import migrations

from workflow.append_only import MESSAGE

TABLE = "vouchers_voucher"
FIXED = (
    "id", "number", "consumer_id", "pool_id", "parameters_id", "amount", "valid_from", "valid_until", "redeem_by", "granted_at",
)  # fmt: skip


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FIXED)
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {TABLE}_fixed() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE} {TABLE}'; END $$"
        )
        for action, when in {
            "UPDATE": f"FOR EACH ROW WHEN ({differs})",
            "DELETE": "FOR EACH ROW",
            "TRUNCATE": "FOR EACH STATEMENT",
        }.items():
            schema_editor.execute(
                f"CREATE OR REPLACE TRIGGER {TABLE}_no_{action.lower()} BEFORE {action} ON {TABLE} "
                f"{when} EXECUTE FUNCTION {TABLE}_fixed()"
            )
        return
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in FIXED)
    # INSERT OR REPLACE deletes without asking the trigger on DELETE
    replaces = f"EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR number = NEW.number)"  # noqa: S608 - names of our own
    for action, when in {"UPDATE": f"WHEN {differs}", "DELETE": "", "INSERT": f"WHEN {replaces}"}.items():
        schema_editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{action.lower()} BEFORE {action} ON {TABLE} "
            f"{when} BEGIN SELECT RAISE(ABORT, '{MESSAGE} {TABLE}'); END"
        )


def release(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for action in ("update", "delete", "truncate", "insert"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{action}{f' ON {TABLE}' if is_postgres else ''}")
    if is_postgres:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_fixed()")


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0003_applications")]
    operations = [migrations.RunPython(guard, release)]
