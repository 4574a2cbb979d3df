"""Tables that are only ever appended to, guarded by triggers on both databases."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import migrations

MESSAGE = "append-only table"


def guard_statements(vendor: str, table: str, unique: Sequence[str] = ()) -> list[str]:
    """SQL that makes UPDATE, DELETE, TRUNCATE and REPLACE on the table fail. Safe to repeat.

    ``unique`` are the columns by which a row is one of its kind besides its id. SQLite's REPLACE deletes by any such key
    without asking the triggers of DELETE (sqlite.org/lang_conflict.html), so the row is refused before it comes in.
    """
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE} {table}'; END $$",
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
        ]
    known = "id = NEW.id"
    if unique:
        known += " OR " + " AND ".join(f"{column} = NEW.{column}" for column in unique)
    replaces = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {known})"  # noqa: S608 - names of our own
    guards = {
        "update": f"UPDATE ON {table}",
        "delete": f"DELETE ON {table}",
        "replace": f"INSERT ON {table} {replaces}",
    }
    return [
        statement
        for name, event in guards.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {table}_no_{name}",
            f"CREATE TRIGGER {table}_no_{name} BEFORE {event} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE} {table}'); END",
        )
    ]


def release_statements(vendor: str, table: str) -> list[str]:
    """SQL that lifts the guard: for migrations, and for emptying a test database."""
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
            f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
            f"DROP FUNCTION IF EXISTS {table}_append_only()",
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{action}" for action in ("update", "delete", "replace")]


def append_only(
    table: str, unique: Sequence[str] = (), *, guarded_before: bool = False
) -> migrations.RunPython:
    """A migration operation that guards the table. Where one before did already, undoing this one lifts nothing.

    SQLite drops a table's triggers when Django rebuilds the table: a migration that alters the table
    must be followed by this operation again (tests/workflow/test_append_only.py notices).
    """

    def run(statements: Any) -> Any:
        def forwards(apps: Any, schema_editor: Any) -> None:
            for statement in statements(schema_editor.connection.vendor, table):
                schema_editor.execute(statement)

        return forwards

    undo = migrations.RunPython.noop if guarded_before else run(release_statements)
    return migrations.RunPython(run(partial(guard_statements, unique=unique)), undo)
