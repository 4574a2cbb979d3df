"""On SQLite, what searches read of documents in a table of its own (see 0005)."""

from django.db import migrations

from catalogue.search.engines import sqlite


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in (*sqlite.CREATE_HITS, sqlite.FILL_HITS):
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in sqlite.DROP_HITS:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_search_parts")]
    operations = [migrations.RunPython(create, drop)]
