"""Values of attributes beside the documents of the search index, each database in its own way (see 0005)."""

from django.db import migrations

from catalogue.search.engines import postgresql, sqlite

ENGINES = {"postgresql": postgresql, "sqlite": sqlite}


def create(apps, schema_editor):
    for statement in ENGINES[schema_editor.connection.vendor].CREATE_VALUES:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in ENGINES[schema_editor.connection.vendor].DROP_VALUES:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0007_testing_fields")]
    operations = [migrations.RunPython(create, drop)]
