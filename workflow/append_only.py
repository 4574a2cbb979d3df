"""Tables that are only ever appended to, guarded by triggers on both databases."""

from typing import Any

from django.db import migrations

MESSAGE = "append-only table"


def guard_statements(vendor: str, table: str) -> list[str]:
    """SQL that makes UPDATE and DELETE on the table fail. Safe to repeat."""
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE} {table}'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE} {table}'); END"
        for action in ("UPDATE", "DELETE")
    ]


def release_statements(vendor: str, table: str) -> list[str]:
    """SQL that lifts the guard: for migrations, and for emptying a test database."""
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
            f"DROP FUNCTION IF EXISTS {table}_append_only()",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{action}" for action in ("update", "delete")]


def append_only(table: str) -> migrations.RunPython:
    """A migration operation that guards the table.

    SQLite drops a table's triggers when Django rebuilds the table: a migration that alters the table
    must be followed by this operation again (tests/workflow/test_append_only.py notices).
    """

    def run(statements: Any) -> Any:
        def forwards(apps: Any, schema_editor: Any) -> None:
            for statement in statements(schema_editor.connection.vendor, table):
                schema_editor.execute(statement)

        return forwards

    return migrations.RunPython(run(guard_statements), run(release_statements))
