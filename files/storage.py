"""Where private files lie."""

from typing import NoReturn

from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """A folder the web server does not serve. Without ``base_url`` Django would fall back to MEDIA_URL."""

    def url(self, name: str | None) -> NoReturn:
        raise ValueError("A private file has no address of its own, only the checked view.")
