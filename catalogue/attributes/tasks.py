"""Background tasks of attributes."""

from django_tasks import task

from accounts.public_version import public_changed
from catalogue.search.indexing import sync_node


@task()
def sync_node_task(place: str, code: str) -> None:
    """Index anew what is public at a node and below it."""
    sync_node(place, code)
    public_changed()
