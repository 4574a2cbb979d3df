"""机构信息: the two steps, their buttons, and what they do with bad input."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from files.models import PrivateFile, SiteImage
from institutions.models import Provider
from tests.conftest import signed_in
from tests.factories import ProviderFactory, UserFactory, make_credit_code, png_bytes, reviewer
from tests.voucher_factories import parameters_with
from workflow import services
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = [pytest.mark.django_db, pytest.mark.reviewed]

OVERVIEW = reverse("institutions:overview")
HOST = reverse("institutions:step", args=["host"])
BODY = reverse("institutions:step", args=["body"])
SUBMIT = reverse("institutions:submit")
WITHDRAW = reverse("institutions:withdraw")
NASTY = "'; DROP TABLE institutions_provider; -- <script>alert(1)</script>"


def scan(name="营业执照.png", content=None):
    return SimpleUploadedFile(name, png_bytes("teal") if content is None else content, "image/png")


def host_data(**changes):
    return {
        "version": "1",
        "action": "save",
        "host_name": "秦岭材料研究院",
        "host_code": make_credit_code(12345678),
        "host_type": "institute",
        "legal_representative": "李建国",
        "is_legal_person": "on",
        "city": "6101",
        "district": "雁塔区",
        "address": "科技路 1 号",
        "introduction": "从事新材料研究。",
        **changes,
    }


def body_data(**changes):
    return {
        "version": "1",
        "action": "save",
        "name": "秦岭材料研究院测试中心",
        "contact_name": "赵敏",
        "contact_phone": "029-88881234",
        "contact_email": "test@example.com",
        "website": "https://example.com/",
        "body_introduction": "面向社会开放。",
        "declares_registered": "on",
        "declares_network_member": "on",
        "declares_equipment": "on",
        "declares_service_rules": "on",
        **changes,
    }


@pytest.fixture
def account(client):
    account = UserFactory()
    client.force_login(account)
    return account


@pytest.fixture
def provider(client):
    provider = ProviderFactory()
    client.force_login(provider.account)
    return provider


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


def test_an_account_without_institution_is_invited_to_fill_it_in(client, account):
    response = client.get(OVERVIEW)
    assert response.status_code == 200
    assert "还没有填写机构信息" in response.content.decode()
    assert not Provider.objects.exists()


def test_the_first_save_makes_the_institution_and_stays_on_the_step(client, account):
    response = client.post(HOST, host_data(certificate=scan(), logo=scan("logo.png")), follow=True)
    assert response.redirect_chain == [(HOST, 302)]
    assert "已保存，尚未提交审核" in response.content.decode()
    provider = Provider.objects.get()
    assert (provider.account, provider.status, provider.version) == (account, SubmissionStatus.DRAFT, 1)
    assert provider.certificate.name == "营业执照.png"
    assert provider.certificate.owner == account
    assert provider.logo is not None
    # what is known already is not asked for again
    assert provider.name == "秦岭材料研究院"
    assert (provider.contact_name, provider.contact_email) == (account.contact_name, account.email)


def test_an_incomplete_draft_can_be_saved_and_left_for_the_next_step(client, account):
    response = client.post(HOST, {"version": "1", "action": "next", "host_name": "秦岭材料研究院"})
    assert (response.status_code, response.url) == (302, BODY)
    assert Provider.objects.get().host_name == "秦岭材料研究院"


def test_the_testing_body_follows_the_hosts_name_until_it_has_its_own(client, account):
    client.post(HOST, host_data(host_name="旧名"))
    client.post(HOST, host_data(host_name="新名"))
    assert Provider.objects.get().name == "新名"
    client.post(BODY, body_data(version="2", name="独立的检测中心"))
    client.post(HOST, host_data(host_name="又一个名字", version="3"))
    assert Provider.objects.get().name == "独立的检测中心"


CODE = make_credit_code(12345678)


@pytest.mark.parametrize(
    "typed",
    [f"  {CODE[:4]} {CODE[4:8]} {CODE[8:].lower()} ", "".join(chr(ord(char) + 0xFEE0) for char in CODE)],
    ids=["lower case and spaces", "full width"],
)
def test_codes_are_tidied_on_input(client, account, typed):
    assert client.post(HOST, host_data(host_code=typed)).status_code == 302
    assert Provider.objects.get().host_code == CODE


def test_an_organisation_code_with_its_hyphen_is_accepted(client, account):
    client.post(HOST, host_data(host_code="60003734-1"))
    assert Provider.objects.get().host_code == "600037341"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("host_code", "911100006000373410", "校验位"),
        ("host_code", "9111000060003734", "现在是 16 位"),
        ("host_code", "91110000600037341O", "不含字符“O”"),
        ("host_type", "kingdom", "“kingdom”不在可选范围内"),
        ("city", "3101", "“3101”不在可选范围内"),
        ("district", "浦东新区", "“浦东新区”不在可选范围内"),
        ("district", "王益区", "不属于所在城市"),
        ("host_name", "长" * 101, "最多 100 个字，现在有 101 个"),
        ("introduction", "长" * 2001, "最多 2000 个字"),
        ("address", "a\x00b", "空字符"),
    ],
)
def test_what_is_malformed_is_named_and_nothing_typed_is_lost(client, account, field, value, sentence):
    response = client.post(HOST, host_data(**{field: value, "action": "next"}))
    assert response.status_code == 200
    (said,) = errors_of(response)[field]
    assert sentence in said
    assert set(errors_of(response)) == {field}
    assert not Provider.objects.exists()
    assert response.context["form"]["legal_representative"].value() == "李建国"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("contact_phone", "12345", "请填写手机号码"),
        ("contact_email", "赵敏", "邮箱格式不对"),
        ("website", "javascript:alert(1)", "网址格式不对"),
    ],
)
def test_malformed_contacts_are_named_and_nothing_changes(client, provider, field, value, sentence):
    response = client.post(BODY, body_data(**{field: value}))
    (said,) = errors_of(response)[field]
    assert sentence in said
    stored = Provider.objects.get()
    assert (stored.version, getattr(stored, field)) == (1, getattr(provider, field))


@pytest.mark.parametrize("step", ["host", "body"])
def test_sql_and_script_in_every_text_field_are_kept_as_text(client, provider, step):
    url, data = (HOST, host_data()) if step == "host" else (BODY, body_data())
    texts = {
        "host": ["host_name", "legal_representative", "address", "introduction"],
        "body": ["name", "contact_name", "body_introduction"],
    }[step]
    limits = {"legal_representative": 30, "contact_name": 30}
    typed = {name: NASTY[: limits.get(name, 100)] for name in texts}
    assert client.post(url, data | typed).status_code == 302
    stored = Provider.objects.get()
    assert {name: getattr(stored, name) for name in texts} == typed
    for page in (url, OVERVIEW):
        text = client.get(page).content.decode()
        assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_a_code_of_another_province_warns_and_is_saved(client, account):
    outside = make_credit_code(12345678, region="110108")
    assert client.post(HOST, host_data(host_code=outside)).status_code == 302
    assert Provider.objects.get().host_code == outside
    assert "登记地不在陕西省" in client.get(HOST).content.decode()


def test_a_different_name_suggests_the_proof_without_demanding_it(client, provider):
    assert "建议上传隶属关系证明" in client.get(BODY).content.decode()
    assert provider.submission_problems() == {}
    # 下一步 and 完成 lead past the step, so the last question shows it too
    assert "建议上传隶属关系证明" in client.get(reverse("institutions:submit")).content.decode()


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (scan("营业执照.pdf"), "其实是PNG 图片"),
        (scan("营业执照.png", b"<html><script>alert(1)</script></html>"), "网页"),
        (scan("营业执照.png", b"x" * (12 * 1024 * 1024)), "超过 10 MB"),
    ],
    ids=["png named pdf", "html", "12 MB"],
)
def test_a_bad_scan_is_refused_and_the_old_one_stays(client, provider, upload, sentence):
    response = client.post(HOST, host_data(certificate=upload))
    assert sentence in errors_of(response)["certificate"][0]
    assert Provider.objects.get().certificate == provider.certificate
    assert PrivateFile.objects.count() == 1


def test_a_good_upload_survives_a_mistake_in_another_field(client, provider):
    response = client.post(HOST, host_data(host_code="123", certificate=scan("新证照.png")))
    assert set(errors_of(response)) == {"host_code"}
    assert Provider.objects.get().certificate == provider.certificate
    page = response.content.decode()
    assert "新证照.png" in page
    field = response.context["form"]["certificate"]
    token = str(field.kept_inputs).split('value="')[1].split('"')[0]
    assert client.post(HOST, host_data(**{"certificate-kept": token})).status_code == 302
    assert Provider.objects.get().certificate.name == "新证照.png"


def test_uploading_again_replaces_the_scan_and_keeps_the_old_file(client, provider):
    old = provider.certificate
    assert client.post(HOST, host_data(certificate=scan("新证照.png"))).status_code == 302
    assert Provider.objects.get().certificate.name == "新证照.png"
    assert PrivateFile.objects.filter(pk=old.pk).exists()


def test_a_stale_form_keeps_what_was_typed_and_overwrites_only_when_saved_again(client, provider):
    client.post(HOST, host_data(address="另一个页面改的"))
    response = client.post(HOST, host_data(address="这个页面改的"))
    assert "这条记录已在别的页面被修改" in response.content.decode()
    assert Provider.objects.get().address == "另一个页面改的"
    form = response.context["form"]
    assert form["address"].value() == "这个页面改的"
    assert form["version"].value() == "2"
    assert client.post(HOST, host_data(address="这个页面改的", version="2")).status_code == 302
    assert Provider.objects.get().address == "这个页面改的"


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40])
def test_a_form_without_a_proper_version_never_overwrites(client, provider, version):
    response = client.post(HOST, host_data(address="伪造的", version=version))
    assert response.status_code == 200
    assert Provider.objects.get().address == provider.address


def test_a_second_click_on_save_is_no_conflict(client, provider):
    for _click in range(2):
        assert client.post(HOST, host_data()).status_code == 302
    assert Provider.objects.get().version == 2


def test_finishing_an_incomplete_record_lists_everything_with_its_field(client, provider):
    Provider.objects.update(address="", host_type="", logo=None)
    unfinished = body_data(action="finish", contact_name="", declares_registered="")
    response = client.post(BODY, unfinished, follow=True)
    assert response.redirect_chain == [(f"{BODY}?check=1", 302)]
    problems = [(problem.sentence, problem.url) for problem in response.context["problems"]]
    assert problems == [
        ("请选择“单位类型”。", f"{HOST}?check=1#id_host_type"),
        ("请填写“详细地址”。", f"{HOST}?check=1#id_address"),
        ("请上传“Logo 或代表性照片”。", f"{HOST}?check=1#id_logo"),
        ("请填写“联系人”。", f"{BODY}?check=1#id_contact_name"),
        ("请确认“注册地址在省内”。", f"{BODY}?check=1#id_declares_registered"),
    ]
    assert "还差 5 项才能提交" in response.content.decode()
    assert errors_of(response)["contact_name"] == ["请填写“联系人”。"]
    assert [link.has_problems for link in response.context["step_links"]] == [True, True]
    assert Provider.objects.get().status == SubmissionStatus.DRAFT


def test_finishing_a_complete_record_asks_and_the_answer_submits_it(client, provider):
    response = client.post(BODY, body_data(action="finish"), follow=True)
    assert response.redirect_chain == [(SUBMIT, 302)]
    page = response.content.decode()
    assert "确定" in page
    assert "取消" in page
    assert "请等待运营部门在线审核" in page
    assert Provider.objects.get().status == SubmissionStatus.DRAFT

    response = client.post(SUBMIT, {"confirmed": "1", "version": "2"}, follow=True)
    assert response.redirect_chain == [(OVERVIEW, 302)]
    assert "已提交，请等待审核" in response.content.decode()
    assert Provider.objects.get().status == SubmissionStatus.PENDING


def test_without_the_answer_nothing_is_submitted(client, provider):
    assert client.post(SUBMIT, {"version": "1"}).status_code == 200
    assert Provider.objects.get().status == SubmissionStatus.DRAFT


def test_a_double_click_on_the_answer_submits_once_and_says_so(client, provider):
    answer = {"confirmed": "1", "version": "1"}
    client.post(SUBMIT, answer)
    response = client.post(SUBMIT, answer, follow=True)
    assert "这条记录已提交或已通过审核" in response.content.decode()
    assert ReviewTaskState.objects.count() == 1
    assert AuditEntry.objects.of(provider).filter(action="submit").count() == 1


def test_what_changed_after_the_question_is_not_submitted_unseen(client, provider):
    client.post(HOST, host_data(address="又改了"))
    response = client.post(SUBMIT, {"confirmed": "1", "version": "1"}, follow=True)
    assert response.redirect_chain == [(SUBMIT, 302)]
    assert "又有修改" in response.content.decode()
    assert Provider.objects.get().status == SubmissionStatus.DRAFT


def test_what_became_incomplete_after_the_question_is_not_submitted(client, provider):
    Provider.objects.update(address="")
    response = client.post(SUBMIT, {"confirmed": "1", "version": "1"})
    assert (response.status_code, response.url) == (302, f"{BODY}?check=1")
    assert Provider.objects.get().status == SubmissionStatus.DRAFT


def test_submit_and_withdraw_of_no_institution_are_not_found(client, account):
    assert client.get(SUBMIT).url == f"{BODY}?check=1"
    assert client.post(SUBMIT, {"confirmed": "1"}).status_code == 404
    assert client.post(WITHDRAW, {"confirmed": "1"}).status_code == 404


@pytest.mark.parametrize("state", ["pending", "approved"])
def test_a_submitted_record_is_only_read_until_withdrawn(client, state):
    provider = ProviderFactory(state=state)
    client.force_login(provider.account)
    assert client.get(HOST).url == OVERVIEW
    response = client.post(HOST, host_data(address="偷改", version=str(provider.version)))
    assert "请先点击“撤回并修改信息”" in response.content.decode()
    assert response.context["form"]["address"].value() == "偷改"
    assert Provider.objects.get().address == provider.address

    page = client.get(OVERVIEW).content.decode()
    assert {"pending": "待审核", "approved": "可接券"}[state] in page
    assert "撤回并修改信息" in page


def test_withdrawing_warns_first_and_then_opens_the_form(client):
    provider = ProviderFactory(approved=True)
    client.force_login(provider.account)
    assert client.get(WITHDRAW).status_code == 405
    response = client.post(WITHDRAW)
    assert "必须重新提交" in response.content.decode()
    assert "仪器也不再公开" in response.content.decode()
    assert Provider.objects.get().is_public

    response = client.post(WITHDRAW, {"confirmed": "1"})
    assert (response.status_code, response.url) == (302, HOST)
    provider = Provider.objects.get()
    assert (provider.status, provider.live) == (SubmissionStatus.DRAFT, False)

    response = client.post(WITHDRAW, {"confirmed": "1"}, follow=True)
    assert "现在不能撤回" in response.content.decode()


def test_a_returned_record_shows_the_reason_on_top_and_notes_at_their_fields(client, provider):
    provider = services.submit(record=provider, actor=provider.owner)
    decider = UserFactory(admin=True)
    services.return_for_changes(
        record=provider, actor=decider, reason="证照不清晰。", notes={"certificate": "看不清文字"}
    )
    response = client.get(HOST)
    page = response.content.decode()
    assert "证照不清晰。" in page
    assert page.index("证照不清晰。") < page.index("看不清文字")
    assert 'id="id_certificate_note"' in page
    assert [link.has_problems for link in response.context["step_links"]] == [True, False]
    overview = client.get(OVERVIEW).content.decode()
    assert "看不清文字" in overview
    # who reviewed stays unnamed
    assert decider.contact_name not in overview.split("办理记录")[1].split("审核人员")[0]


def test_an_image_bomb_is_refused(client, provider):
    buffer = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(buffer, "PNG")
    response = client.post(HOST, host_data(logo=scan("logo.png", buffer.getvalue())))
    assert "像素太多" in errors_of(response)["logo"][0]
    assert SiteImage.objects.count() == 1


@pytest.mark.parametrize("url", [OVERVIEW, HOST, BODY, SUBMIT, WITHDRAW])
@pytest.mark.parametrize("method", ["get", "post"])
def test_only_providers_have_these_steps_and_staff_have_no_institution(client, url, method):
    send = getattr(client, method)
    assert send(url).url.startswith(reverse("account_login"))
    if url in {HOST, BODY}:
        client.force_login(UserFactory(consumer=True))
        assert send(url).status_code == 404
    client.force_login(UserFactory(admin=True))
    assert send(url).url == reverse("wagtailadmin_home")
    assert not Provider.objects.exists()


def test_nobody_reaches_another_institution_through_these_pages(client, provider):
    other = ProviderFactory(host_name="别人的单位", address="别人的地址")
    assert "别人的" not in client.get(OVERVIEW).content.decode()
    client.post(HOST, host_data(pk=str(other.pk), id=str(other.pk), account=str(other.account_id)))
    other.refresh_from_db()
    assert (other.host_name, other.version) == ("别人的单位", 1)


def test_the_least_value_of_an_instrument_is_the_programmes_wherever_it_is_said(client):
    provider = ProviderFactory(pending=True)
    client.force_login(provider.account)
    label = "拥有单台（套）{} 万元以上的大型科学仪器设备"
    assert label.format(20) in client.get(OVERVIEW).text
    parameters_with(min_instrument_amount=Decimal(500000))
    staff = signed_in(reviewer())
    for page in (client.get(OVERVIEW).text, staff.get(provider.get_review_url()).text):
        assert label.format(50) in page
        assert label.format(20) not in page
    services.withdraw(record=provider, actor=provider.account)
    page = client.get(BODY).text
    assert label.format(50) in page
    assert label.format(20) not in page
    Provider.objects.update(declares_equipment=False)
    assert f"请确认“{label.format(50)}”。" in client.get(f"{BODY}?check=1").text


def test_the_overview_needs_few_queries(client, django_assert_max_num_queries):
    provider = ProviderFactory(approved=True)
    client.force_login(provider.account)
    client.get(OVERVIEW)
    with django_assert_max_num_queries(10):
        assert client.get(OVERVIEW).status_code == 200
