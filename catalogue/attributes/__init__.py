"""Attributes 专业参数 of records, as staff define them: which hold for a record, and what their values may be.

Forms, import, API, pages, differences and search all read definitions through ``AttributeBook`` and values through
``values``; nothing else looks into a record's ``attributes``.
"""

from catalogue.attributes.book import AttributeBook
from catalogue.attributes.values import clean_value, display_value, plain_value

__all__ = ["AttributeBook", "clean_value", "display_value", "plain_value"]
