"""The kind of an account never changes, whatever writes to the table.

SQLite drops a table's triggers when Django rebuilds the table: a later migration that alters
``accounts_user`` must be followed by this operation again (tests/accounts/test_kind.py notices).
"""

from django.db import migrations

MESSAGE = "the kind of an account is fixed for life"

GUARD = {
    "postgresql": [
        "CREATE OR REPLACE FUNCTION accounts_user_kind_fixed() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; END $$",
        "CREATE OR REPLACE TRIGGER accounts_user_kind_fixed BEFORE UPDATE OF kind ON accounts_user "
        "FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION accounts_user_kind_fixed()",
    ],
    "sqlite": [
        "CREATE TRIGGER IF NOT EXISTS accounts_user_kind_fixed BEFORE UPDATE OF kind ON accounts_user "
        f"WHEN OLD.kind IS NOT NEW.kind BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    ],
}
RELEASE = {
    "postgresql": [
        "DROP TRIGGER IF EXISTS accounts_user_kind_fixed ON accounts_user",
        "DROP FUNCTION IF EXISTS accounts_user_kind_fixed()",
    ],
    "sqlite": ["DROP TRIGGER IF EXISTS accounts_user_kind_fixed"],
}


def guard(apps, schema_editor):
    for statement in GUARD[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def release(apps, schema_editor):
    for statement in RELEASE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(guard, release)]
