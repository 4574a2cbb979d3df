"""The home page as a visitor gets it, and its sections as an editor leaves them."""

import re

from home.models import HomePage
from policy.models import (
    NoticeIndexPage,
    NoticePage,
)

STEPS = [{"title": "注册账户", "text": "选择账户类型"}]


def add_notice(title, **fields):
    return NoticeIndexPage.objects.get().add_child(instance=NoticePage(title=title, **fields))


def arrange(*blocks):
    """The home page of these blocks and no others, published."""
    home = HomePage.objects.get()
    home.body = [(kind, value) for kind, value in blocks]
    home.save_revision().publish()
    return home


def front(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


def headings(page):
    return re.findall(r"<h2[^>]*>([^<]*)</h2>", main_of(page))
