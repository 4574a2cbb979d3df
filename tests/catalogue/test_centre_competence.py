"""检测资质管理 and 检测能力管理: what is particular to certificates and capabilities."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from catalogue.models import AttributeDefinition, Capability, Qualification, TestingField
from tests.catalogue.record_cases import CASES, data_for
from tests.factories import CapabilityFactory, QualificationFactory
from workflow import services

pytestmark = pytest.mark.django_db
CASE = {case.key: case for case in CASES}
TODAY = timezone.localdate


def in_days(days):
    return TODAY() + datetime.timedelta(days=days)


def certificate(**changes):
    return data_for(CASE["qualifications"], "certificate", **changes)


def ability(**changes):
    return data_for(CASE["capabilities"], "ability", **changes)


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


QUALIFICATIONS, CAPABILITIES = reverse("qualifications:list"), reverse("capabilities:list")
NEW_QUALIFICATION, NEW_CAPABILITY = reverse("qualifications:create"), reverse("capabilities:create")


# qualifications


def test_a_certificate_is_stored_as_typed_put_right(client, provider):
    client.post(NEW_QUALIFICATION, certificate())
    record = Qualification.objects.get()
    assert (record.certificate_number, record.kind) == ("L1234", "cnas")
    assert record.valid_from == datetime.date(2024, 1, 1)
    assert record.scan.owner == provider.account


def test_the_scan_is_shown_kept_and_can_be_uploaded_again(client, provider):
    record = QualificationFactory(provider=provider)
    step = reverse("qualifications:step", args=[record.pk, "certificate"])
    page = client.get(step).content.decode()
    assert "重新上传" in page
    assert record.scan.get_absolute_url() in page
    kept = certificate()
    del kept["scan"]
    client.post(step, kept)
    assert Qualification.objects.get().scan == record.scan
    client.post(step, certificate(version="2"))
    assert Qualification.objects.get().scan != record.scan


def test_a_scan_that_is_none_is_refused_and_nothing_is_stored(client, provider):
    fake = SimpleUploadedFile("证书.pdf", b"<html><script>alert(1)</script></html>", "application/pdf")
    response = client.post(NEW_QUALIFICATION, certificate() | {"scan": fake})
    assert "网页" in errors_of(response)["scan"][0]
    assert not Qualification.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("kind", "iso", "“iso”不在可选范围内，请从列表中选择。"),
        ("valid_to", "2023-12-31", "“有效期至”早于“有效期自”，请核对证书上的日期。"),
        ("valid_to", "长期", "日期格式不对，应如 2021-06-30。"),
        ("valid_from", "0024-01-01", "日期早于 1985 年，请核对年份。"),
        ("scope", "长" * 1001, "最多 1000 个字，现在有 1001 个，请删减。"),
    ],
)
def test_a_wrong_certificate_is_named_and_nothing_is_stored(client, provider, field, value, sentence):
    response = client.post(NEW_QUALIFICATION, certificate(**{field: value}))
    assert errors_of(response) == {field: [sentence]}
    assert not Qualification.objects.exists()


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        (-800, -1, "这项资质已过期，不能提交审核。"),
        (-800, 0, "这项资质还有 0 天到期"),
        (-800, 60, "这项资质还有 60 天到期"),
        (-800, 4000, "有效期超过 10 年，请核对年份。"),
        (3, 800, "有效期从将来开始，请核对证书上的日期。"),
    ],
)
def test_a_term_that_looks_wrong_is_questioned(client, provider, begins, ends, sentence):
    record = QualificationFactory(provider=provider, valid_from=in_days(begins), valid_to=in_days(ends))
    step = reverse("qualifications:step", args=[record.pk, "certificate"])
    assert sentence in client.get(step).content.decode()


def test_the_same_certificate_twice_is_questioned(client, provider):
    QualificationFactory(provider=provider, certificate_number="L1234", name="旧的")
    QualificationFactory(certificate_number="L1234")
    client.post(NEW_QUALIFICATION, certificate())
    record = Qualification.objects.latest("pk")
    page = client.get(reverse("qualifications:step", args=[record.pk, "certificate"])).content.decode()
    assert "本单位的“旧的”也是这个证书编号" in page


def test_an_expired_certificate_is_not_submitted(client, provider):
    record = QualificationFactory(provider=provider, valid_to=in_days(-1))
    response = client.get(reverse("qualifications:submit", args=[record.pk]), follow=True)
    (problem,) = response.context["problems"]
    assert problem.sentence == "这项资质已过期，不能提交。请填写换发后的证书信息。"
    assert problem.url.endswith("/certificate/?check=1#id_valid_to")


def test_the_list_flags_and_filters_by_validity(client, provider):
    for name, days in {"过期": -1, "将到": 60, "有效": 61}.items():
        QualificationFactory(provider=provider, name=name, valid_to=in_days(days), kind="cnas")
    QualificationFactory(provider=provider, name="未知", valid_to=None)

    def names(**query):
        return [record.name for record in client.get(QUALIFICATIONS, query).context["page_obj"]]

    page = client.get(QUALIFICATIONS).content.decode()
    assert "即将到期，还有 60 天" in page
    assert "已过期</span>" in page
    assert names(validity="expired") == ["过期"]
    assert names(validity="expiring") == ["将到"]
    assert names(validity="valid") == ["有效"]
    assert names(kind="cma") == ["未知"]


# capabilities


def test_a_standards_number_is_stored_as_it_is_searched_for(client, provider):
    client.post(NEW_CAPABILITY, ability())
    record = Capability.objects.get()
    assert (record.standard_number, record.field_id) == ("GB/T 228.1-2021", "010100")


def test_the_fields_are_offered_by_group_and_third_levels_as_groups_of_their_own(client, provider):
    TestingField.objects.create(code="010101", name="钢铁", parent_id="010100")
    select = client.get(NEW_CAPABILITY).context["form"].fields["field"]
    choices = dict(select.choices)
    assert ("010200", "高分子材料") in choices["材料"]
    assert ("019900", "其他材料") in choices["材料"]
    assert choices["材料 › 金属材料"] == [("010100", "金属材料（不细分）"), ("010101", "钢铁")]
    assert choices["990000"] == "其他"
    assert 'data-filter-options="输入名称筛选领域，如“金属”"' in client.get(NEW_CAPABILITY).content.decode()
    assert client.post(NEW_CAPABILITY, ability(field="010101")).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("field", "888888", "检测领域代码“888888”不存在，请从列表中选择。"),
        ("field", "010000", "检测领域代码“010000”不存在，请从列表中选择。"),
        ("field", "01\x000100", "检测领域代码“010100”不存在，请从列表中选择。"),
        ("qualification", "99999", "所选资质不存在或不属于本单位，请重新选择。"),
        ("qualification", "x", "所选资质不存在或不属于本单位，请重新选择。"),
        ("standard_number", "9" * 61, "最多 60 个字，现在有 61 个，请删减。"),
    ],
)
def test_a_wrong_capability_is_named_and_nothing_is_stored(client, provider, field, value, sentence):
    response = client.post(NEW_CAPABILITY, ability(**{field: value}))
    assert errors_of(response) == {field: [sentence]}
    assert not Capability.objects.exists()


def test_what_staff_ask_for_in_a_field_becomes_a_step_once_the_field_is_chosen(client, provider):
    definition = AttributeDefinition.objects.create(
        testing_field_id="010100", name="最大试验力", kind="number"
    )
    assert client.get(NEW_CAPABILITY).context["step_count"] == 1
    response = client.post(NEW_CAPABILITY, ability(action="finish"))
    record = Capability.objects.get()
    step = reverse("capabilities:step", args=[record.pk, "attributes"])
    assert response.url == step
    data = {"version": "1", "action": "finish", definition.field_name: "600"}
    assert client.post(step, data).url == reverse("capabilities:submit", args=[record.pk])
    record.refresh_from_db()
    assert record.attributes == {definition.key: "600"}


def test_only_ones_own_qualifications_can_be_named(client, provider):
    own = QualificationFactory(provider=provider, certificate_number="L1", valid_to=in_days(-1))
    foreign = QualificationFactory(approved=True)
    choices = [
        label for value, label in client.get(NEW_CAPABILITY).context["form"].fields["qualification"].choices
    ]
    assert choices == ["请选择", "检验检测机构资质认定证书 · L1 · 已过期"]
    response = client.post(NEW_CAPABILITY, ability(qualification=foreign.pk))
    assert errors_of(response) == {"qualification": ["所选资质不存在或不属于本单位，请重新选择。"]}
    client.post(NEW_CAPABILITY, ability(qualification=own.pk))
    record = Capability.objects.get()
    assert record.qualification == own
    page = client.get(reverse("capabilities:step", args=[record.pk, "ability"])).content.decode()
    assert "所选资质已过期" in page


def test_the_next_capability_begins_in_the_field_and_with_the_qualification_of_the_last(client, provider):
    qualification = QualificationFactory(provider=provider)
    CapabilityFactory(provider=provider, field_id="030100", qualification=qualification)
    form = client.get(NEW_CAPABILITY).context["form"]
    assert (form["field"].value(), form["qualification"].value()) == ("030100", qualification.pk)
    assert (form["object_name"].value(), form["parameter"].value()) == ("", "")


def test_a_capability_entered_twice_is_questioned(client, provider):
    twin = CapabilityFactory(provider=provider)
    record = CapabilityFactory(provider=provider)
    step = reverse("capabilities:step", args=[record.pk, "ability"])
    assert "请核对是否重复填写" in client.get(step).content.decode()
    Capability.objects.filter(pk=twin.pk).update(parameter="屈服强度")
    assert "请核对是否重复填写" not in client.get(step).content.decode()


def test_the_list_is_narrowed_by_field_and_standard(client, provider):
    CapabilityFactory(provider=provider)
    CapabilityFactory(provider=provider, field_id="030100", parameter="化学需氧量", standard_number="HJ 828")

    def parameters(**query):
        return [record.parameter for record in client.get(CAPABILITIES, query).context["page_obj"]]

    assert parameters(group="030000") == parameters(q="hj 8") == ["化学需氧量"]
    assert parameters(q="228.1") == ["抗拉强度"]


def test_an_approved_capability_keeps_its_state_when_its_qualification_is_withdrawn(client, provider):
    qualification = QualificationFactory(provider=provider, approved=True)
    CapabilityFactory(provider=provider, approved=True, qualification=qualification)
    services.withdraw(record=qualification, actor=provider.account)
    assert Capability.objects.public().get().qualification == qualification
