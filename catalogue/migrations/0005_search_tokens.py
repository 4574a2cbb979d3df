"""The token tables of the search index, each database in its own way."""

from django.db import migrations

from catalogue.search.engines import postgresql, sqlite


def statements(schema_editor, name):
    engine = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
    return getattr(engine, name)


def create(apps, schema_editor):
    for statement in statements(schema_editor, "CREATE"):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in statements(schema_editor, "DROP"):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_search")]
    operations = [migrations.RunPython(create, drop)]
