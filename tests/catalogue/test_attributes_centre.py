"""The step 专业参数: asked for by class, saved by kind, and what a reviewer reads of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from catalogue.models import AttributeDefinition, Instrument, TestingService
from tests.conftest import signed_in
from tests.factories import (
    AttributeFactory,
    InstrumentFactory,
    TestingServiceFactory,
    bring_to,
    reviewer,
    seen,
)
from workflow import services
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """One attribute of each kind for mass spectrometers, one of all analysers, and one of another class."""
    made = {
        "mass": AttributeFactory(
            name="质量范围", unit="amu", kind="range", instrument_class_id="010200", is_required=True
        ),
        "resolution": AttributeFactory(name="分辨率", unit="", kind="number", instrument_class_id="010200"),
        "source": AttributeFactory(
            name="离子源",
            unit="",
            kind="choice",
            choices="EI\nCI\nESI",
            instrument_class_id="010200",
            is_required=True,
        ),
        "vacuum": AttributeFactory(name="可抽真空", unit="", kind="boolean", instrument_class_id="010000"),
        "note": AttributeFactory(
            name="配套软件", unit="", kind="text", instrument_class_id="010200", help_text="名称与版本"
        ),
    }
    AttributeFactory(name="加速电压", instrument_class_id="010100")
    return made


@pytest.fixture
def instrument(asked):
    return InstrumentFactory()


@pytest.fixture
def owner(instrument):
    return signed_in(instrument.owner)


def step_url(instrument, slug="attributes"):
    return reverse("instruments:step", args=[instrument.pk, slug])


def posted(instrument, asked, action="save", **values):
    data = {"version": Instrument.objects.get(pk=instrument.pk).version, "action": action}
    for name, value in values.items():
        field = asked[name].field_name
        data |= (
            dict(zip((f"{field}_low", f"{field}_high"), value, strict=True))
            if name == "mass"
            else {field: value}
        )
    return data


def test_the_step_stands_second_with_a_field_for_each_attribute_of_the_class(owner, instrument, asked):
    page = owner.get(step_url(instrument))
    assert [link.label for link in page.context["step_links"]] == [
        "基本信息",
        "专业参数",
        "服务信息",
        "负责人信息",
    ]
    form = page.context["form"]
    assert [field.label for field in form.visible_fields()] == [
        "可抽真空",
        "质量范围",
        "分辨率",
        "离子源",
        "配套软件",
    ]
    assert '<legend class="field__label">质量范围' in page.text
    assert 'aria-label="下限"' in page.text
    assert '<span class="affix">amu</span>' in page.text
    assert "名称与版本" in page.text
    assert set(page.context["required"]) >= {asked["mass"].field_name, asked["source"].field_name}


def test_without_attributes_for_the_class_there_is_no_such_step(owner, instrument):
    Instrument.objects.filter(pk=instrument.pk).update(instrument_class="020100")
    assert owner.get(step_url(instrument)).status_code == 404
    page = owner.get(step_url(instrument, "basics"))
    assert "专业参数" not in [link.label for link in page.context["step_links"]]
    assert owner.get(reverse("instruments:create")).status_code == 200


def test_values_are_saved_as_meant_and_shown_again(owner, instrument, asked):
    data = posted(
        instrument,
        asked,
        mass=("１.6", "1,050 amu"),
        resolution="0.80",
        source="EI",
        vacuum="否",
        note="MassHunter 10",
    )
    assert owner.post(step_url(instrument), data).status_code == 302
    instrument.refresh_from_db()
    assert instrument.attributes == {
        asked["mass"].key: ["1.6", "1050"],
        asked["resolution"].key: "0.8",
        asked["source"].key: "EI",
        asked["vacuum"].key: False,
        asked["note"].key: "MassHunter 10",
    }
    text = owner.get(step_url(instrument)).text
    assert 'value="1.6"' in text
    assert '<option value="EI" selected>' in text
    data = posted(instrument, asked, mass=("", ""), resolution="", source="", vacuum="", note="")
    owner.post(step_url(instrument), data)
    instrument.refresh_from_db()
    assert instrument.attributes == {}
    entry = AuditEntry.objects.of(instrument).filter(action="save").first()
    assert entry.get_changes_display() == (
        "质量范围：1.6–1050 amu → （空）；分辨率：0.8 → （空）；离子源：EI → （空）；可抽真空：否 → （空）；"
        "配套软件：MassHunter 10 → （空）"
    )


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(owner, instrument, asked):
    page = owner.post(
        step_url(instrument),
        posted(instrument, asked, mass=("1050", "1.6"), resolution="高", source="MALDI", vacuum="也许"),
    )
    errors = page.context["form"].errors
    assert errors[asked["mass"].field_name] == ["“质量范围（amu）”的下限大于上限，请核对。"]
    assert errors[asked["resolution"].field_name] == ["“分辨率”请填写数字，如 0.8。"]
    assert errors[asked["source"].field_name] == ["“离子源”没有“MALDI”这个选项，可选：EI、CI、ESI。"]
    assert errors[asked["vacuum"].field_name] == ["“可抽真空”请填写“是”或“否”。"]
    assert 'value="1050"' in page.text
    instrument.refresh_from_db()
    assert (instrument.attributes, instrument.version) == ({}, 1)


def test_completeness_asks_for_what_is_required_and_leads_there(
    owner, instrument, asked, django_assert_max_num_queries
):
    assert instrument.submission_problems() == {
        asked["mass"].field_name: ["请填写“质量范围（amu）”。"],
        asked["source"].field_name: ["请选择“离子源”。"],
    }
    with django_assert_max_num_queries(1):
        instrument.attribute_book = type(instrument.attribute_book).of(Instrument)
        for _again in range(3):
            instrument.attribute_book.missing(instrument)
    response = owner.get(f"{step_url(instrument, 'contact')}?check=1")
    problems = {problem.label: problem.url for problem in response.context["problems"]}
    assert problems == {
        "质量范围": f"{step_url(instrument)}?check=1#id_{asked['mass'].field_name}",
        "离子源": f"{step_url(instrument)}?check=1#id_{asked['source'].field_name}",
    }
    checked = owner.get(f"{step_url(instrument)}?check=1")
    assert f'id="id_{asked["mass"].field_name}"' in checked.text
    assert checked.context["form"].errors[asked["mass"].field_name] == ["请填写“质量范围（amu）”。"]


def test_a_changed_class_leaves_old_values_alone(owner, instrument, asked):
    owner.post(step_url(instrument), posted(instrument, asked, mass=("1", "2"), source="EI", vacuum="是"))
    instrument.refresh_from_db()
    kept = instrument.attributes
    instrument.instrument_class_id = "010100"
    services.save_draft(record=instrument, actor=instrument.owner, version=instrument.version)
    voltage = AttributeDefinition.objects.get(name="加速电压")
    page = owner.get(step_url(instrument))
    assert [field.label for field in page.context["form"].visible_fields()] == ["可抽真空", "加速电压"]
    data = {
        "version": instrument.version,
        voltage.field_name: "30",
        asked["vacuum"].field_name: "是",
        asked["note"].field_name: "不是这一类的",
    }
    owner.post(step_url(instrument), data)
    instrument.refresh_from_db()
    assert instrument.attributes == {**kept, voltage.key: "30"}
    assert instrument.submission_problems() == {}
    instrument = bring_to(instrument, "approved")
    public = owner.get(instrument.get_absolute_url()).text
    assert "加速电压" in public
    assert "1–2 amu" not in public


def test_choices_that_are_gone_stay_valid_where_they_are_stored(owner, instrument, asked):
    owner.post(step_url(instrument), posted(instrument, asked, mass=("1", "2"), source="CI"))
    AttributeDefinition.objects.filter(pk=asked["source"].pk).update(choices="EI\nESI")
    page = owner.get(step_url(instrument))
    assert '<option value="CI" selected>CI（原有选项）</option>' in page.text
    owner.post(step_url(instrument), posted(instrument, asked, mass=("1", "3"), source="CI"))
    instrument.refresh_from_db()
    assert instrument.attributes[asked["source"].key] == "CI"
    assert instrument.attributes[asked["mass"].key] == ["1", "3"]
    assert instrument.submission_problems() == {}
    owner.post(step_url(instrument), posted(instrument, asked, mass=("1", "3"), source="EI"))
    page = owner.post(step_url(instrument), posted(instrument, asked, mass=("1", "3"), source="CI"))
    assert "没有“CI”这个选项" in page.text


def test_a_reviewer_sees_values_their_changes_and_retired_ones_and_may_remark_on_each(
    owner, instrument, asked
):
    owner.post(
        step_url(instrument), posted(instrument, asked, mass=("1.6", "1050"), source="EI", note="旧版")
    )
    instrument = services.withdraw(
        record=bring_to(Instrument.objects.get(pk=instrument.pk), "approved"), actor=instrument.owner
    )
    AttributeDefinition.objects.filter(pk=asked["note"].pk).update(retired_at=timezone.now())
    owner.post(step_url(instrument), posted(instrument, asked, mass=("1.6", "1200"), source="EI"))
    instrument = services.submit(record=Instrument.objects.get(pk=instrument.pk), actor=instrument.owner)
    judge = signed_in(reviewer())
    page = judge.get(instrument.get_review_url())
    section = page.context["sections"][-1]
    assert section.title == "专业参数"
    assert [(row.label, row.old, row.new, row.changed) for row in section.rows] == [
        ("可抽真空", "", "", False),
        ("质量范围（amu）", "1.6–1050 amu", "1.6–1200 amu", True),
        ("分辨率", "", "", False),
        ("离子源", "EI", "EI", False),
        ("配套软件（已停用）", "旧版", "旧版", False),
    ]
    name = asked["mass"].field_name
    judge.post(
        page.context["decide_url"],
        {
            "decision": "return",
            **seen(instrument),
            f"note-{name}": "与铭牌不符",
            "note-attribute-99999": "没有这一项",
        },
    )
    instrument.refresh_from_db()
    assert instrument.return_notes == {name: "与铭牌不符"}
    assert "<b>质量范围（amu）</b>：与铭牌不符" in owner.get(instrument.get_centre_url()).text
    step = owner.get(step_url(instrument))
    assert "与铭牌不符" in step.text
    AttributeDefinition.objects.filter(pk=asked["mass"].pk).update(retired_at=timezone.now())
    assert owner.get(instrument.get_centre_url()).status_code == 200


def test_services_have_those_of_their_field(owner, instrument):
    AttributeFactory(
        name="最大试验力", unit="kN", instrument_class_id=None, testing_field_id="010000", is_required=True
    )
    service = TestingServiceFactory(provider=instrument.provider)
    assert list(service.submission_problems().values()) == [["请填写“最大试验力（kN）”。"]]
    page = owner.get(reverse("testing:step", args=[service.pk, "attributes"]))
    assert [field.label for field in page.context["form"].visible_fields()] == ["最大试验力"]
    assert TestingService.objects.get().attributes == {}


def test_pages_of_a_record_cost_no_query_more_for_many_attributes(
    owner, instrument, asked, django_assert_num_queries
):
    def count(url):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        owner.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert owner.get(url).status_code == 200
        return len(queries)

    urls = [step_url(instrument), instrument.get_centre_url(), f"{step_url(instrument)}?check=1"]
    before = [count(url) for url in urls]
    for _more in range(10):
        AttributeFactory(instrument_class_id="010200", is_required=True)
    assert [count(url) for url in urls] == before


def test_what_staff_write_as_help_is_text_and_no_markup(owner, instrument, asked):
    AttributeDefinition.objects.filter(pk=asked["note"].pk).update(
        help_text="<img src=x onerror=alert(1)>", name="<b>配套</b>", unit="<i>"
    )
    page = owner.get(step_url(instrument)).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page
    assert "<b>配套</b>" not in page
