"""A provider's year: exact figures, the subsidy line by line, who confirms, disputes and answers, and that confirmed is fixed."""

from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from openpyxl import load_workbook

from accounts.models import Message
from figures import services
from figures.exceptions import FiguresError
from figures.models import ProviderYear
from figures.provider_years import compute_year
from figures.year_figures import Served, YearFigures, subsidy_of
from orders.services.evaluations import hide_evaluation
from programme.models import ProgrammeParameters
from programme.selectors import current_parameters
from programme.subsidy import parse_bands
from tests import order_factories as deals
from tests.consumer_factories import ConsumerFactory
from tests.factories import (
    InstrumentFactory,
    ProviderFactory,
    TestingServiceFactory,
    UserFactory,
    auditor,
    reviewer,
)
from tests.voucher_factories import a_pool, a_voucher, manager, move, parameters_with
from vouchers import services as vouchers
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db
BANDS = "1000 5%\n5000 10%\n100000 8000元"


def signed_in(account):
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def provider():
    """2025: two testing orders of 900 yuan, one invoiced over 800, paid with a voucher and evaluated; 补录 of 1,000 with an instrument. Then 2026."""
    with time_machine.travel("2025-06-02 10:00+08:00"):
        a_pool()
        service = TestingServiceFactory(approved=True, provider__approved=True)
        instrument = InstrumentFactory(provider=service.provider, approved=True)
        payer, other = ConsumerFactory(approved=True), ConsumerFactory(approved=True)
        paid = deals.an_order("completed", offer=service, consumer=payer)
        deals.an_evaluation(paid, quality=5, speed=4, service=4)
        voucher = a_voucher(consumer=payer)
        deals.an_invoice(paid, amount=Decimal(800))
        move(vouchers.reserve, voucher, "400", order_number=paid.number)
        move(vouchers.redeem, voucher, "400", order_number=paid.number)
        booking = deals.a_booking(offer=service, consumer=other)
        direct = deals.a_direct_order(offer=instrument, consumer=other)
    with time_machine.travel("2025-06-04 10:00+08:00"):
        order = deals.place(deals.accept(booking))
        direct = deals.orders.accept_order(order=direct, actor=service.provider.account)
        deals.orders.deliver(order=direct, actor=service.provider.account)
    with time_machine.travel("2025-06-20 10:00+08:00"):
        for one in (order, direct):
            if one is order:
                deals.orders.deliver(order=one, actor=service.provider.account)
            one.refresh_from_db()
            deals.orders.confirm(order=one, actor=one.consumer.account)
    with time_machine.travel("2026-02-02 10:00+08:00"):
        parameters_with(subsidy_bands=BANDS, subsidy_base="all")
        yield service.provider


def opened(provider):
    return services.open_year(provider=provider, year=2025, actor=None)


def test_a_year_has_what_was_delivered_how_well_and_how_timely(provider):
    found = compute_year(provider, 2025, current_parameters())
    assert found.kinds == {
        "instrument": Served(1, Decimal(1000), 0, Decimal(0)),
        "testing": Served(2, Decimal(1800), 1, Decimal(800)),
        "lab": Served(0, Decimal(0), 0, Decimal(0)),
    }
    assert found.total == Served(3, Decimal(2800), 1, Decimal(800))
    assert (found.consumers, found.evaluations, found.mean_stars) == (2, 1, Decimal("4.33"))
    # the second was due ten days after 4 June
    assert (found.timed, found.on_time, found.on_time_percent) == (2, 1, Decimal("50.0"))
    assert (found.answered, found.answer_days) == (2, Decimal("1.0"))
    assert YearFigures.from_json(found.as_json()).as_json() == found.as_json()


def test_hidden_evaluations_and_other_years_do_not_count(provider):
    evaluation = provider.orders.get(evaluation__isnull=False).evaluation
    hide_evaluation(evaluation=evaluation, actor=deals.mediator(), reason="与服务无关")
    found = compute_year(provider, 2025, current_parameters())
    assert (found.evaluations, found.mean_stars) == (0, None)
    empty = compute_year(provider, 2026, current_parameters())
    assert (empty.total.count, empty.consumers, empty.timed, empty.on_time_percent) == (0, 0, 0, None)


@pytest.mark.parametrize(
    ("bands", "base", "ceiling", "amount", "lines"),
    [
        (BANDS, "all", None, "140.00", ["计补基数：全部完成的订单 3 份，共 2,800 元。", "达到 1,000 元一档：服务金额的 5%，计 140 元。", "运行补助：140 元。"]),
        (BANDS, "vouchers", None, "0.00", ["计补基数：用创新券结算的订单 1 份，共 800 元。", "未达到最低一档的 1,000 元，运行补助为 0 元。"]),
        ("", "all", None, "0.00", ["计补基数：全部完成的订单 3 份，共 2,800 元。", "项目参数没有设置运行补助档次，运行补助为 0 元。"]),
        ("2800 33.33%", "all", "900", "900.00", ["计补基数：全部完成的订单 3 份，共 2,800 元。", "达到 2,800 元一档：服务金额的 33.33%，计 933.24 元。", "超过每家机构上限，按上限 900 元计。", "运行补助：900 元。"]),
        ("100 1%\n2000 500元", "all", None, "500.00", ["计补基数：全部完成的订单 3 份，共 2,800 元。", "达到 2,000 元一档：定额 500 元，计 500 元。", "运行补助：500 元。"]),
    ],
)  # fmt: skip
def test_the_subsidy_is_explained_line_by_line(bands, base, ceiling, amount, lines):
    parameters = ProgrammeParameters(
        subsidy_bands=bands, subsidy_base=base, subsidy_ceiling_amount=Decimal(ceiling) if ceiling else None
    )
    total = Served(3, Decimal(2800), 1, Decimal(800))
    assert subsidy_of(total, parameters) == (Decimal(amount), lines)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("很多 5%", "第 1 档“很多 5%”看不懂"),
        ("1000 5", "看不懂"),
        ("1000 101%", "第 1 档的比例不能大于 100%。"),
        ("1000 5%\n1000 6%", "第 2 档的起点应大于上一档"),
        ("\n".join(f"{number}000 5%" for number in range(1, 12)), "最多填写 10 档。"),
    ],
)
def test_bands_that_make_no_sense_are_refused_with_the_line(text, sentence):
    with pytest.raises(ValidationError) as refusal:
        parse_bands(text)
    assert sentence in " ".join(refusal.value.messages)


def test_bands_may_be_written_as_people_write_them():
    assert [
        (band.least, band.percent, band.fixed) for band in parse_bands("100,000元 5％\n\n 500000： 30,000元 ")
    ] == [
        (Decimal(100_000), Decimal(5), None),
        (Decimal(500_000), None, Decimal(30_000)),
    ]


def test_opening_a_year_asks_every_provider_once(provider, capsys):
    ProviderFactory(approved=True)
    call_command("open_provider_year", "2025")
    call_command("open_provider_year", "2025")
    assert capsys.readouterr().out == "1 years opened\n0 years opened\n"
    one = ProviderYear.objects.get()
    assert (one.provider, one.status, one.served_amount, one.subsidy_amount) == (
        provider,
        "open",
        Decimal(2800),
        Decimal(140),
    )
    message = Message.objects.get(recipient=provider.account, subject="请核对 2025 年度服务情况")
    assert message.link == "/centre/figures/2025/"


def test_the_year_is_among_what_waits_for_the_provider_until_it_answers(provider):
    one = opened(provider)
    client = signed_in(provider.account)
    assert 'href="/centre/figures/2025/"' in client.get("/centre/").content.decode()
    services.dispute_year(provider_year=one, actor=provider.account, text="少了一份")
    assert 'href="/centre/figures/2025/"' not in client.get("/centre/").content.decode()


def test_a_year_that_is_not_over_is_not_opened(provider):
    with pytest.raises(CommandError, match="2026 年还没有结束"):
        call_command("open_provider_year", "2026")
    assert not ProviderYear.objects.exists()


def test_one_year_of_a_provider_at_most(provider):
    one = opened(provider)
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_the_provider_confirms_what_it_sees_after_being_asked(provider):
    one = opened(provider)
    client = signed_in(provider.account)
    page = client.get("/centre/figures/2025/").content.decode()
    assert "达到 1,000 元一档：服务金额的 5%，计 140 元。" in page
    asked = client.post("/centre/figures/2025/", {"confirm": "1"}).content.decode()
    assert "确定这些数字无误吗？服务金额 2,800 元，运行补助 140 元。" in asked
    assert ProviderYear.objects.get().status == "open"
    client.post("/centre/figures/2025/", {"confirmed": "1", "seen_at": one.computed_at.isoformat()})
    one.refresh_from_db()
    assert (one.status, one.confirmed_at is not None) == ("confirmed", True)
    entry = AuditEntry.objects.of(one).first()
    assert (entry.action, entry.actor, entry.reason) == (
        "confirm_figures",
        provider.account,
        "服务金额 2,800 元，运行补助 140 元",
    )


def test_figures_that_changed_meanwhile_are_not_confirmed(provider):
    one = opened(provider)
    with pytest.raises(FiguresError, match="刚刚更新过"):
        services.confirm_year(provider_year=one, actor=provider.account, seen_at="2026-01-01T00:00:00+00:00")
    assert ProviderYear.objects.get().status == "open"


def test_confirmed_figures_stay_as_they_are(provider):
    one = opened(provider)
    services.confirm_year(provider_year=one, actor=provider.account, seen_at=one.computed_at.isoformat())
    parameters_with(subsidy_bands="1 50%")
    before = ProviderYear.objects.values().get()
    for refused in (
        lambda: services.recompute_year(provider_year=one, actor=manager()),
        lambda: services.answer_year(provider_year=one, actor=manager(), text="更正"),
        lambda: services.dispute_year(provider_year=one, actor=provider.account, text="少了"),
        lambda: services.confirm_year(
            provider_year=one, actor=provider.account, seen_at=one.computed_at.isoformat()
        ),
    ):
        with pytest.raises(FiguresError, match="现在是“已确认”"):
            refused()
    assert ProviderYear.objects.values().get() == before


def test_a_dispute_is_answered_with_figures_computed_anew(provider):
    opened(provider)
    staff = manager()
    client = signed_in(provider.account)
    refused = client.post("/centre/figures/2025/", {"text": " "})
    assert refused.status_code == 422
    client.post("/centre/figures/2025/", {"text": "漏了一份 11 月的订单"})
    one = ProviderYear.objects.get()
    assert (one.status, one.dispute) == ("disputed", "漏了一份 11 月的订单")
    assert Message.objects.filter(recipient=staff, subject__startswith="年度服务情况有异议").count() == 1
    parameters_with(subsidy_bands="1000 6%")
    office = signed_in(staff)
    office.post(f"/admin/provider-years/{one.pk}/answer/", {"text": "已核对，补助比例更正。"})
    one.refresh_from_db()
    assert (one.status, one.subsidy_amount, one.answer) == ("open", Decimal(168), "已核对，补助比例更正。")
    assert one.parameters == current_parameters()
    entry = AuditEntry.objects.of(one).first()
    assert (entry.action, entry.changes) == (
        "reply",
        {"status": ["disputed", "open"], "subsidy_amount": ["140.00", "168.00"]},
    )
    assert Message.objects.filter(recipient=provider.account, subject__contains="异议已答复").count() == 1


def test_a_confirmed_year_is_opened_again_with_a_reason_and_confirmed_anew(provider):
    one = opened(provider)
    client, office = signed_in(provider.account), signed_in(manager())
    address = f"/admin/provider-years/{one.pk}/reopen/"
    # not confirmed yet: nothing to open
    assert office.get(address, follow=True).content.decode().count("机构还没有确认，不需要重新开放。") == 1
    services.confirm_year(provider_year=one, actor=provider.account, seen_at=one.computed_at.isoformat())
    page = office.get(f"/admin/figures/provideryear/inspect/{one.pk}/").content.decode()
    assert address in page
    assert "重新统计</button>" not in page
    parameters_with(subsidy_bands="1000 4%")
    page = office.get(address).content.decode()
    assert "机构会看到，并需要重新确认。" in page
    assert "服务金额 2,800 元，运行补助 140 元，" in page
    refused = office.post(address, {"text": " "})
    assert (refused.status_code, "请填写重新开放核对的原因" in refused.content.decode()) == (422, True)
    assert ProviderYear.objects.get().status == "confirmed"
    office.post(address, {"text": "一份订单的创新券已追回。"})
    one.refresh_from_db()
    assert (one.status, one.confirmed_at, one.subsidy_amount) == ("open", None, Decimal(112))
    entry = AuditEntry.objects.of(one).first()
    assert (entry.action, entry.reason, entry.changes) == (
        "reopen_figures",
        "一份订单的创新券已追回。",
        {"status": ["confirmed", "open"], "subsidy_amount": ["140.00", "112.00"]},
    )
    told = Message.objects.get(recipient=provider.account, subject="2025 年度服务情况请重新核对")
    assert "一份订单的创新券已追回。" in told.body
    page = client.get("/centre/figures/2025/").content.decode()
    assert "管理部门重新开放了核对" in page
    assert "一份订单的创新券已追回。" in page
    client.post("/centre/figures/2025/", {"confirmed": "1", "seen_at": one.computed_at.isoformat()})
    assert ProviderYear.objects.get().status == "confirmed"


def test_a_dispute_after_that_is_a_dispute_like_any(provider):
    one = opened(provider)
    services.confirm_year(provider_year=one, actor=provider.account, seen_at=one.computed_at.isoformat())
    services.reopen_year(provider_year=one, actor=manager(), text="补录了订单。")
    one = services.dispute_year(provider_year=one, actor=provider.account, text="仍少一份")
    assert (one.status, one.dispute, one.answer) == ("disputed", "仍少一份", "")


def test_nobody_but_those_who_settle_opens_a_year_again(provider):
    one = opened(provider)
    services.confirm_year(provider_year=one, actor=provider.account, seen_at=one.computed_at.isoformat())
    for account in (provider.account, reviewer(), auditor()):
        with pytest.raises(FiguresError, match="没有处理年度服务情况的权限"):
            services.reopen_year(provider_year=one, actor=account, text="x")
    with pytest.raises(FiguresError, match="请填写重新开放核对的原因"):
        services.reopen_year(provider_year=one, actor=manager(), text="  ")
    assert ProviderYear.objects.get().status == "confirmed"


def test_only_the_provider_itself_confirms_and_disputes(provider):
    one = opened(provider)
    other = ProviderFactory(approved=True).account
    for account in (other, manager(), UserFactory(admin=True)):
        with pytest.raises(FiguresError, match="只有接券机构自己"):
            services.confirm_year(provider_year=one, actor=account, seen_at=one.computed_at.isoformat())
        with pytest.raises(FiguresError, match="只有接券机构自己"):
            services.dispute_year(provider_year=one, actor=account, text="少了")
    assert ProviderYear.objects.get().status == "open"


def test_another_providers_year_is_not_found(provider):
    opened(provider)
    client = signed_in(ProviderFactory(approved=True).account)
    assert client.get("/centre/figures/2025/").status_code == 404
    assert client.post("/centre/figures/2025/", {"text": "x"}).status_code == 404
    assert "还没有可核对的年度" in client.get("/centre/figures/").content.decode()
    assert signed_in(ConsumerFactory(approved=True).account).get("/centre/figures/").status_code == 404


def test_reviewers_and_auditors_read_and_change_nothing(provider):
    one = opened(provider)
    for account in (reviewer(), auditor()):
        client = signed_in(account)
        page = client.get(f"/admin/figures/provideryear/inspect/{one.pk}/").content.decode()
        assert "运行补助：140 元。" in page
        assert "重新统计" not in page
        for address in (f"/admin/provider-years/{one.pk}/compute/", "/admin/provider-years/open/"):
            assert client.post(address, {"year": "2025", "confirmed": "1"}).status_code == 302
    assert AuditEntry.objects.of(one).count() == 1


def test_staff_open_a_year_after_being_asked(provider, django_capture_on_commit_callbacks):
    client = signed_in(manager())
    asked = client.post("/admin/provider-years/open/", {"year": "2025"}).content.decode()
    assert "通知 1 家机构核对" in asked
    assert not ProviderYear.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/admin/provider-years/open/", {"year": "2025", "confirmed": "1"})
    assert ProviderYear.objects.get().provider == provider


def test_recomputing_tells_the_provider_only_of_other_numbers(provider):
    one = opened(provider)
    client = signed_in(manager())
    client.post(f"/admin/provider-years/{one.pk}/compute/")
    assert not Message.objects.filter(subject__contains="已重新统计").exists()
    parameters_with(subsidy_bands="1000 7%")
    client.post(f"/admin/provider-years/{one.pk}/compute/")
    assert Message.objects.filter(subject__contains="已重新统计").count() == 1
    assert ProviderYear.objects.get().subsidy_amount == Decimal(196)


def test_the_list_is_filtered_and_exported(provider, django_assert_num_queries):
    opened(provider)
    client = signed_in(auditor())
    address = "/admin/figures/provideryear/"
    assert provider.name in client.get(f"{address}?year=2025&status__exact=open").content.decode()
    assert provider.name not in client.get(f"{address}?status__exact=confirmed").content.decode()
    response = client.get(f"{address}?export=xlsx")
    book = load_workbook(
        BytesIO(b"".join(response.streaming_content) if response.streaming else response.content)
    )
    heads, row = list(book.active.iter_rows(values_only=True))
    found = dict(zip(heads, row, strict=True))
    assert (found["年度"], found["服务金额（元）"], found["运行补助（元）"], found["平均评分"]) == (
        2025,
        2800,
        140,
        4.33,
    )
    with django_assert_num_queries(14):
        client.get(address)


def test_the_queries_of_the_providers_page(provider, django_assert_num_queries):
    opened(provider)
    client = signed_in(provider.account)
    client.get("/centre/figures/2025/")
    with django_assert_num_queries(4):
        client.get("/centre/figures/2025/")


def test_the_years_page_lists_own_years(provider):
    opened(provider)
    page = signed_in(provider.account).get("/centre/figures/").content.decode()
    assert '<a href="/centre/figures/2025/">2025 年度</a>' in page
    assert "待确认" in page
