"""The dashboard of the Wagtail admin."""

from collections.abc import MutableSequence
from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem

from home.admin_panels import EditorsPanel, ExpiringPanel, PayersPanel
from institutions.permissions import may_view_bank_account
from policy.editing import is_editor
from workflow.permissions import may_review


@hooks.register("construct_homepage_summary_items")
def drop_documents(request: HttpRequest, items: MutableSequence[Any]) -> None:
    """How many documents there are tells nobody anything, and costs a query on every visit."""
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]


@hooks.register("construct_homepage_panels")
def add_panels(request: HttpRequest, panels: MutableSequence[Any]) -> None:
    editor = request.user.is_authenticated and is_editor(request.user)
    if editor:
        panels.append(EditorsPanel())
    if editor or may_review(request.user):
        panels.append(ExpiringPanel())
    if request.user.is_authenticated and may_view_bank_account(request.user):
        panels.append(PayersPanel())
