"""Full addresses, for what is read away from the page: mails, feeds, sitemaps, descriptions for machines."""

from urllib.parse import urljoin

from django.conf import settings


def absolute(path: str) -> str:
    """The full address of a path of this site, under the name the site is known by (``SITE_URL``).

    Not made of the Host header: a site that answers to two names has one address for each page.
    """
    return urljoin(f"{settings.WAGTAILADMIN_BASE_URL}/", path)
