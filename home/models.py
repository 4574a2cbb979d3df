"""The public home page."""

from wagtail.models import Page


class HomePage(Page):
    """The site's front page. Its text is edited in the admin; figures and newest items are read live."""

    max_count = 1
    template = "home/home_page.html"
