"""The tables of the index. The tokens themselves lie in tables of each database's own (migration 0005)."""

from django.db import models


class SearchDoc(models.Model):
    """One public record, with what lists filter and count by. Newer rows are newer to the public.

    Mirrors its record in the same transaction; ``manage.py rebuild_search`` makes all of it anew.
    """

    kind = models.CharField(max_length=12)
    object_id = models.PositiveBigIntegerField()
    category = models.CharField(max_length=6)
    city = models.CharField(max_length=4)
    institution_id = models.PositiveBigIntegerField()
    vouchers = models.BooleanField()
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        app_label = "catalogue"
        verbose_name = "检索索引"
        verbose_name_plural = "检索索引"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_doc_each")]
        indexes = [
            models.Index(fields=["institution_id"], name="search_institution"),
            models.Index(fields=["category", "-id"], name="search_category"),
            models.Index(fields=["city", "-id"], name="search_city"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchVersion(models.Model):
    """Counts the changes of the index: caches carry it in their keys, so no process shows a stale facet."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        app_label = "catalogue"

    def __str__(self) -> str:
        return str(self.number)
