"""检测服务管理 and 实验服务管理: instruments, prices, and what is questioned."""

from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import LabService, TestingService
from tests.catalogue.record_cases import CASES, data_for
from tests.factories import (
    InstrumentFactory,
    LabServiceFactory,
    TestingServiceFactory,
    reviewer,
)
from workflow import services
from workflow.differences import review_rows
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
CASE = next(case for case in CASES if case.key == "testing")
NEW = reverse("testing:create")


def info(**changes):
    return data_for(CASE, "info", **changes)


def terms(**changes):
    return data_for(CASE, "terms", **changes)


def step(record, slug):
    return reverse("testing:step", args=[record.pk, slug])


def errors_of(response):
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


@pytest.fixture
def draft(provider):
    return TestingServiceFactory(provider=provider)


# instruments


def test_ones_own_instruments_can_be_ticked_and_unticked(client, provider, draft):
    one, two = (InstrumentFactory(provider=provider, internal_number=number) for number in ("A-1", "A-2"))
    InstrumentFactory(internal_number="B-1")
    labels = [str(label) for _value, label in client.get(NEW).context["form"].fields["instruments"].choices]
    assert sorted(labels) == [
        f"气相色谱质谱联用仪 · 7890B-5977A · {number} · 未提交" for number in ("A-1", "A-2")
    ]
    client.post(step(draft, "info"), info(instruments=[one.pk, two.pk]))
    assert set(draft.instruments.all()) == {one, two}
    client.post(step(draft, "info"), info(version="2", instruments=[two.pk]))
    assert list(TestingService.objects.get().instruments.all()) == [two]
    changes = AuditEntry.objects.of(draft).filter(action="save").latest("pk").changes
    assert changes["instruments"] == [[one.pk, two.pk], [two.pk]]
    client.post(step(draft, "terms"), terms(version="3"))
    assert list(TestingService.objects.get().instruments.all()) == [two]


@pytest.mark.parametrize("value", ["99999", "x", "9" * 30, "-1", "\x00", "1.5"])
def test_an_instrument_that_is_not_ones_own_is_refused(client, draft, value):
    response = client.post(step(draft, "info"), info(instruments=[value]))
    assert errors_of(response) == {"instruments": ["所选仪器不存在或不属于本单位，请重新选择。"]}
    foreign = InstrumentFactory(approved=True)
    response = client.post(step(draft, "info"), info(instruments=[foreign.pk]))
    assert errors_of(response) == {"instruments": ["所选仪器不存在或不属于本单位，请重新选择。"]}
    assert TestingService.objects.get().version == 1
    assert not draft.instruments.exists()


def test_three_hundred_instruments_cost_no_query_each_and_can_be_filtered(
    client, provider, draft, django_assert_max_num_queries
):
    chosen = InstrumentFactory(provider=provider, internal_number="旧-1")
    draft.instruments.add(chosen)
    draft.save()
    InstrumentFactory._meta.model.objects.bulk_create(
        InstrumentFactory.build(provider=provider, internal_number=f"C-{n}") for n in range(300)
    )
    with django_assert_max_num_queries(14):
        response = client.get(step(draft, "info"))
    page = response.content.decode()
    assert page.count('name="instruments"') == 301
    assert page.index("旧-1") < page.index("C-1")
    assert 'data-filter-checks="输入名称、型号或编号筛选仪器"' in page


def test_the_latest_thousand_instruments_are_offered_and_those_ticked_always(
    client, provider, draft, monkeypatch
):
    monkeypatch.setattr("catalogue.forms.fields.MOST_OFFERED", 2)
    oldest = InstrumentFactory(provider=provider, internal_number="老")
    draft.instruments.add(oldest)
    draft.save()
    InstrumentFactory.create_batch(3, provider=provider)
    page = client.get(step(draft, "info")).content.decode()
    assert page.count('name="instruments"') == 3
    assert "只列出最近修改的" in page
    client.post(step(draft, "info"), info(instruments=[oldest.pk]))
    assert list(draft.instruments.all()) == [oldest]


def test_a_provider_without_instruments_is_told_that_it_may_go_on(client, draft):
    assert "本单位还没有录入仪器" in client.get(step(draft, "info")).content.decode()
    assert client.post(step(draft, "info"), info()).status_code == 302


def test_the_instruments_pass_through_review_unchanged(client, provider, draft):
    instruments = InstrumentFactory.create_batch(2, provider=provider, approved=True)
    client.post(step(draft, "info"), info(instruments=[one.pk for one in instruments]))
    services.submit(record=draft, actor=provider.account)
    services.approve(record=draft, actor=reviewer())
    assert set(TestingService.objects.public().get().instruments.all()) == set(instruments)


# terms


def test_the_terms_are_understood_as_people_type_them(client, draft):
    client.post(
        step(draft, "terms"),
        terms(price_amount="￥２００", price_max_amount="1，500 元", turnaround_days="１０"),
    )
    draft.refresh_from_db()
    assert (draft.price_amount, draft.price_max_amount) == (Decimal("200.00"), Decimal("1500.00"))
    assert draft.turnaround_days == 10
    assert draft.price_label == "200–1,500 元/样品"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("price_max_amount", "199", "最高价格不能低于价格，请核对。"),
        ("price_amount", "0", "价格应大于 0 元。"),
        ("price_amount", "面议", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("price_kind", "free", "“free”不在可选范围内，请从列表中选择。"),
        ("price_unit", "kg", "“kg”不在可选范围内，请从列表中选择。"),
        ("turnaround_days", "0", "服务周期至少 1 个工作日。"),
        ("turnaround_days", "751", "服务周期最多 750 个工作日，请核对。"),
        ("turnaround_days", "三天", "请填写整数，如 5。"),
        ("turnaround_days", "-3", "不能小于 0。"),
        ("turnaround_days", "9" * 400, "请填写整数，如 5。"),
        ("turnaround_days", "999999999999", "服务周期最多 750 个工作日，请核对。"),
        ("contact_phone", "12", None),
    ],
)
def test_wrong_terms_are_named_and_nothing_is_stored(client, draft, field, value, sentence):
    response = client.post(step(draft, "terms"), terms(**{field: value}))
    assert list(errors_of(response)) == [field]
    if sentence:
        assert errors_of(response)[field] == [sentence]
    assert TestingService.objects.get().version == 1


@pytest.mark.parametrize(
    ("changes", "field", "question"),
    [
        ({"price_amount": "2"}, "price_amount", "价格只有 2 元，请核对"),
        ({"price_amount": "1000000", "price_max_amount": ""}, "price_amount", "价格高达 1,000,000 元"),
        ({"price_max_amount": "4001"}, "price_max_amount", "最高价格超过最低价格的 20 倍"),
        ({"price_kind": "fixed"}, "price_max_amount", "最高价格不会公开"),
        ({"price_kind": "agreement"}, "price_kind", "填写的价格不会公开"),
    ],
)
def test_terms_that_look_wrong_are_questioned_and_saved(client, draft, changes, field, question):
    assert client.post(step(draft, "terms"), terms(**changes)).status_code == 302
    response = client.get(step(draft, "terms"))
    assert question in response.context["warnings"][field]
    assert question in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"price_amount": "", "price_max_amount": ""}, {"price_amount", "price_max_amount"}),
        ({"price_kind": "fixed", "price_max_amount": "", "price_unit": ""}, {"price_unit"}),
        ({"price_kind": "agreement", "price_amount": "", "price_max_amount": "", "price_unit": ""}, set()),
        ({"price_kind": ""}, {"price_kind"}),
    ],
)
def test_what_a_price_needs_depends_on_its_kind(client, draft, changes, problems):
    client.post(step(draft, "terms"), terms(**changes))
    draft.refresh_from_db()
    assert set(draft.submission_problems()) == problems


def rows_of(record, previous=None):
    return {row.name: row for section in review_rows(record, previous) for row in section.rows}


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("fixed", {"price_amount", "price_unit"}),
        ("range", {"price_amount", "price_max_amount", "price_unit"}),
        ("agreement", set()),
        ("", {"price_amount", "price_max_amount", "price_unit"}),
    ],
)
def test_a_review_leaves_out_the_prices_that_are_not_asked_for(draft, kind, asked):
    draft.price_kind, draft.price_amount, draft.price_unit = kind, None, ""
    assert set(rows_of(draft)) & {"price_amount", "price_max_amount", "price_unit"} == asked


def test_a_review_shows_a_price_that_is_given_or_was_taken_away(draft):
    draft.price_kind, draft.price_max_amount = "fixed", Decimal("300.00")
    assert rows_of(draft)["price_max_amount"].new == "300"
    now = TestingService.objects.get()
    row = rows_of(now, previous=draft)["price_max_amount"]
    assert (row.old, row.new, row.changed) == ("300", "", True)
    assert "price_max_amount" not in rows_of(now, previous=now)


def test_a_new_service_begins_with_the_contact_of_the_last_or_of_the_institution(client, provider):
    client.post(NEW, info())
    first = TestingService.objects.get()
    assert (first.contact_name, first.contact_phone) == (provider.contact_name, provider.contact_phone)
    client.post(step(first, "terms"), terms(version="1"))
    client.post(NEW, info(internal_number="X-2"))
    second = TestingService.objects.latest("pk")
    assert (second.contact_name, second.contact_phone) == ("周强", "029-88885678")
    assert client.get(NEW).context["form"]["field"].value() == "010100"
    client.post(reverse("labs:create"), info())
    assert LabService.objects.get().contact_name == provider.contact_name


def test_the_list_is_narrowed_by_field_vouchers_and_standard(client, provider):
    TestingServiceFactory(provider=provider, name="拉伸")
    TestingServiceFactory(
        provider=provider, name="水质", field_id="030100", accepts_vouchers=False, methods="HJ 828"
    )
    LabServiceFactory(provider=provider, name="实验")

    def names(**query):
        return [record.name for record in client.get(reverse("testing:list"), query).context["page_obj"]]

    assert names() == ["水质", "拉伸"]
    assert names(group="030000") == names(voucher="0") == names(q="hj 828") == ["水质"]
