"""Two bookings never hold an instrument at the same time. SQLite has no such constraint: there no two transactions write at once."""

from typing import Any

from django.db import migrations

# btree_gist is trusted: the owner of the database may add it, where Debian's postgresql package has brought it
STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE orders_booking ADD CONSTRAINT booking_slot_free EXCLUDE USING gist "
    "(instrument_id WITH =, tstzrange(starts_at, ends_at) WITH &&) "
    "WHERE (status IN ('accepted', 'ordered') AND starts_at IS NOT NULL)",
)


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in STATEMENTS:
            schema_editor.execute(statement)


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE orders_booking DROP CONSTRAINT booking_slot_free")


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
