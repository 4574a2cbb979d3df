"""Searching as a browser does, and what there is to be found."""

from policy.models import (
    Faq,
    NoticeIndexPage,
    NoticePage,
    Topic,
)

BROWSER = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140"}
HOSTILE = [
    '"',
    "'",
    "\x00",
    "a\x00b",
    "%",
    "_",
    "<script>alert(1)</script>",
    "NOT AND",
    "\\",
    "{x}",
    "券" * 10_000,
    "a" * 10_000,
    "\ud800",
    "*",
]


def add_notice(title, text="", **fields):
    notice = NoticePage(title=title, body=[("text", f"<p>{text}</p>")], **fields)
    return NoticeIndexPage.objects.get().add_child(instance=notice)


def add_question(question, answer="", **fields):
    topic, _created = Topic.objects.get_or_create(slug="redeem", defaults={"name": "兑付"})
    return Faq.objects.create(question=question, answer=f"<p>{answer}</p>", topic=topic, **fields)


def search(client, text, **parameters):
    response = client.get("/search/", {"q": text, **parameters}, **BROWSER)
    assert response.status_code == 200
    return response


def counts(response):
    return {tab["key"]: tab["count"] for tab in response.context["tabs"]}


def statements(captured):
    """Without what only marks the inside of a transaction or sets the connection."""
    aside = ("SAVEPOINT", "RELEASE", "SET LOCAL", "PRAGMA", "BEGIN", "COMMIT")
    return [query for query in captured if not query["sql"].startswith(aside)]


def suggested(client, text):
    response = client.get("/search/suggest/", {"q": text})
    assert response.status_code == 200
    assert "no-cache" in response.headers["Cache-Control"]
    return (
        {group.key: [one.url for one in group.suggestions] for group in response.context["groups"]}
        if response.content.strip()
        else {}
    )
