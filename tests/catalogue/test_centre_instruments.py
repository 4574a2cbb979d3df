"""仪器管理: list, detail, the three steps, deletion."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from catalogue.models import Instrument, InstrumentClass, InstrumentPhoto
from files.models import SiteImage
from tests.catalogue.centre import (
    CREATE,
    LIST,
    NASTY,
    address,
    basics,
    contact,
    errors_of,
    photo,
    service,
    step,
)
from tests.factories import InstrumentFactory, ProviderFactory, SiteImageFactory, UserFactory
from workflow import services
from workflow.models import AuditEntry, ReviewTaskState
from workflow.statuses import SubmissionStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(provider):
    return InstrumentFactory(provider=provider)


def test_the_first_save_stores_the_instrument_and_goes_on_at_its_own_address(client, provider):
    assert client.get(CREATE).status_code == 200
    assert not Instrument.objects.exists()
    response = client.post(CREATE, basics(action="next", photos=[photo(), photo("b.png", "red")]))
    instrument = Instrument.objects.get()
    assert (response.status_code, response.url) == (302, step(instrument, "service"))
    assert (instrument.provider, instrument.status) == (provider, SubmissionStatus.DRAFT)
    assert instrument.original_value_amount == Decimal("2680000.00")
    assert instrument.purchased_on == datetime.date(2021, 6, 30)
    assert instrument.photos.count() == 2


def test_an_empty_form_may_be_saved_and_left(client, provider):
    response = client.post(CREATE, {"version": "1", "action": "next"})
    assert response.status_code == 302
    instrument = Instrument.objects.get()
    assert "未命名仪器" in client.get(LIST).content.decode()
    assert "未命名仪器" in client.get(address("detail", instrument)).content.decode()


def test_the_three_steps_lead_to_the_question_and_to_one_submission(client, provider):
    client.post(CREATE, basics(action="next", photos=[photo()]))
    instrument = Instrument.objects.get()
    assert client.post(step(instrument, "service"), service(action="next")).url == step(instrument, "contact")
    response = client.post(step(instrument, "contact"), contact(version="2", action="finish"))
    assert response.url == address("submit", instrument)
    assert client.get(response.url).status_code == 200
    answer = {"confirmed": "1", "version": "3"}
    response = client.post(address("submit", instrument), answer, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert "已提交，请等待审核" in response.content.decode()
    response = client.post(address("submit", instrument), answer, follow=True)
    assert "这条记录已提交或已通过审核" in response.content.decode()
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.PENDING
    assert ReviewTaskState.objects.filter(record_title=instrument.name).count() == 1


def test_a_second_click_on_finish_asks_again_without_a_conflict(client, draft):
    for _click in range(2):
        response = client.post(step(draft, "contact"), contact(action="finish"))
        assert response.url == address("submit", draft)
    assert Instrument.objects.get().version == 2
    assert Instrument.objects.get().status == SubmissionStatus.DRAFT


def test_an_institution_not_yet_submitted_keeps_its_instruments_drafts_and_says_why(client):
    provider = ProviderFactory()
    client.force_login(provider.account)
    instrument = InstrumentFactory(provider=provider)
    response = client.post(step(instrument, "contact"), contact(action="finish"), follow=True)
    (problem,) = response.context["problems"]
    assert "机构信息还没有提交审核" in problem.sentence
    assert problem.url == reverse("institutions:overview")
    instrument.refresh_from_db()
    assert instrument.status == SubmissionStatus.DRAFT

    services.submit(record=provider, actor=provider.account)
    assert client.post(step(instrument, "contact"), contact(version="2", action="finish")).url == address(
        "submit", instrument
    )


def test_an_account_without_institution_is_sent_to_fill_it_in(client):
    client.force_login(UserFactory())
    assert "请先填写机构信息" in client.get(LIST).content.decode()
    response = client.post(CREATE, basics(), HTTP_REFERER=f"http://testserver{LIST}", follow=True)
    assert response.request["PATH_INFO"] == LIST
    assert "请先填写并保存机构信息" in response.content.decode()
    assert not Instrument.objects.exists()


def test_the_next_instrument_begins_with_what_the_last_one_had(client, draft):
    form = client.get(CREATE).context["form"]
    assert (form["city"].value(), form["district"].value()) == ("6101", "雁塔区")
    assert form["location"].value() == draft.location
    client.post(CREATE, basics())
    assert Instrument.objects.get(internal_number="YQ-2021-007").contact_name == draft.contact_name


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("2,680,000", "2680000.00"),
        ("２６８００００．５０", "2680000.50"),
        ("¥ 300 元", "300.00"),
        ("1，200", "1200.00"),
    ],
)
def test_amounts_are_understood_as_people_type_them(client, provider, typed, amount):
    assert client.post(CREATE, basics(original_value_amount=typed)).status_code == 302
    assert Instrument.objects.get().original_value_amount == Decimal(amount)


def test_dates_are_understood_as_people_type_them(client, provider):
    client.post(CREATE, basics(purchased_on="２０２１年6月30日"))
    assert Instrument.objects.get().purchased_on == datetime.date(2021, 6, 30)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("instrument_class", "888888", "仪器分类代码“888888”不存在，请从列表中选择。"),
        ("instrument_class", "010000", "仪器分类代码“010000”不存在，请从列表中选择。"),
        ("instrument_class", "' OR 1=1 --", "仪器分类代码“' OR 1=1 --”不存在，请从列表中选择。"),
        ("original_value_amount", "很贵", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("original_value_amount", "NaN", "请填写数字金额，单位元，如 120000 或 120,000.00。"),
        ("original_value_amount", "-5", "原值应大于 0 元。"),
        ("original_value_amount", "1" * 20, "金额太大，请核对单位是否为元。"),
        ("original_value_amount", "1.005", "金额最多保留两位小数（分）。"),
        ("purchased_on", "去年", "日期格式不对，应如 2021-06-30。"),
        ("purchased_on", "2999-01-01", "启用日期不能晚于今天。"),
        ("purchased_on", "0021-06-30", "启用日期早于 1950 年，请核对年份。"),
        ("run_hours", "8785", "一年最多 8784 小时，请核对。"),
        ("run_hours", "999999999999", "一年最多 8784 小时，请核对。"),
        ("served_hours", "很多", "请填写整数，如 5。"),
        (
            "disciplines",
            "物理",
            "请填写 1–4 个学科代码（GB/T 13745，3、5 或 7 位数字），用英文逗号分隔，如 150,43050。",
        ),
        ("equipment_kind", "best", "“best”不在可选范围内，请从列表中选择。"),
        ("district", "王益区", "所选区县不属于安放城市，请重新选择。"),
        ("source", "stolen", "“stolen”不在可选范围内，请从列表中选择。"),
        ("model", "x" * 101, "最多 100 个字，现在有 101 个，请删减。"),
        ("functions", "长" * 501, "最多 500 个字，现在有 501 个，请删减。"),
        ("name", "a\x00b", "含有看不见的空字符，请删除后重新输入。"),
    ],
)
def test_what_is_malformed_is_named_and_nothing_is_stored(client, provider, field, value, sentence):
    response = client.post(CREATE, basics(**{field: value, "action": "next"}))
    assert errors_of(response) == {field: [sentence]}
    assert not Instrument.objects.exists()
    kept = {name: response.context["form"][name].value() for name in ("manufacturer", "specifications")}
    assert kept == {"manufacturer": "日本电子", "specifications": "分辨率 0.6 nm"}


def test_what_the_national_platform_asks_for_is_optional_and_folded_away_while_empty(client, draft):
    assert not draft.submission_problems()
    assert not client.get(step(draft, "basics")).context["form"].shows_reported
    client.post(
        step(draft, "basics"), basics(run_hours="１，２００", served_hours="300", disciplines="１５０、43050")
    )
    draft.refresh_from_db()
    assert (draft.run_hours, draft.served_hours, draft.disciplines) == (1200, 300, "150,43050")
    assert (
        '<details class="form-section form-fold" open>' in client.get(step(draft, "basics")).content.decode()
    )
    response = client.post(step(draft, "basics"), basics(version="2", run_hours="100", served_hours="101"))
    assert errors_of(response) == {"served_hours": ["年服务机时不能多于年运行机时，请核对。"]}
    assert response.context["form"].shows_reported


def test_a_value_typed_in_units_of_ten_thousand_is_questioned_and_saved(client, draft):
    question = "原值只有 120 元，请核对：这里的单位是元，不是万元。"
    assert client.post(step(draft, "basics"), basics(original_value_amount="120")).status_code == 302
    draft.refresh_from_db()
    assert draft.original_value_amount == Decimal("120.00")
    assert question in client.get(step(draft, "basics")).content.decode()
    assert question in client.get(address("submit", draft)).content.decode()


def test_the_list_says_vouchers_can_be_used_only_of_what_is_public(client, provider):
    InstrumentFactory(provider=provider, approved=True)
    assert "可用</td>" in client.get(LIST).content.decode()
    services.withdraw(record=provider, actor=provider.account)
    assert "通过后可用" in client.get(LIST).content.decode()


def test_line_breaks_count_once(client, provider):
    text = "行\n" * 250
    assert client.post(CREATE, basics(functions=text.replace("\n", "\r\n"))).status_code == 302
    assert Instrument.objects.get().functions == text.strip()


def test_sql_and_script_in_every_text_field_are_kept_as_text(client, draft):
    steps = {
        "basics": (
            basics,
            ["name", "name_en", "internal_number", "model", "manufacturer", "origin", "location"],
        ),
        "service": (service, ["service_content", "price_list", "service_hours", "user_notice"]),
        "contact": (contact, ["contact_name"]),
    }
    texts = ["specifications", "functions", "sample_requirements"]
    for version, (slug, (data, names)) in enumerate(steps.items(), start=1):
        names = names + (texts if slug == "basics" else [])
        typed = {name: NASTY[: Instrument._meta.get_field(name).max_length] for name in names}
        if "internal_number" in typed:
            typed["internal_number"] = "<script>alert(1)</script>"
        assert client.post(step(draft, slug), data(**typed, version=str(version))).status_code == 302
        stored = Instrument.objects.get()
        assert {name: getattr(stored, name) for name in names} == typed
    for url in (LIST, address("detail", draft), *(step(draft, slug) for slug in steps)):
        assert "<script>alert" not in client.get(url).content.decode()


def test_an_internal_number_is_used_once_in_an_institution(client, draft):
    elsewhere = InstrumentFactory(internal_number="YQ-1")
    response = client.post(CREATE, basics(internal_number=f" {draft.internal_number} "))
    assert errors_of(response) == {
        "internal_number": [f"内部编号“{draft.internal_number}”已用于本单位的“{draft.name}”，请核对编号。"]
    }
    assert client.post(CREATE, basics(internal_number=elsewhere.internal_number)).status_code == 302


def test_a_number_taken_in_the_same_moment_is_said_and_nothing_is_stored(client, draft, monkeypatch):
    monkeypatch.setattr(
        "catalogue.forms.InstrumentBasicsForm.clean_internal_number", lambda form: draft.internal_number
    )
    response = client.post(CREATE, basics(internal_number=draft.internal_number))
    assert errors_of(response)["__all__"] == [
        f"内部编号“{draft.internal_number}”刚被本单位的另一条仪器记录使用，请核对后修改。"
    ]
    assert Instrument.objects.count() == 1


def test_a_first_level_class_that_is_not_divided_can_be_chosen(client, provider):
    choices = dict(client.get(CREATE).context["form"].fields["instrument_class"].choices)
    assert choices["990000"] == "其他仪器"
    assert client.post(CREATE, basics(instrument_class="990000")).status_code == 302
    assert Instrument.objects.get().instrument_class_id == "990000"


def test_the_classes_are_offered_by_group_and_third_levels_as_groups_of_their_own(client, provider):
    InstrumentClass.objects.create(code="010501", name="气相色谱仪", parent_id="010500")
    InstrumentClass.objects.create(code="010599", name="其他", parent_id="010500")
    choices = dict(client.get(CREATE).context["form"].fields["instrument_class"].choices)
    assert ("010200", "质谱仪器") in choices["分析仪器"]
    assert ("019900", "其他分析仪器") in choices["分析仪器"]
    assert choices["分析仪器 › 色谱仪器"] == [
        ("010500", "色谱仪器（不细分）"),
        ("010501", "气相色谱仪"),
        ("010599", "其他色谱仪器"),
    ]
    assert "010500" not in dict(choices["分析仪器"])
    assert client.post(CREATE, basics(instrument_class="010501")).status_code == 302
    assert Instrument.objects.get().instrument_class_id == "010501"


def test_vouchers_can_be_declined(client, draft):
    data = service()
    del data["accepts_vouchers"]
    client.post(step(draft, "service"), data)
    assert not Instrument.objects.get().accepts_vouchers
    assert "不可用创新券" in client.get(address("detail", draft)).content.decode()


# the list and the detail page


def test_the_list_shows_counts_by_state_and_filters(client, provider):
    InstrumentFactory(
        provider=provider, approved=True, name="气相色谱仪", internal_number="A-1", model="GC-2030"
    )
    InstrumentFactory(provider=provider, pending=True, name="扫描电镜", accepts_vouchers=False)
    InstrumentFactory(provider=provider, name="万能试验机", instrument_class_id="020100")
    InstrumentFactory(name="别人的仪器")

    def names(**query):
        return [instrument.name for instrument in client.get(LIST, query).context["page_obj"]]

    response = client.get(LIST)
    assert [(tab["label"], tab["count"]) for tab in response.context["tabs"]] == [
        ("全部", 3),
        ("未提交", 1),
        ("待审核", 1),
        ("已通过", 1),
        ("已退回", 0),
    ]
    assert names() == ["万能试验机", "扫描电镜", "气相色谱仪"]
    assert names(status="pending") == ["扫描电镜"]
    assert names(q="色谱") == names(q="a-1") == names(q="gc-20") == ["气相色谱仪"]
    assert names(group="020000") == ["万能试验机"]
    assert names(voucher="0") == ["扫描电镜"]
    assert names(q="别人") == []
    assert len(names(status="nonsense", group="x", voucher="9", page="-3")) == 3
    assert "没有符合条件的仪器" in client.get(LIST, {"q": "别人"}).content.decode()


def test_the_list_has_twenty_a_page_and_no_query_per_row(client, provider, django_assert_max_num_queries):
    InstrumentFactory.create_batch(3, provider=provider)
    client.get(LIST)
    with django_assert_max_num_queries(12) as few:
        client.get(LIST)
    InstrumentFactory.create_batch(19, provider=provider)
    client.get(LIST)  # makes the renditions
    with django_assert_max_num_queries(12) as many:
        response = client.get(LIST)
    assert len(response.context["page_obj"]) == 20
    assert len(many) == len(few)
    assert len(client.get(LIST, {"page": 2}).context["page_obj"]) == 2


def test_the_detail_page_needs_few_queries_however_many_photos(
    client, provider, django_assert_max_num_queries
):
    instrument = InstrumentFactory(provider=provider, approved=True)
    for _photo in range(7):
        InstrumentPhoto.objects.create(instrument=instrument, image=SiteImageFactory())
    client.get(address("detail", instrument))
    with django_assert_max_num_queries(12):
        response = client.get(address("detail", instrument))
    assert response.content.decode().count("<img src") >= 8


def test_the_detail_page_tells_the_history_without_naming_the_reviewer(client, provider):
    instrument = InstrumentFactory(provider=provider, pending=True)
    services.return_for_changes(
        record=instrument, actor=UserFactory(admin=True, contact_name="张审核"), reason="型号与铭牌不符。"
    )
    response = client.get(address("detail", instrument))
    events = [(event.title, event.actor, event.text) for event in response.context["events"]]
    assert events == [
        ("退回", "审核人员", "型号与铭牌不符。"),
        ("提交审核", provider.account.contact_name, ""),
    ]
    assert "张审核" not in response.content.decode()


# withdrawing and deleting


def test_withdrawing_takes_an_instrument_from_the_public(client, provider):
    instrument = InstrumentFactory(provider=provider, approved=True)
    assert "必须重新提交" in client.post(address("withdraw", instrument)).content.decode()
    assert Instrument.objects.public().get() == instrument
    response = client.post(address("withdraw", instrument), {"confirmed": "1"})
    assert response.url == step(instrument, "basics")
    assert not Instrument.objects.public().exists()
    assert SiteImage.objects.exists()


def test_a_draft_never_submitted_can_be_deleted_after_a_question(client, draft):
    assert "不能恢复" in client.post(address("delete", draft)).content.decode()
    assert Instrument.objects.exists()
    response = client.post(address("delete", draft), {"confirmed": "1"}, follow=True)
    assert response.redirect_chain == [(LIST, 302)]
    assert not Instrument.objects.exists()
    assert list(AuditEntry.objects.filter(action="delete").values_list("record_title", flat=True)) == [
        draft.name
    ]


@pytest.mark.parametrize("state", ["pending", "approved", "returned", "withdrawn"])
def test_what_a_reviewer_has_seen_is_not_deleted(client, provider, state):
    instrument = InstrumentFactory(provider=provider, state=state)
    assert (
        'data-confirm-dialog="delete-dialog"'
        not in client.get(address("detail", instrument)).content.decode()
    )
    response = client.post(address("delete", instrument), {"confirmed": "1"}, follow=True)
    assert "只有从未提交过的草稿可以删除" in response.content.decode()
    assert Instrument.objects.get().status == SubmissionStatus(instrument.status)


# who may come


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
@pytest.mark.parametrize("state", ["draft", "approved"])
def test_another_providers_instrument_is_not_found_at_any_address(client, provider, method, state):
    foreign = InstrumentFactory(state=state)
    urls = [
        *(address(name, foreign) for name in ("detail", "submit", "withdraw", "delete")),
        *(step(foreign, slug) for slug in ("basics", "service", "contact", "nonsense")),
    ]
    before = Instrument.objects.values().get(pk=foreign.pk)
    for url in urls:
        response = getattr(client, method)(
            url, {"confirmed": "1", "version": "1", "action": "save", "name": "改"}
        )
        # 405 where an address takes no such method from anybody
        assert response.status_code in {404, 405}, url
        if method == "post" and url != address("detail", foreign):
            assert response.status_code == 404, url
    assert Instrument.objects.values().get(pk=foreign.pk) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_providers_have_instrument_pages(client, method):
    instrument = InstrumentFactory()
    urls = [
        LIST,
        CREATE,
        *(address(name, instrument) for name in ("detail", "submit", "withdraw", "delete")),
        *(step(instrument, slug) for slug in ("basics", "service", "contact")),
    ]
    consumer, staff = UserFactory(consumer=True), UserFactory(admin=True)
    for url in urls:
        client.logout()
        assert getattr(client, method)(url).url.startswith(reverse("account_login")), url
        client.force_login(consumer)
        assert getattr(client, method)(url).status_code == 404, url
        client.force_login(staff)
        assert getattr(client, method)(url).url == reverse("wagtailadmin_home"), url
    assert Instrument.objects.get().version == 1


def test_an_unknown_step_is_not_found(client, draft):
    assert client.get(step(draft, "nonsense")).status_code == 404
    assert client.get(reverse("instruments:detail", args=[10**15])).status_code == 404
