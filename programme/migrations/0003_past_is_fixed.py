"""A set that has taken force is neither changed nor deleted, whatever writes to the table. Storing what is there is no change.

SQLite drops a table's triggers when Django rebuilds the table: a later migration that alters the table must be followed by
this operation again (tests/programme/test_parameters.py notices).
"""

from django.db import migrations

from workflow.append_only import MESSAGE

TABLE = "programme_programmeparameters"


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        past = "OLD.effective_from <= now()"
        changes = {"UPDATE": f"{past} AND OLD IS DISTINCT FROM NEW", "DELETE": past}
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {TABLE}_fixed() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE} {TABLE}'; END $$"
        )
        for action, condition in changes.items():
            schema_editor.execute(
                f"CREATE OR REPLACE TRIGGER {TABLE}_no_{action.lower()} BEFORE {action} ON {TABLE} "
                f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {TABLE}_fixed()"
            )
        return
    # a moment as Django stores it there: text, in UTC
    past = "OLD.effective_from <= strftime('%Y-%m-%d %H:%M:%f', 'now')"
    columns = [field.column for field in apps.get_model("programme", "ProgrammeParameters")._meta.concrete_fields]
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    for action, condition in {"UPDATE": f"{past} AND ({differs})", "DELETE": past}.items():
        schema_editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{action.lower()} BEFORE {action} ON {TABLE} "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{MESSAGE} {TABLE}'); END"
        )


def release(apps, schema_editor):
    is_postgres = schema_editor.connection.vendor == "postgresql"
    for action in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_no_{action}{f' ON {TABLE}' if is_postgres else ''}")
    if is_postgres:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_fixed()")


class Migration(migrations.Migration):
    dependencies = [("programme", "0002_default_parameters")]
    operations = [migrations.RunPython(guard, release)]
