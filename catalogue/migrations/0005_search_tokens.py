"""The token table of the search index, each database in its own way.

SQLite drops a table's triggers when Django rebuilds the table: a later migration that alters
``catalogue_searchdoc`` must be followed by this operation and those of 0008 and 0011 again, and by
``manage.py rebuild_search``.
"""

from django.db import migrations

from catalogue.search.engines import postgresql, sqlite

ENGINES = {"postgresql": postgresql, "sqlite": sqlite}


def create(apps, schema_editor):
    for statement in ENGINES[schema_editor.connection.vendor].CREATE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in ENGINES[schema_editor.connection.vendor].DROP:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_search_documents")]
    operations = [migrations.RunPython(create, drop)]
