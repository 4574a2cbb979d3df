"""Incubators, hostile input, and what becomes of a consumer's record: scans, tabs, review, withdrawal."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from files.models import PrivateFile
from institutions.exceptions import InstitutionError
from institutions.models import Consumer
from institutions.services import save_consumer
from tests.consumer_factories import ACCOUNT_NUMBER, ConsumerFactory
from tests.factories import ProviderFactory, UserFactory, png_bytes, reviewer
from tests.institutions.consumer_steps import (
    BASICS,
    CODE,
    CONTACTS,
    FINANCE,
    NAME,
    NASTY,
    OVERVIEW,
    SIZE,
    WITHDRAW,
    basics,
    contacts,
    errors_of,
    finance,
    number_of,
    rows,
)
from workflow import services
from workflow.exceptions import StaleFormError
from workflow.models import AuditEntry
from workflow.statuses import SubmissionStatus

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]


def test_an_incubator_lists_whom_it_applies_for(client, account):
    members = [("西安微纳科技有限公司", f" {CODE.lower()} ", ""), ("", "", ""), ("电池团队", "", "筹备中")]
    assert client.post(BASICS, rows(*members)).status_code == 302
    consumer = Consumer.objects.get()
    assert [(one.name, one.code, one.note) for one in consumer.incubated.all()] == [
        ("西安微纳科技有限公司", CODE, ""),
        ("电池团队", "", "筹备中"),
    ]
    page = client.get(BASICS).content.decode()
    assert page.count('class="rows__row"') == 2 + 1  # an empty one to go on with
    assert f"西安微纳科技有限公司（{CODE}）、电池团队" in client.get(OVERVIEW).content.decode()


def test_rows_are_added_and_taken_away_without_script(client, account):
    response = client.post(BASICS, rows(("甲", "", ""), ("乙", CODE, ""), ("丙", "", ""), action="rows"))
    assert (response.status_code, response.url) == (302, BASICS)
    kept = Consumer.objects.get().incubated.get(name="丙").pk
    first_away = rows(("甲", "", ""), ("乙", CODE, ""), ("丙", "", ""), **{"incubated-removed": ["0"]})
    assert client.post(BASICS, first_away).status_code == 302
    members = Consumer.objects.get().incubated.all()
    assert [one.name for one in members] == ["乙", "丙"]
    assert members[1].pk == kept
    # a code may change rows
    assert client.post(BASICS, rows(("丙", CODE, ""), ("乙", "", ""), version="2")).status_code == 302
    assert [(one.name, one.code) for one in Consumer.objects.get().incubated.all()] == [
        ("丙", CODE),
        ("乙", ""),
    ]
    entry = AuditEntry.objects.of(Consumer.objects.get()).filter(action="save").latest("pk")
    assert "在孵企业和团队：2 项 → 2 项" in entry.get_changes_display()


@pytest.mark.parametrize(
    ("members", "sentences"),
    [
        ([("甲", "123", "")], ["第 1 行统一社会信用代码：请填写 18 位统一社会信用代码；没有的可填 9 位组织机构代码。现在是 3 位。"]),
        ([("甲", "", ""), ("", CODE, "")], ["第 2 行企业或团队名称：请填写；不需要这一行的，请移除。"]),
        ([("甲", CODE, ""), ("乙", CODE, "")], ["第 2 行统一社会信用代码：与第 1 行相同，请移除一行。"]),
        ([("甲", "", "同"), ("甲", "", "同")], ["第 2 行企业或团队名称：与第 1 行相同，请移除一行。"]),
        ([("长" * 101, "", "")], ["第 1 行企业或团队名称：最多 100 个字，现在有 101 个，请删减。"]),
        ([("甲\0", "", "")], ["第 1 行企业或团队名称：含有看不见的空字符，请删除后重新输入。"]),
        ([(f"企业{n}", "", "") for n in range(201)], ["最多 200 行，现在有 201 行，请分批申请。"]),
    ],
    ids=["code", "no name", "same code", "same name", "long", "nul", "many"],
)  # fmt: skip
def test_bad_rows_are_named_and_what_was_typed_stays(client, account, members, sentences):
    response = client.post(BASICS, rows(*members))
    assert errors_of(response) == {"incubated": sentences}
    assert not Consumer.objects.exists()
    page = response.content.decode()
    # at its input too, where it is about one
    assert page.count('aria-invalid="true" aria-describedby="id_incubated-') == (len(members) < 200)
    assert f'value="{members[0][0]}"'.replace("\0", "") in page.replace("\0", "")


def test_only_an_incubator_applies_for_others_and_never_for_nobody(client):
    incubator = ConsumerFactory(incubated=["甲"])
    assert incubator.submission_problems() == {}
    incubator.consumer_type = "sme"
    assert "只有孵化器" in incubator.submission_problems()["incubated"][0]
    incubator.consumer_type = "incubator"
    incubator.incubated = []
    assert incubator.submission_problems()["incubated"] == ["请至少填写一家在孵企业或团队。"]


def test_a_revision_keeps_whom_an_incubator_applied_for():
    incubator = ConsumerFactory(pending=True, incubated=["甲", "乙"])
    assert [one.name for one in incubator.latest_revision.as_object().incubated.all()] == ["甲", "乙"]


@pytest.mark.parametrize("step", ["basics", "contacts"])
def test_sql_and_script_are_kept_as_text(client, consumer, step):
    if step == "basics":
        typed = {
            name: NASTY[:limit]
            for name, limit in {"name": 100, "legal_representative": 30, "address": 100}.items()
        }
        assert (
            client.post(
                BASICS,
                basics(**typed, **{"incubated-name": NASTY, "incubated-code": "", "incubated-note": NASTY}),
            ).status_code
            == 302
        )
    else:
        assert client.post(CONTACTS, contacts(contact_name=NASTY[:30])).status_code == 302
    for address in (BASICS, FINANCE, CONTACTS, OVERVIEW):
        assert "<script>alert" not in client.get(address).content.decode()


def test_a_scan_is_replaced_and_the_old_one_kept(client, consumer):
    scan = SimpleUploadedFile("新证照.png", png_bytes("teal"), "image/png")
    assert client.post(BASICS, basics(certificate=scan)).status_code == 302
    assert Consumer.objects.get().certificate.name == "新证照.png"
    assert PrivateFile.objects.filter(pk=consumer.certificate_id).exists()
    page = SimpleUploadedFile("证照.pdf", b"<html>", "application/pdf")
    response = client.post(BASICS, basics(certificate=page, version="2"))
    assert "网页" in errors_of(response)["certificate"][0]


def test_a_stale_form_is_refused_once_and_a_second_click_is_no_conflict(client, consumer):
    for _click in range(2):
        assert client.post(FINANCE, finance(bank_branch="西安钟楼支行")).status_code == 302
    assert Consumer.objects.get().version == 2
    response = client.post(FINANCE, finance(bank_branch="另一支行"))
    assert "这条记录已在别的页面被修改" in response.content.decode()
    # another number with the same last four is a change as well
    response = client.post(FINANCE, finance(bank_account_number="1111111114321"))
    assert "这条记录已在别的页面被修改" in response.content.decode()
    assert number_of(Consumer.objects.get()) == ACCOUNT_NUMBER


def test_two_tabs_make_one_institution(client, account):
    """The second tab's first save: the other has made the institution meanwhile."""
    stale = Consumer(account=account, name="另一页")
    client.post(BASICS, basics())
    with pytest.raises(StaleFormError):
        save_consumer(consumer=stale, actor=account, version=1)
    assert Consumer.objects.get().name == NAME


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_a_submitted_record_is_only_read_until_withdrawn(client, state):
    consumer = ConsumerFactory(state=state)
    client.force_login(consumer.account)
    for step in (BASICS, FINANCE, CONTACTS):
        assert client.get(step).url == OVERVIEW
    response = client.post(FINANCE, finance(bank_account_name=consumer.name, version=str(consumer.version)))
    assert "请先点击“撤回并修改信息”" in response.content.decode()
    page = client.get(OVERVIEW).content.decode()
    assert {"pending": "待审核", "approved": "可以申请创新券"}[state] in page
    assert "撤回并修改信息" in page


def test_withdrawing_gives_the_manuals_warning_and_opens_the_form(client):
    consumer = ConsumerFactory(approved=True)
    client.force_login(consumer.account)
    page = client.post(WITHDRAW).content.decode()
    assert "修改完成后必须重新提交，状态重新变为“待审核”" in page
    assert "再次通过审核之前不能申请创新券" in page
    assert "已获批的创新券不受影响" in page
    assert "正在审核的创新券申请不会退回" in page
    focus = BeautifulSoup(page, "html.parser").select("dialog [autofocus]")
    assert [one.get_text() for one in focus] == ["取消"]
    assert Consumer.objects.get().status == SubmissionStatus.APPROVED

    response = client.post(WITHDRAW, {"confirmed": "1"})
    assert (response.status_code, response.url) == (302, BASICS)
    assert (Consumer.objects.get().status, Consumer.objects.get().live) == (SubmissionStatus.DRAFT, False)


def test_a_returned_record_shows_the_reason_and_the_note_at_its_field(client):
    consumer = services.return_for_changes(
        record=ConsumerFactory(pending=True),
        actor=reviewer(),
        reason="账户信息有误。",
        notes={"bank_branch": "请写到支行。", "incubated": "请列明。"},
    )
    client.force_login(consumer.account)
    page = client.get(OVERVIEW).content.decode()
    assert "账户信息有误。" in page
    assert "请写到支行。" in client.get(FINANCE).content.decode()
    assert "请列明。" in client.get(BASICS).content.decode()


def test_the_address_is_each_accounts_own(client, consumer):
    for step in ("host", "body"):
        assert client.get(reverse("institutions:step", args=[step])).status_code == 404
    provider = ProviderFactory()
    client.force_login(provider.account)
    assert client.get(OVERVIEW).context["record"] == provider
    for address in (BASICS, FINANCE, CONTACTS, SIZE):
        assert client.get(address).status_code == 404
        assert client.post(address, finance()).status_code in {404, 405}
    assert number_of(Consumer.objects.get()) == ACCOUNT_NUMBER


def test_nobody_keeps_anothers_institution(consumer):
    for actor in (UserFactory(consumer=True), ProviderFactory().account, UserFactory(admin=True)):
        with pytest.raises(InstitutionError, match="只有用券机构账户"):
            save_consumer(consumer=consumer, actor=actor, version=1)
    assert set(Consumer.objects.visible_to(UserFactory(consumer=True))) == set()


@pytest.mark.parametrize(
    ("address", "most"), [(OVERVIEW, 14), (BASICS, 13), (FINANCE, 8), (CONTACTS, 8), (SIZE, 4)]
)
def test_what_the_pages_cost(client, django_assert_max_num_queries, address, most):
    incubator = ConsumerFactory(incubated=[f"企业{n}" for n in range(30)])
    client.force_login(incubator.account)
    client.get(address)
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
