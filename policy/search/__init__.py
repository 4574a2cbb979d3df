"""Wagtail's search over pages, documents, images and snippets, made for Chinese. Why: docs/adr/0008-site-search.md."""

from importlib import import_module
from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:
    """The backend of the database in use."""
    return import_module(f"policy.search.{connection.vendor}").Backend(params)
