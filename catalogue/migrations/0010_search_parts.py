"""On PostgreSQL, tokens lie in parts by age, with the columns of their documents beside them.

A database made since 0005 was changed has them so from the beginning; in an older one they move over.
"""

from array import array

from django.db import migrations

from catalogue.search.engines import postgresql

COLUMNS = "id, kind, object_id, category, city, institution_id, vouchers, price"


def move(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relkind FROM pg_class WHERE oid = 'catalogue_searchtokens'::regclass")
        if cursor.fetchone()[0] in ("p", b"p"):
            return
        cursor.execute("SELECT id FROM catalogue_searchdoc")
        numbers = array("Q", (number for (number,) in cursor))
        for statement in postgresql.create_table(postgresql.NEW, numbers):
            cursor.execute(statement)
        cursor.execute(
            f"INSERT INTO {postgresql.NEW} ({COLUMNS}, vector) "  # noqa: S608 - names of our own
            f"SELECT {COLUMNS}, vector FROM catalogue_searchdoc JOIN {postgresql.LIVE} ON doc_id = id"
        )
        # the functions of 0005's triggers name the column of numbers
        for statement in postgresql.FUNCTIONS:
            cursor.execute(statement)
        for statement in postgresql.replace_table():
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0009_qualification_reminders")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
