"""What the public reads of batches, and how it objects."""

import datetime
import re

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.utils import timezone

from redemptions.models import Objection
from redemptions.services import batches
from tests.consumer_factories import ACCOUNT_NUMBER
from tests.payout_factories import a_batch, import_csv, result_csv, the_payer
from voucher_site.language import COOKIE, ENGLISH

pytestmark = pytest.mark.django_db
WORDS = {"name": "李某", "contact": "13800001111", "text": "该单位与检测机构是同一控制人。"}


@pytest.fixture
def batch(db):
    return a_batch("published", claims=2, percent=50)


def form_of(batch, position=1):
    return f"/publicity/{batch.number}/{position}/object/"


def test_a_batch_shows_institutions_amounts_and_the_draw_and_no_person_or_account(client, batch):
    page = client.get(batch.get_public_url()).content.decode()
    for line in batch.payouts.select_related("redemption__consumer", "redemption__provider"):
        claim = line.redemption
        assert str(claim.consumer) in page
        assert str(claim.provider) in page
        assert claim.number in page
        for secret in (
            claim.consumer.contact_name,
            claim.consumer.contact_mobile,
            ACCOUNT_NUMBER[-4:],
            claim.consumer.bank_branch,
            claim.consumer.account.username,
        ):
            assert secret not in page
    assert batch.seed in page
    assert page.count("<b>抽中</b>") == 1
    assert "900" in page
    assert f"请在 {batch.publicity_until}（含当天）前" in page


def test_drafts_and_batches_without_publicity_are_nowhere(client):
    draft, ready = a_batch(claims=1), a_batch("ready", claims=1, days=0)
    for one in (draft, ready):
        assert client.get(one.get_public_url()).status_code == 404
        assert client.get(form_of(one)).status_code == 404
    page = client.get("/publicity/").content.decode()
    assert "现在没有正在公示的批次" in page
    assert str(draft) not in page


def test_current_ones_first_then_the_past_by_year(client):
    past, current = a_batch("ready", claims=1), a_batch("published", claims=1)
    page = client.get("/publicity/").content.decode()
    assert page.index("正在公示") < page.index(str(current)) < page.index("已结束的公示")
    assert page.index("已结束的公示") < page.index(f"{past.year} 年</h3>") < page.index(f">{past}<")
    assert page.count("1 笔，合计 450 元") == 2


def test_numbers_that_are_no_batch(client):
    for number in ("2026-999", "9999-99999", "0000-000"):
        assert client.get(f"/publicity/{number}/").status_code == 404
    for number in ("2026", "abcd-001", "2026-1", "2026-001'"):
        assert client.get(f"/publicity/{number}/").status_code == 404


def test_an_objection_by_form(client, batch):
    page = client.get(form_of(batch))
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "csrfmiddlewaretoken" in page.content.decode()
    answer = client.post(form_of(batch), WORDS, follow=True)
    assert "异议已收到" in answer.content.decode()
    objection = Objection.objects.get()
    assert (objection.line.position, objection.name, objection.text) == (1, "李某", WORDS["text"])
    assert "李某" not in client.get(batch.get_public_url()).content.decode()


def test_what_is_missing_is_said(client, batch):
    answer = client.post(form_of(batch), {})
    assert answer.status_code == 422
    page = answer.content.decode()
    for sentence in ("请填写姓名或单位。", "请填写电话或邮箱，以便核实。", "请写明异议的事实和依据。"):
        assert sentence in page
    assert not Objection.objects.exists()


def test_machines_are_not_listened_to(client, batch):
    answer = client.post(form_of(batch), WORDS | {"website": "https://example.com"})
    assert answer.status_code == 302
    assert not Objection.objects.exists()


def test_not_more_than_ten_an_hour_from_one_address(client, batch):
    for _number in range(10):
        assert client.post(form_of(batch), WORDS).status_code == 302
    answer = client.post(form_of(batch), WORDS)
    assert answer.status_code == 429
    assert "提交过于频繁" in answer.content.decode()
    assert Objection.objects.count() == 10


def test_after_the_last_day_the_form_leads_back(client, batch):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=7)):
        assert client.get(form_of(batch)).status_code == 302
        assert client.post(form_of(batch), WORDS).status_code == 422
        assert "提出异议" not in client.get(batch.get_public_url()).content.decode()
    assert not Objection.objects.exists()


def test_a_line_that_left_is_not_shown_but_stays_in_the_draw(client, batch):
    line = batch.payouts.get(is_drawn=False)
    batches.leave_batch(line=line, actor=the_payer(), reason="x")
    page = client.get(batch.get_public_url()).content.decode()
    assert str(line.redemption.consumer) not in page
    assert line.redemption.number in page
    assert client.get(form_of(batch, line.position)).status_code == 404


def test_past_batches_say_what_was_paid(client):
    batch = a_batch("exported", claims=2)
    import_csv(batch, result_csv(batch, failed=[2]))
    page = client.get(batch.get_public_url()).content.decode()
    assert "已拨付" in page
    assert "待拨付" in page
    assert "账号与户名不符" not in page


def test_in_english_no_chinese_but_the_names_of_institutions(client, batch):
    """What is Chinese all the same says so to who reads it aloud. A title in the head is not read so."""
    client.cookies[COOKIE] = ENGLISH
    for path in (
        "/publicity/",
        batch.get_public_url(),
        form_of(batch),
        f"/publicity/{batch.number}/objected/",
    ):
        soup = BeautifulSoup(client.get(path).content.decode(), "html.parser")
        for part in (*soup.find_all(["script", "head"]), *soup.find_all("button", string="简体中文")):
            part.decompose()
        left = [
            str(found)
            for found in soup.find_all(string=re.compile(r"[\u3400-\u9fff]"))
            if (tongue := found.find_parent(attrs={"lang": True})) is None or tongue["lang"] != "zh-Hans"
        ]
        assert left == [], path


def test_pages_take_few_queries_however_many_lines(client, django_assert_num_queries):
    batch = a_batch("published", claims=3)
    client.get(batch.get_public_url())
    with django_assert_num_queries(2):
        client.get(batch.get_public_url())
    with django_assert_num_queries(2):
        client.get("/publicity/")
