"""From the review queue to a record and back: to the same filters, order and page."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import InstrumentFactory, auditor, reviewer, seen
from workflow.models import AuditEntry, ReviewTaskState

pytestmark = pytest.mark.django_db

QUEUE = "/admin/review/"
FILTERED = f"{QUEUE}?due=later&q=%E4%BB%AA&ordering=-due_on&p=2"
BULK = reverse("review_bulk")
ONLY_READS = "您只有查看权限，不能作审核决定"


@pytest.fixture
def client():
    return signed_in(reviewer())


def decide_address(record):
    return reverse("review_decide", args=[ContentType.objects.get_for_model(record).pk, record.pk])


def decide(client, record, **data):
    return client.post(decide_address(record), {**seen(record), "decision": "approve", **data})


def said(client):
    """The messages on the queue, as text."""
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    return " ".join(one.get_text(" ", strip=True) for one in page.select(".messages ul > li"))


@pytest.mark.parametrize("base", [QUEUE, f"{QUEUE}results/"])
def test_the_queue_hands_its_filters_order_and_page_on_to_the_record_and_takes_them_back(client, base):
    instruments = [InstrumentFactory(pending=True, name=f"色谱仪 {n}") for n in range(2)]
    page = BeautifulSoup(client.get(FILTERED.replace(QUEUE, base)).text, "html.parser")
    hrefs = [link["href"] for link in page.select("td.title a")]
    assert len(hrefs) == 2
    assert all(href.split("?")[0] in {one.get_review_url() for one in instruments} for href in hrefs)
    assert page.select_one("input[name=next]")["value"] == FILTERED

    page = BeautifulSoup(client.get(hrefs[0]).text, "html.parser")
    following = page.select_one("#decision input[name=next]")["value"]
    assert following == FILTERED
    record = next(one for one in instruments if hrefs[0].startswith(one.get_review_url()))
    other = next(one for one in instruments if one != record)
    assert decide(client, record, next=following)["Location"] == FILTERED
    page = BeautifulSoup(client.get(QUEUE).text, "html.parser")
    (message,) = page.select(".messages ul > li")
    assert f"已通过：{record}。" in message.get_text()
    assert message.select_one("a")["href"].startswith(f"{other.get_review_url()}?next=")
    # the last of them leads to none after it
    assert decide(client, other, next=following, decision="return", reason="改")["Location"] == FILTERED
    assert said(client) == f"已退回：{other}。"


def test_the_next_one_is_of_those_that_the_queue_showed(client):
    first, _other = (InstrumentFactory(pending=True, name=name) for name in ("色谱仪", "显微镜"))
    decide(client, first, next=f"{QUEUE}?due=overdue")
    assert "审核下一条" not in said(client)


@pytest.mark.parametrize(
    "hostile",
    [
        "https://example.com/admin/review/",
        "//example.com/admin/review/",
        "/admin/review/../../accounts/logout/",
        "/admin/",
        "javascript:alert(1)",
        "\r\nLocation: https://example.com",
        "",
    ],
)
def test_no_other_address_is_gone_to(client, hostile):
    record = InstrumentFactory(pending=True)
    page = BeautifulSoup(client.get(record.get_review_url(), {"next": hostile}).text, "html.parser")
    assert page.select("#decision input[name=next]") == []
    assert decide(client, record, next=hostile)["Location"] == QUEUE
    assert client.post(BULK, {"decision": "approve", "next": hostile})["Location"] == QUEUE


def test_of_an_address_of_the_queue_only_its_own_parameters_are_kept(client):
    record = InstrumentFactory(pending=True)
    dirty = f"{QUEUE}?due=later&export=xlsx&x=%0d%0aSet-Cookie:a#b"
    assert decide(client, record, next=dirty)["Location"] == f"{QUEUE}?due=later"


def test_a_decision_on_many_leads_back_too(client):
    InstrumentFactory(pending=True)
    chosen = {"chosen": [ReviewTaskState.objects.waiting().get().pk], "next": FILTERED}
    page = BeautifulSoup(client.post(BULK, {**chosen, "decision": "approve"}).text, "html.parser")
    assert page.select_one("form input[name=next]")["value"] == FILTERED
    assert page.find("a", string="取消")["href"] == FILTERED
    answer = client.post(BULK, {**chosen, "decision": "approve", "confirmed": "1", "reason": ""})
    assert answer["Location"] == FILTERED


def test_who_only_reads_is_told_so_at_every_address_of_a_decision():
    record = InstrumentFactory(pending=True)
    before = AuditEntry.objects.count()
    client = signed_in(auditor())
    chosen = {"chosen": [ReviewTaskState.objects.waiting().get().pk], "confirmed": "1", "decision": "approve"}
    for ask, place in (
        (lambda: client.get(decide_address(record)), record.get_review_url()),
        (lambda: client.get(BULK), QUEUE),
        (lambda: client.post(BULK, chosen), QUEUE),
    ):
        answer = ask()
        assert (answer.status_code, answer["Location"]) == (302, place)
        assert ONLY_READS in said(client)
    record.refresh_from_db()
    assert (record.status, AuditEntry.objects.count()) == ("pending", before)


def test_a_reviewer_who_opens_the_address_of_a_decision_comes_to_its_page(client):
    record = InstrumentFactory(pending=True)
    assert client.get(decide_address(record))["Location"] == record.get_review_url()
    assert said(client) == "还没有作出决定，请在本页填写。"
    assert client.get(BULK)["Location"] == QUEUE
    assert said(client) == "请在审核队列中勾选要处理的记录。"
    record.refresh_from_db()
    assert record.status == "pending"
