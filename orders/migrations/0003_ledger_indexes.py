"""What the ledgers of staff are filtered, sorted and searched by, at 200,000 orders.

Parts of numbers are found by an index of their trigrams. SQLite has none, and reads the column.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models

# trusted, as btree_gist is: the owner of the database may add it, where Debian's postgresql package has brought it
EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
NUMBERED = ("booking", "order", "invoice")


def add(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(EXTENSION)
        for name in NUMBERED:
            schema_editor.execute(
                f"CREATE INDEX {name}_number_parts ON orders_{name} USING gin (number gin_trgm_ops)"
            )


def drop(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for name in NUMBERED:
            schema_editor.execute(f"DROP INDEX {name}_number_parts")


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0010_search_parts"),
        ("files", "0001_initial"),
        ("institutions", "0003_consumers"),
        ("orders", "0002_slots"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['status', '-id'], name='booking_in_status'),
        ),
        migrations.AddIndex(
            model_name='booking',
            index=models.Index(fields=['kind', 'status', 'created_at'], name='booking_ledger'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['number', 'id'], name='invoice_by_number'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['amount', 'id'], name='invoice_by_amount'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['issued_on', 'id'], name='invoice_by_issue'),
        ),
        migrations.AddIndex(
            model_name='invoice',
            index=models.Index(fields=['uploaded_at'], name='invoice_uploaded'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['kind', 'status', 'is_direct', 'created_at'], name='order_ledger'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['total_amount', 'id'], name='order_by_amount'),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(condition=models.Q(("is_direct", True)), fields=["id"], name="order_direct"),
        ),
        migrations.RunPython(add, drop),
    ]
