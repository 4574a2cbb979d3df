"""The tables of the index. The tokens lie in a table of each database's own kind (``engines``)."""

from django.db import models


class SearchDoc(models.Model):
    """One public record, with what lists filter and count by; mirrors it in the same transaction.

    The number is the second of the record's first publication (Unix time), or the next one free: in the
    order of numbers is newest first, whatever was withdrawn and published again meanwhile.
    """

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=12)
    object_id = models.PositiveBigIntegerField()
    category = models.CharField(max_length=6)
    city = models.CharField(max_length=4)
    institution_id = models.PositiveBigIntegerField()
    vouchers = models.BooleanField()
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    # of everything the index holds of the record, to compare with what it should hold
    digest = models.CharField(max_length=16)

    class Meta:
        app_label = "catalogue"
        verbose_name = "检索索引"
        verbose_name_plural = "检索索引"
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_doc_each")]
        indexes = [
            models.Index(fields=["institution_id"], name="search_institution"),
            models.Index(fields=["kind", "price", "-id"], name="search_price"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SearchVersion(models.Model):
    """The state of the index, one row: a new word at each change, which caches carry in their keys.

    Never a counter: one that a rollback resets would give two different states the same number. Whoever
    changes the index takes this row first and keeps it until the end of the transaction.
    """

    value = models.CharField(max_length=32)

    class Meta:
        app_label = "catalogue"

    def __str__(self) -> str:
        return self.value
